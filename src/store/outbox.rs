//! Lane records: what still has to follow from an event. Written in the transaction of the event.

use serde_json::Value as Json;
use uuid::Uuid;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{Envelope, EventId, RecordId, Time, Topic, TraceParent},
    policy::Grant,
    row, sql,
};

/// Failures after which a record is dead (Q05).
pub const ATTEMPTS: i64 = 3;

sql! {
    /// A record, born leased to the process that writes it.
    ENQUEUE = Sql::both("INSERT INTO lane_records (id, lane, event, name, topic_kind, topic, seq, payload, status, attempts, \
        priority, next_attempt_at, lease_owner, lease_until, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'processing', 0, $9, $10, $11, $12, $10)");
    /// Finished ones.
    DONE = crate::listed!("DELETE FROM lane_records WHERE id", uuid "$1", "");
    /// Takes over what nobody holds, the highest priority first, then the oldest.
    CLAIM = Sql::split(
        "claiming: only PostgreSQL can have two at once, and skips what the other has locked",
        "UPDATE lane_records SET status = 'processing', attempts = attempts + 1, lease_owner = $2, lease_until = $3 \
            WHERE id IN (SELECT id FROM lane_records WHERE lane = $1 AND status <> 'dead' AND lease_until <= $4 \
            ORDER BY lease_until LIMIT $5) RETURNING id, event, name, topic_kind, topic, seq, attempts",
        "UPDATE lane_records SET status = 'processing', attempts = attempts + 1, lease_owner = $2, lease_until = $3 \
            WHERE id = ANY(ARRAY(SELECT id FROM lane_records WHERE lane = $1 AND status <> 'dead' AND lease_until <= $4 \
            ORDER BY lease_until LIMIT $5 FOR UPDATE SKIP LOCKED)) RETURNING id, event, name, topic_kind, topic, seq, attempts",
    );
    /// A failure: due again later, or dead.
    FAILED = Sql::both("UPDATE lane_records SET status = $2, lease_owner = NULL, lease_until = $3, next_attempt_at = $3, \
        last_error = $4 WHERE id = $1");
    /// What a process that stops still holds is free at once.
    HAND_BACK = Sql::both("UPDATE lane_records SET lease_until = $2, lease_owner = NULL WHERE lease_owner = $1");
    /// Whether anything waits to be taken over.
    DUE = Sql::both("SELECT id FROM lane_records WHERE lane = $1 AND status <> 'dead' AND lease_until <= $2 LIMIT 1");
    /// How many wait or are being done.
    WAITING = Sql::both("SELECT count(*) FROM lane_records WHERE lane = $1 AND status <> 'dead'");
}

/// What a committed command hands to the lanes, in commit order.
#[derive(Debug)]
pub struct Committed {
    /// The records, each with its event as clients see it.
    pub records: Vec<(RecordId, Envelope)>,
    /// The trace they follow from.
    pub trace: Option<TraceParent>,
}

/// A record about to be stored.
#[derive(Debug)]
pub struct NewRecord<'a> {
    /// Which.
    pub id: RecordId,
    /// Its lane.
    pub lane: &'static str,
    /// The event it follows.
    pub event: EventId,
    /// The event's name.
    pub name: &'a str,
    /// The event's topic.
    pub topic: Topic,
    /// The event's place there.
    pub seq: i64,
    /// The process that holds it.
    pub owner: Uuid,
    /// When.
    pub now: Time,
    /// Until when nobody else takes it.
    pub lease_until: Time,
}

/// A record as claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which.
    pub id: RecordId,
    /// The event it follows.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// The kind of the event's topic.
    pub topic_kind: String,
    /// The event's topic.
    pub topic: Uuid,
    /// The event's place there.
    pub seq: i64,
    /// How often it has been taken over, this time included.
    pub attempts: i64,
}

row! { Claimed { id, event, name, topic_kind, topic, seq, attempts } }

/// Stores a record in the transaction of its event.
pub async fn enqueue<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewRecord<'_>) -> Result<(), StoreError> {
    let values = (
        new.id,
        new.lane,
        new.event,
        new.name,
        new.topic.kind(),
        new.topic.id(),
        new.seq,
        Json::Null,
        100_i64,
        new.now,
        new.owner,
        new.lease_until,
    );
    conn.send(ENQUEUE, values).await
}

/// Removes finished records.
pub async fn done(conn: &mut Conn<'_>, ids: Vec<RecordId>) -> Result<u64, StoreError> {
    conn.run(DONE, (ids,)).await
}

/// Whether anything waits to be taken over.
pub async fn due(conn: &mut Conn<'_>, lane: &str, now: Time) -> Result<bool, StoreError> {
    Ok(conn.maybe::<RecordId>(DUE, (lane, now)).await?.is_some())
}

/// Takes over at most `limit` records whose lease has run out (Q04, Q10).
pub async fn claim(
    conn: &mut Conn<'_>,
    lane: &'static str,
    owner: Uuid,
    now: Time,
    lease_until: Time,
    limit: i64,
) -> Result<Vec<Claimed>, StoreError> {
    let mut claimed: Vec<Claimed> = conn.all(CLAIM, (lane, owner, lease_until, now, limit)).await?;
    claimed.sort_by_key(|record| (record.topic, record.seq));
    Ok(claimed)
}

/// Notes a failure: due again at `again`, or dead after the last attempt.
pub async fn failed(conn: &mut Conn<'_>, record: &Claimed, cause: &str, again: Time) -> Result<(), StoreError> {
    let status = if record.attempts >= ATTEMPTS { "dead" } else { "retrying" };
    conn.run(FAILED, (record.id, status, again, cause)).await.map(drop)
}

/// Frees what `owner` still holds.
pub async fn hand_back(conn: &mut Conn<'_>, owner: Uuid, now: Time) -> Result<u64, StoreError> {
    conn.run(HAND_BACK, (owner, now)).await
}

/// How many records of a lane are not finished.
pub async fn waiting(conn: &mut Conn<'_>, lane: &str) -> Result<i64, StoreError> {
    conn.one(WAITING, (lane,)).await
}
