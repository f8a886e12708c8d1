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
    row, sql,
};

sql! {
    /// One entry.
    INSERT = Sql::both("INSERT INTO audit_entries (id, at, action, actor, actor_kind, surface, address, target_kind, target, \
        outcome, rule, changes, correlation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    /// What was done to a target, the latest first.
    OF_TARGET = Sql::both("SELECT action, actor, outcome, rule, target_kind, target, changes FROM audit_entries \
        WHERE target = $1 ORDER BY at DESC, id DESC LIMIT $2");
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

/// An entry as read.
#[derive(Clone, Debug)]
pub struct Audited {
    /// What was done or refused.
    pub action: Action,
    /// By whom.
    pub actor: Option<Uuid>,
    /// `done` or `refused`.
    pub outcome: String,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The kind of thing it was aimed at.
    pub target_kind: String,
    /// Which.
    pub target: Option<Uuid>,
    /// Ids and digests.
    pub changes: Json,
}

row! { Audited { action, actor, outcome, rule, target_kind, target, changes } }

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

/// What was done to a target, the latest first.
pub async fn of_target(conn: &mut Conn<'_>, target: Uuid, limit: i64) -> Result<Vec<Audited>, StoreError> {
    conn.all(OF_TARGET, (target, limit)).await
}

/// How many entries there are.
pub async fn count(conn: &mut Conn<'_>) -> Result<i64, StoreError> {
    conn.one(COUNT, ()).await
}
