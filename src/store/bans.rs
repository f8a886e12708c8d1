//! Who stays out of a community.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{CommunityId, PersonId, PersonSummary, Time, member::Ban, person::PersonKind},
    policy::Grant,
    row, sql,
};

/// The columns of a ban.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.handle, p.name, p.kind, m.id AS by_id, m.handle AS by_handle, m.name AS by_name, ",
            "m.kind AS by_kind, b.reason, b.created_at FROM bans b JOIN people p ON p.id = b.person ",
            "JOIN people m ON m.id = b.moderator WHERE b.community = $1 ",
            $rest
        )
    };
}

sql! {
    /// A ban, in place of the one before.
    PUT = Sql::both("INSERT INTO bans (community, person, moderator, reason, created_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (community, person) DO UPDATE SET moderator = excluded.moderator, reason = excluded.reason, \
        created_at = excluded.created_at");
    /// No ban.
    LIFT = Sql::both("DELETE FROM bans WHERE community = $1 AND person = $2");
    /// Somebody's.
    FIND = Sql::both(select!("AND b.person = $2"));
    /// A page, the latest first.
    LIST = Sql::both(select!("ORDER BY b.created_at DESC, b.person DESC LIMIT $2 OFFSET $3"));
    /// Whether there is one.
    EXISTS = Sql::both("SELECT person FROM bans WHERE community = $1 AND person = $2");
}

struct Row {
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
    by_id: PersonId,
    by_handle: String,
    by_name: String,
    by_kind: PersonKind,
    reason: String,
    created_at: Time,
}

row! { Row { id, handle, name, kind, by_id, by_handle, by_name, by_kind, reason, created_at } }

impl From<Row> for Ban {
    fn from(row: Row) -> Self {
        Self {
            person: PersonSummary { id: row.id, handle: row.handle, name: row.name, kind: row.kind },
            moderator: PersonSummary { id: row.by_id, handle: row.by_handle, name: row.by_name, kind: row.by_kind },
            reason: row.reason,
            created_at: row.created_at,
        }
    }
}

/// A ban about to be stored.
#[derive(Debug)]
pub struct NewBan<'a> {
    /// From which community.
    pub community: CommunityId,
    /// Of whom.
    pub person: PersonId,
    /// By whom.
    pub moderator: PersonId,
    /// Why; may be empty.
    pub reason: &'a str,
    /// When.
    pub created_at: Time,
}

/// Bans somebody; once more replaces the reason.
pub async fn put<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewBan<'_>) -> Result<(), StoreError> {
    conn.run(PUT, (new.community, new.person, new.moderator, new.reason, new.created_at)).await.map(drop)
}

/// Lifts a ban; `false` when there was none.
pub async fn lift<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    person: PersonId,
) -> Result<bool, StoreError> {
    Ok(conn.run(LIFT, (community, person)).await? == 1)
}

/// Somebody's ban.
pub async fn find(conn: &mut Conn<'_>, community: CommunityId, person: PersonId) -> Result<Option<Ban>, StoreError> {
    Ok(conn.maybe::<Row>(FIND, (community, person)).await?.map(Ban::from))
}

/// Whether somebody is banned.
pub async fn banned(conn: &mut Conn<'_>, community: CommunityId, person: PersonId) -> Result<bool, StoreError> {
    Ok(conn.maybe::<PersonId>(EXISTS, (community, person)).await?.is_some())
}

/// Bans of a community, the latest first.
pub async fn list(
    conn: &mut Conn<'_>,
    community: CommunityId,
    limit: i64,
    offset: i64,
) -> Result<Vec<Ban>, StoreError> {
    Ok(conn.all::<Row>(LIST, (community, limit, offset)).await?.into_iter().map(Ban::from).collect())
}
