//! Entries as rows.

use serde_json::Value as Json;

use super::super::{Bind, Cell, Column, FromRow, Kind, Row, StoreError, Value};
use crate::domain::audit::{AuditEntry, Digest, SealedEntry};

/// The columns of an entry, for statements.
macro_rules! entry_columns {
    () => {
        "id, number, at, action, actor, actor_kind, surface, address, target_kind, target, outcome, rule, changes, correlation"
    };
}
pub(super) use entry_columns;

/// Text that should be JSON. What somebody made of it must not stop the one who looks for exactly that.
struct Changes(Json);

impl Column for Changes {
    fn column(cell: Cell<'_>) -> Result<Self, String> {
        let text = super::super::text(cell)?;
        let read = serde_json::from_str(text).ok().filter(|json| says_only(text, json));
        Ok(Self(read.unwrap_or_else(|| Json::String(text.to_owned()))))
    }
}

/// Whether a text says this JSON and nothing else: a member that stands twice is read once, and a letter can be written in
/// several ways. PostgreSQL, which keeps no text, puts a blank behind each colon and comma.
fn says_only(text: &str, json: &Json) -> bool {
    let (mut length, mut before, mut inside, mut escaped) = (0, ' ', false, false);
    for c in text.chars() {
        if !inside && c == ' ' && matches!(before, ':' | ',') {
            before = c;
            continue;
        }
        length += c.len_utf8();
        inside ^= c == '"' && !escaped;
        escaped = inside && c == '\\' && !escaped;
        before = c;
    }
    let plain = json.to_string();
    length == plain.len() && (text.len() != length || text == plain)
}

impl Column for Digest {
    fn column(cell: Cell<'_>) -> Result<Self, String> {
        <[u8; 32]>::column(cell).map(Self)
    }
}

impl Bind for Digest {
    const KIND: Kind = Kind::Blob;
    fn bind(&self) -> Value<'_> {
        Value::Blob(&self.0)
    }
}

impl FromRow for AuditEntry {
    const TABLE: &'static str = "audit_entries";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "number",
        "at",
        "action",
        "actor",
        "actor_kind",
        "surface",
        "address",
        "target_kind",
        "target",
        "outcome",
        "rule",
        "changes",
        "correlation",
    ];
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        // Fields are evaluated as written, which is the order of COLUMNS.
        Ok(Self {
            id: row.take()?,
            number: row.take()?,
            at: row.take()?,
            action: row.take()?,
            actor: row.take()?,
            actor_kind: row.take()?,
            surface: row.take()?,
            address: row.take()?,
            target_kind: row.take()?,
            target: row.take()?,
            outcome: row.take()?,
            summary: None,
            rule: row.take()?,
            changes: row.take::<Changes>()?.0,
            correlation: row.take()?,
        })
    }
}

impl FromRow for SealedEntry {
    const TABLE: &'static str = "audit_entries";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "number",
        "at",
        "action",
        "actor",
        "actor_kind",
        "surface",
        "address",
        "target_kind",
        "target",
        "outcome",
        "rule",
        "changes",
        "correlation",
        "previous",
        "hash",
        "address_salt",
        "address_digest",
    ];
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            entry: AuditEntry::from_row(row)?,
            previous: digest(row)?,
            hash: digest(row)?,
            address_salt: row.take()?,
            address_digest: digest(row)?,
        })
    }
}

/// A digest of a wrong length is none: the chain then says that the entry was changed.
fn digest(row: &mut Row<'_>) -> Result<Option<Digest>, StoreError> {
    let bytes: Option<Vec<u8>> = row.take()?;
    Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(Digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    // L08
    #[test]
    fn a_text_says_one_thing_in_one_way() {
        for (text, only) in [
            (r#"{"lane":"realtime","paused":true}"#, true),
            (r#"{"lane": "realtime", "paused": true}"#, true),
            (r#"{"n": [1, 2], "text": "a, b: \"c\""}"#, true),
            ("{}", true),
            (r#"{"lane":"realtime","paused":false,"paused":true}"#, false),
            (r#"{"lane":"realtime","\u0070aused":true}"#, false),
            (r#" {"lane":"realtime","paused":true}"#, false),
            (r#"{"lane":"realtime","paused":true} "#, false),
            (r#"{"lane":"realtime" ,"paused":true}"#, false),
        ] {
            assert_eq!(says_only(text, &serde_json::from_str(text).unwrap()), only, "{text}");
        }
    }
}
