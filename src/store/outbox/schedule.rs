//! Periodic work, once per cluster (Q16): one row a duty.

use uuid::Uuid;

use crate::{
    domain::Time,
    row, sql,
    store::{Conn, Sql, StoreError},
};

sql! {
    /// A duty that is not known yet is due at once; a known one keeps its time, unless it comes more often now.
    REGISTER = Sql::both("INSERT INTO lane_duties (name, every, next_at, lease_until) VALUES ($1, $2, $3, 0) \
        ON CONFLICT (name) DO UPDATE SET every = excluded.every, \
        next_at = CASE WHEN lane_duties.next_at > $3 + excluded.every THEN $3 + excluded.every ELSE lane_duties.next_at END");
    /// Those to be done.
    DUE = Sql::both("SELECT name, every FROM lane_duties WHERE next_at <= $1 AND lease_until <= $1 ORDER BY next_at");
    /// Whoever changes the row does the duty.
    TAKE = Sql::both("UPDATE lane_duties SET lease_owner = $2, lease_until = $3 \
        WHERE name = $1 AND next_at <= $4 AND lease_until <= $4");
    /// Still at it.
    KEEP = Sql::both("UPDATE lane_duties SET lease_until = $3 WHERE name = $1 AND lease_owner = $2");
    /// Done, until the next time.
    REST = Sql::both("UPDATE lane_duties SET lease_owner = NULL, lease_until = 0, next_at = $3, last_error = $4 \
        WHERE name = $1 AND lease_owner = $2");
}

/// A duty to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub name: String,
    /// How often it comes, in microseconds.
    pub every: i64,
}

row! { Due { name, every } }

/// Makes a duty known.
pub async fn register_duty(conn: &mut Conn<'_>, name: &str, every: i64, now: Time) -> Result<(), StoreError> {
    conn.run(REGISTER, (name, every, now)).await.map(drop)
}

/// The duties that are due and that nobody does.
pub async fn duties_due(conn: &mut Conn<'_>, now: Time) -> Result<Vec<Due>, StoreError> {
    conn.all(DUE, (now,)).await
}

/// Takes a duty until `until`; `false` when somebody else was first.
pub async fn take_duty(
    conn: &mut Conn<'_>,
    name: &str,
    owner: Uuid,
    until: Time,
    now: Time,
) -> Result<bool, StoreError> {
    Ok(conn.run(TAKE, (name, owner, until, now)).await? == 1)
}

/// Keeps a duty that takes longer.
pub async fn keep_duty(conn: &mut Conn<'_>, name: &str, owner: Uuid, until: Time) -> Result<(), StoreError> {
    conn.run(KEEP, (name, owner, until)).await.map(drop)
}

/// Lets go of a duty until `next`.
pub async fn rest_duty(
    conn: &mut Conn<'_>,
    name: &str,
    owner: Uuid,
    next: Time,
    error: Option<&str>,
) -> Result<(), StoreError> {
    conn.run(REST, (name, owner, next, error)).await.map(drop)
}
