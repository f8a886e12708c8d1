//! The audit log as it is stored and read (L01).

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Action, AuditId, CorrelationId, Time};

/// Who did what to what, and what came of it. Ids and digests, never message text. Words are texts here, not enums:
/// an entry that an older or a newer program wrote, or that somebody has been at, must still be readable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Which.
    pub id: AuditId,
    /// Its place in the chain, from 1; `None` for the second or so until it is sealed.
    pub number: Option<i64>,
    /// When.
    pub at: Time,
    /// What was done or refused.
    pub action: String,
    /// Who, if a person.
    pub actor: Option<Uuid>,
    /// `visitor`, `person` or `system`.
    pub actor_kind: String,
    /// Where it came in.
    pub surface: String,
    /// The address it came from; empty when there is none or it was erased.
    pub address: String,
    /// The kind of thing it was aimed at; empty when there is none.
    pub target_kind: String,
    /// Which.
    pub target: Option<Uuid>,
    /// `done` or `refused`.
    pub outcome: String,
    /// What came of it, where `done` says only that it was noted, such as `failed`. Read from the changes, and no part of
    /// what is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// Ids and digests.
    pub changes: Json,
    /// What ties it to all that followed.
    pub correlation: CorrelationId,
}

impl AuditEntry {
    /// What the changes say of how it ended: of a delivery that did not arrive, whether it failed, was given up or left
    /// out.
    pub fn summed_up(&self) -> Option<String> {
        let delivered = self.action == Action::DeliverWebhooks.as_str() && self.outcome == "done";
        let end = delivered.then(|| self.changes.get("end")?.get(0)?.as_str()).flatten();
        end.filter(|end| *end != "arrived").map(ToOwned::to_owned)
    }
}

/// A SHA-256, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What the first entry of a chain follows: 64 zeros.
    pub const GENESIS: Self = Self([0; 32]);
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("a SHA-256 is 64 hexadecimal digits, not {text:?}");
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// An entry with its seal, as stored: as it was sealed, or what somebody made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedEntry {
    /// What was sealed.
    pub entry: AuditEntry,
    /// The seal of the entry before it.
    pub previous: Option<Digest>,
    /// Its own seal.
    pub hash: Option<Digest>,
    /// What the address was salted with; gone when the address was erased.
    pub address_salt: Option<Vec<u8>>,
    /// SHA-256 of salt and address: what the chain knows of the address.
    pub address_digest: Option<Digest>,
}

/// A place in the chain: its end, or the last entry of an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainPlace {
    /// The number of the entry there; 0 before the first.
    pub number: i64,
    /// Its seal.
    pub hash: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_survives_its_text() {
        let digest = Digest(std::array::from_fn(|at| u8::try_from(at * 7).unwrap()));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(Digest::GENESIS.to_string(), "0".repeat(64));
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }
}
