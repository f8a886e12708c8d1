use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::entry::{address_digest, canonical, hash};
use crate::domain::{
    AuditId, Time,
    audit::{Digest, SealedEntry},
};

/// One sealed entry as an export or an archive holds it: one JSON object a line. The address is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its place in the chain.
    pub number: i64,
    /// The seal of the entry before it.
    pub previous: Digest,
    /// Its own: SHA-256 of `previous` and `canonical`, one after the other.
    pub hash: Digest,
    /// What was sealed.
    pub canonical: String,
}

impl Line {
    /// The line of an entry, if it is sealed.
    pub fn of(sealed: &SealedEntry) -> Option<Self> {
        let (number, previous, hash) = (sealed.entry.number?, sealed.previous?, sealed.hash?);
        Some(Self { number, previous, hash, canonical: canonical(&sealed.entry, sealed.address_digest.as_ref()) })
    }
}

/// What the chain must know of an entry, wherever it was read.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Where it stands.
    pub number: i64,
    /// Which entry it is; `None` when that cannot be read.
    pub id: Option<AuditId>,
    /// When it was written.
    pub at: Option<Time>,
    /// What it follows.
    pub previous: Option<Digest>,
    /// Its seal.
    pub hash: Option<Digest>,
    /// Whether the seal is that of its content.
    pub sound: bool,
    /// Whether its address was erased.
    pub erased: bool,
}

impl From<&SealedEntry> for Link {
    fn from(sealed: &SealedEntry) -> Self {
        let SealedEntry { entry, previous, hash: seal, address_salt, address_digest: digest } = sealed;
        let address = match (address_salt, digest) {
            (Some(salt), Some(digest)) => address_digest(salt, &entry.address) == *digest,
            (Some(_), None) => false,
            (None, _) => entry.address.is_empty(),
        };
        let wanted = previous.as_ref().map(|previous| hash(previous, &canonical(entry, digest.as_ref())));
        Self {
            number: entry.number.unwrap_or_default(),
            id: Some(entry.id),
            at: Some(entry.at),
            previous: *previous,
            hash: *seal,
            sound: address && wanted.is_some() && wanted == *seal,
            erased: address_salt.is_none() && digest.is_some(),
        }
    }
}

impl From<&Line> for Link {
    fn from(line: &Line) -> Self {
        let parts: Vec<Json> = serde_json::from_str(&line.canonical).unwrap_or_default();
        Self {
            number: line.number,
            id: parts.get(1).and_then(Json::as_str).and_then(|id| id.parse().ok()),
            at: parts.get(2).and_then(Json::as_i64).map(Time::from_micros),
            previous: Some(line.previous),
            hash: Some(line.hash),
            sound: hash(&line.previous, &line.canonical) == line.hash,
            erased: false,
        }
    }
}
