//! Failures (Q05, Q06).

use uuid::Uuid;

use super::ATTEMPTS;
use crate::{
    domain::{RecordId, Time},
    sql,
    store::{Conn, Sql, StoreError},
};

sql! {
    /// Due again later, or dead: then nobody takes it, and its next attempt is when it died. Whoever lost the record
    /// meanwhile has no say.
    FAILED = Sql::both("UPDATE lane_records SET status = $2, waits = $7, lease_owner = NULL, lease_until = $3, \
        next_attempt_at = $4, last_error = $5 WHERE id = $1 AND lease_owner = $6");
}

/// The most of an error that is kept, in bytes.
const ERROR_BYTES: usize = 2_000;

/// An attempt that failed.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Which record.
    pub id: RecordId,
    /// Which attempt it was.
    pub attempts: i64,
    /// Why.
    pub cause: String,
    /// When it is tried again, unless this was the last attempt.
    pub again: Time,
    /// Whether trying it again is of no use.
    pub hopeless: bool,
}

impl Failed {
    /// Whether this was the last attempt, or was made it by what came of it.
    pub const fn is_last(&self) -> bool {
        self.hopeless || self.attempts >= ATTEMPTS
    }
}

/// Notes a failure: the record is due again at its next attempt, or dead after the last.
pub async fn failed(conn: &mut Conn<'_>, failed: &Failed, owner: Uuid, now: Time) -> Result<(), StoreError> {
    let (status, free, next) =
        if failed.is_last() { ("dead", None, now) } else { ("retrying", Some(failed.again), failed.again) };
    // PostgreSQL keeps no NUL in text.
    let cause = failed.cause.replace('\0', "");
    let cause = &cause[..cause.floor_char_boundary(ERROR_BYTES)];
    conn.send(FAILED, (failed.id, status, free, next, cause, owner, !failed.is_last())).await
}
