//! The audit log as it is looked through: the latest first, by the narrowest thing asked for (L02, L03, L05).

use uuid::Uuid;

use super::super::{Conn, Sql, StoreError};
use super::kept::entry_columns;
use crate::{
    domain::{Action, AuditId, CorrelationId, Surface, Time, audit::AuditEntry, query::AuditOutcome},
    sql,
};

/// A list by one thing that has an index. The other things asked for are looked at row by row; each argument stands in
/// a comparison first, so that PostgreSQL knows its type.
macro_rules! list {
    ($by:literal) => {
        Sql::both(concat!(
            "SELECT ",
            entry_columns!(),
            " FROM audit_entries WHERE ",
            $by,
            " AND (at, id) < ($8, $9) AND at >= $7 \
            AND (actor = $1 OR $1 IS NULL) AND (target = $2 OR $2 IS NULL) AND (action = $3 OR $3 IS NULL) \
            AND (outcome = $4 OR $4 IS NULL) AND (surface = $5 OR $5 IS NULL) AND (correlation = $6 OR $6 IS NULL) \
            ORDER BY at DESC, id DESC LIMIT $10"
        ))
    };
}

sql! {
    /// Of everything.
    BY_TIME = list!("number IS NOT NULL");
    /// Of what one person did (L02).
    BY_ACTOR = list!("number IS NOT NULL AND actor = $1");
    /// Of what was done to one thing (L03).
    BY_TARGET = list!("number IS NOT NULL AND target = $2");
    /// Of what belongs together.
    BY_CORRELATION = list!("number IS NOT NULL AND correlation = $6");
    /// Of one action.
    BY_ACTION = list!("number IS NOT NULL AND action = $3");
    /// Of what was refused.
    BY_REFUSAL = list!("number IS NOT NULL AND outcome = 'refused'");
    /// Of one surface.
    BY_SURFACE = list!("number IS NOT NULL AND surface = $5");
    /// Of what is not sealed yet: a second's worth.
    OF_UNSEALED = list!("number IS NULL");
}

/// What is looked for; what is `None` does not matter.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// By this person.
    pub actor: Option<Uuid>,
    /// To this.
    pub target: Option<Uuid>,
    /// Belonging to this.
    pub correlation: Option<CorrelationId>,
    /// This action.
    pub action: Option<Action>,
    /// With this end.
    pub outcome: Option<AuditOutcome>,
    /// Through this.
    pub surface: Option<Surface>,
    /// Not before.
    pub since: Time,
    /// Older than this entry.
    pub before: (Time, AuditId),
}

impl Wanted {
    /// The list with the narrowest index.
    fn sealed(&self) -> Sql {
        match self {
            Self { correlation: Some(_), .. } => BY_CORRELATION,
            Self { target: Some(_), .. } => BY_TARGET,
            Self { actor: Some(_), .. } => BY_ACTOR,
            Self { outcome: Some(AuditOutcome::Refused), .. } => BY_REFUSAL,
            Self { action: Some(_), .. } => BY_ACTION,
            Self { surface: Some(_), .. } => BY_SURFACE,
            _ => BY_TIME,
        }
    }
}

/// At most `limit` entries, the latest first, sealed or not yet.
pub async fn list(conn: &mut Conn<'_>, wanted: &Wanted, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
    let mut entries = rows(conn, OF_UNSEALED, wanted, limit).await?;
    entries.extend(rows(conn, wanted.sealed(), wanted, limit).await?);
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
    entries.truncate(limit);
    Ok(entries)
}

async fn rows(conn: &mut Conn<'_>, sql: Sql, wanted: &Wanted, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
    let (at, id) = wanted.before;
    let values = (
        wanted.actor,
        wanted.target,
        wanted.action,
        wanted.outcome.map(AuditOutcome::as_str),
        wanted.surface,
        wanted.correlation,
        wanted.since,
        at,
        id,
        i64::try_from(limit).unwrap_or(i64::MAX),
    );
    conn.all(sql, values).await
}
