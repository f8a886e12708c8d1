use std::fmt::Write;

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::domain::audit::{AuditEntry, Digest};

/// The version of the canonical text, its first element.
const VERSION: &str = "thunderline audit 1";

/// What is sealed of an entry: one JSON array on one line, without spaces, members of objects in the order of their
/// names (by bytes), text escaped no more than JSON demands. Its elements:
///
/// `[version, id, at, action, actor_kind, actor, surface, address, target_kind, target, outcome, rule, changes,
/// correlation]`: `at` in microseconds since 1970, `address` the digest of the salted address, ids as lower-case
/// UUIDs, `null` for what is absent. The number is not in it: an entry's place is what it follows.
pub fn canonical(entry: &AuditEntry, address: Option<&Digest>) -> String {
    let mut text = String::with_capacity(512);
    let id = |id: uuid::Uuid| Json::String(id.to_string());
    let word = |word: &str| Json::String(word.to_owned());
    let parts = [
        word(VERSION),
        id(entry.id.into()),
        Json::from(entry.at.micros()),
        word(&entry.action),
        word(&entry.actor_kind),
        entry.actor.map_or(Json::Null, id),
        word(&entry.surface),
        address.map_or(Json::Null, |digest| Json::String(digest.to_string())),
        word(&entry.target_kind),
        entry.target.map_or(Json::Null, id),
        word(&entry.outcome),
        entry.rule.as_deref().map_or(Json::Null, word),
        entry.changes.clone(),
        id(entry.correlation.into()),
    ];
    write(&mut text, &Json::Array(parts.into()));
    text
}

/// Writes JSON in its one canonical form.
fn write(text: &mut String, json: &Json) {
    match json {
        Json::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(text, item);
            }
            text.push(']');
        }
        Json::Object(members) => {
            // Sorted here: whether a map keeps its order is a feature that any dependency may switch on.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| name.as_bytes());
            text.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(text, &Json::String(name.clone()));
                text.push(':');
                write(text, value);
            }
            text.push('}');
        }
        scalar => {
            // Writing to a string does not fail.
            let _ = write!(text, "{scalar}");
        }
    }
}

/// What the chain knows of an address.
pub(super) fn address_digest(salt: &[u8], address: &str) -> Digest {
    Digest(Sha256::new().chain_update(salt).chain_update(address).finalize().into())
}

/// The seal of a canonical text that follows `previous`.
pub(super) fn hash(previous: &Digest, canonical: &str) -> Digest {
    Digest(Sha256::new().chain_update(previous.to_string()).chain_update(canonical).finalize().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{AuditId, CorrelationId, Time};

    fn entry() -> AuditEntry {
        AuditEntry {
            id: AuditId::from(Uuid::from_u128(1)),
            number: Some(7),
            at: Time::from_micros(1_767_225_600_000_000),
            action: "channel.post".to_owned(),
            actor: Some(Uuid::from_u128(2)),
            actor_kind: "person".to_owned(),
            surface: "page".to_owned(),
            address: "192.0.2.1".to_owned(),
            target_kind: "message".to_owned(),
            target: Some(Uuid::from_u128(3)),
            outcome: "done".to_owned(),
            summary: None,
            rule: Some("a \"rule\"\u{7f}é".to_owned()),
            changes: json!({ "b": [1, null, { "z": true, "a": -2 }], "a": "x" }),
            correlation: CorrelationId::from(Uuid::from_u128(4)),
        }
    }

    // L08: this text is what third parties rely on. It never changes; a new form is a new version.
    #[test]
    fn the_canonical_text_is_written_down_here() {
        let digest = address_digest(b"salt", "192.0.2.1");
        let expected = format!(
            "[\"thunderline audit 1\",\"00000000-0000-0000-0000-000000000001\",1767225600000000,\"channel.post\",\
             \"person\",\"00000000-0000-0000-0000-000000000002\",\"page\",\"{digest}\",\"message\",\
             \"00000000-0000-0000-0000-000000000003\",\"done\",\"a \\\"rule\\\"\u{7f}é\",\
             {{\"a\":\"x\",\"b\":[1,null,{{\"a\":-2,\"z\":true}}]}},\"00000000-0000-0000-0000-000000000004\"]"
        );
        assert_eq!(canonical(&entry(), Some(&digest)), expected);
    }

    // L08: printf '%s%s' 00…0 '[]' | sha256sum
    #[test]
    fn a_seal_is_what_sha256sum_says() {
        let said = "424bb79f048ecda0ef926d14025e1501fb4a725123196599853141791a37050a";
        assert_eq!(hash(&Digest::GENESIS, "[]").to_string(), said);
    }

    #[test]
    fn every_part_of_an_entry_is_sealed() {
        let whole = canonical(&entry(), None);
        let edits: [fn(&mut AuditEntry); 11] = [
            |entry| entry.id = AuditId::fresh(),
            |entry| entry.at = entry.at.plus(1),
            |entry| entry.action.push('x'),
            |entry| entry.actor = None,
            |entry| entry.actor_kind.push('x'),
            |entry| entry.surface.push('x'),
            |entry| entry.target_kind.push('x'),
            |entry| entry.target = None,
            |entry| entry.outcome.push('x'),
            |entry| entry.rule = None,
            |entry| entry.changes = json!({}),
        ];
        for (at, edit) in edits.into_iter().enumerate() {
            let mut changed = entry();
            edit(&mut changed);
            assert_ne!(canonical(&changed, None), whole, "edit {at}");
        }
        assert_ne!(canonical(&entry(), Some(&Digest::GENESIS)), whole);
    }
}
