//! Holding records, and letting them go.

use uuid::Uuid;

use crate::{
    domain::{Lane, RecordId, Time},
    sql,
    store::{Conn, Sql, StoreError},
};

sql! {
    /// Finished ones.
    DONE = crate::listed!("DELETE FROM lane_records WHERE id", uuid "$1", "");
    /// Those still being worked on stay with their process.
    EXTEND = crate::listed!("UPDATE lane_records SET lease_until = $2 WHERE lease_owner = $3 AND id", uuid "$1", "");
    /// Held, but not begun: free at once, and the attempt does not count.
    GIVE_BACK = crate::listed!("UPDATE lane_records SET status = CASE WHEN attempts > 1 THEN 'retrying' ELSE 'pending' END, \
        attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, lease_owner = NULL, lease_until = $2 \
        WHERE lease_owner = $3 AND id", uuid "$1", "");
    /// The same for all that a process holds.
    HAND_BACK = Sql::both("UPDATE lane_records SET status = CASE WHEN attempts > 1 THEN 'retrying' ELSE 'pending' END, \
        attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, lease_owner = NULL, lease_until = $3 \
        WHERE lane = $1 AND lease_until > $3 AND lease_owner = $2");
}

/// Removes finished records (Q09). Answers how many were still there.
pub async fn done(conn: &mut Conn<'_>, ids: &[RecordId]) -> Result<u64, StoreError> {
    conn.run(DONE, (crate::store::Many(ids),)).await
}

/// Keeps records that `owner` is still working on.
pub async fn extend(conn: &mut Conn<'_>, ids: &[RecordId], owner: Uuid, until: Time) -> Result<u64, StoreError> {
    conn.run(EXTEND, (crate::store::Many(ids), until, owner)).await
}

/// Lets go of records that `owner` holds and has not begun.
pub async fn give_back(conn: &mut Conn<'_>, ids: &[RecordId], owner: Uuid, now: Time) -> Result<u64, StoreError> {
    conn.run(GIVE_BACK, (crate::store::Many(ids), now, owner)).await
}

/// Lets go of all that `owner` holds (Q10).
pub async fn hand_back(conn: &mut Conn<'_>, owner: Uuid, now: Time) -> Result<u64, StoreError> {
    let mut freed = 0;
    for lane in Lane::ALL {
        freed += conn.run(HAND_BACK, (*lane, owner, now)).await?;
    }
    Ok(freed)
}
