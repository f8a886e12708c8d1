//! Audit entries: one for every command and every refusal. Never message text.
//!
//! Here they are written. [`chain`](mod@chain) seals them and reads the chain, [`list`](mod@list) looks through them,
//! [`archive`](mod@archive) lets the oldest go.

pub mod archive;
pub mod chain;
mod kept;
pub mod list;

use serde_json::Value as Json;
use uuid::Uuid;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{Action, Actor, AuditId, Time},
    sql,
};

sql! {
    /// One entry.
    INSERT = Sql::both("INSERT INTO audit_entries (id, at, action, actor, actor_kind, surface, address, target_kind, target, \
        outcome, rule, changes, correlation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    /// How many there are.
    COUNT = Sql::both("SELECT count(*) FROM audit_entries");
}

/// What an entry says beside its actor.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What was done or refused.
    pub action: Action,
    /// The kind of thing it was aimed at; empty when there is none.
    pub target_kind: &'a str,
    /// Which.
    pub target: Option<Uuid>,
    /// Whether it was done.
    pub done: bool,
    /// The rule that decided.
    pub rule: Option<&'a str>,
    /// Ids and digests.
    pub changes: &'a Json,
}

/// Stores an entry. It takes no grant: a refusal has none, and is written too.
pub async fn insert(conn: &mut Conn<'_>, actor: &Actor, entry: &Entry<'_>, now: Time) -> Result<(), StoreError> {
    let outcome = if entry.done { "done" } else { "refused" };
    let values = (
        AuditId::fresh(),
        now,
        entry.action,
        actor.id(),
        actor.kind(),
        actor.surface,
        actor.address.as_str(),
        entry.target_kind,
        entry.target,
        outcome,
        entry.rule,
        entry.changes,
        actor.correlation,
    );
    conn.send(INSERT, values).await
}

/// How many entries there are.
pub async fn count(conn: &mut Conn<'_>) -> Result<i64, StoreError> {
    conn.one(COUNT, ()).await
}
