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
        Ok(Self(serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()))))
    }
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
