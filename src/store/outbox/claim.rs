//! Taking what nobody holds (Q04, Q11).

use uuid::Uuid;

use super::Claimed;
use crate::{
    domain::{Lane, RecordId, Time},
    sql,
    store::{Conn, Sql, StoreError},
};

/// What a claim returns, in both texts of each claim.
macro_rules! claimed {
    () => {
        " RETURNING id, lane, handler, event, name, topic_kind, topic, seq, payload, from_domain, to_domain, priority, \
         attempts, trace, created_at, lease_until"
    };
}
/// What a claim does to a record.
macro_rules! taken {
    () => {
        "UPDATE lane_records SET status = 'processing', attempts = attempts + 1, lease_owner = $2, lease_until = $3 WHERE id "
    };
}
/// What may be taken at all: it is free, and has attempts left.
macro_rules! free {
    () => {
        "SELECT r.id FROM lane_records r WHERE r.lane = $1 AND r.status <> 'dead' AND r.lease_until <= $4 AND r.attempts < 3 "
    };
}
/// What keeps the order of a topic: a record waits while one before it is held, waits for its next attempt, or would
/// not be taken before it. Written so that the index on (topic, handler, seq) is used.
macro_rules! next_in_topic {
    () => {
        "AND r.lane <> 'realtime' AND NOT EXISTS (SELECT 1 FROM lane_records e WHERE e.lane <> 'realtime' AND \
         e.status <> 'dead' AND e.topic = r.topic AND e.handler = r.handler AND e.seq < r.seq AND e.lane = r.lane AND \
         (e.lease_until > $4 OR e.priority > r.priority OR e.created_at > r.created_at)) \
         ORDER BY r.priority, r.created_at, r.seq LIMIT $5"
    };
}

sql! {
    /// Realtime: clients put events in order by their places and ask for what is missing.
    CLAIM_FREELY = Sql::split(
        "claiming: only PostgreSQL can have two at once, and skips what the other has locked",
        concat!(taken!(), "IN (", free!(), "AND r.handler IN (SELECT value FROM json_each($6)) \
            ORDER BY r.lease_until LIMIT $5)", claimed!()),
        concat!(taken!(), "= ANY(ARRAY(", free!(), "AND r.handler = ANY($6) ORDER BY r.lease_until LIMIT $5 \
            FOR UPDATE SKIP LOCKED))", claimed!()),
    );
    /// The others: priority first, then the oldest, each topic in its order.
    CLAIM_IN_ORDER = Sql::split(
        "claiming: only PostgreSQL can have two at once, and skips what the other has locked",
        concat!(taken!(), "IN (", free!(), "AND r.handler IN (SELECT value FROM json_each($6)) ", next_in_topic!(), ")",
            claimed!()),
        concat!(taken!(), "= ANY(ARRAY(", free!(), "AND r.handler = ANY($6) ", next_in_topic!(),
            " FOR UPDATE OF r SKIP LOCKED))", claimed!()),
    );
    /// One claim at a time in a lane: of two at once each would see the other's records as still free, and could take
    /// what comes after them in their topics.
    RESERVE = Sql::split(
        "locking: SQLite's writer is alone already",
        "SELECT 1 WHERE $1 <> ''",
        "SELECT CASE WHEN pg_try_advisory_xact_lock(7020105, hashtext($1)) THEN 1::BIGINT ELSE 0::BIGINT END",
    );
    /// Whether anything waits that this process could do.
    DUE = crate::listed!("SELECT id FROM lane_records WHERE lane = $1 AND status <> 'dead' AND lease_until <= $2 AND handler",
        text "$3", "LIMIT 1");
}

/// Who takes what.
#[derive(Clone, Debug)]
pub struct Claim {
    /// From which lane.
    pub lane: Lane,
    /// For which handlers; the others' records are left to processes that have them.
    pub handlers: Vec<String>,
    /// Which process.
    pub owner: Uuid,
    /// When.
    pub now: Time,
    /// Until when nobody else takes them.
    pub until: Time,
    /// How many at most.
    pub limit: i64,
}

/// Whether anything waits that could be claimed.
pub async fn due(conn: &mut Conn<'_>, lane: Lane, handlers: &[String], now: Time) -> Result<bool, StoreError> {
    let handlers = crate::store::Many(handlers);
    Ok(conn.maybe::<RecordId>(DUE, (lane, now, handlers)).await?.is_some())
}

/// Takes the lane's claim for this transaction; `false` while another process has it. Before [`claim`], as a statement
/// of its own: the claim must see what the one before it took.
pub async fn reserve(conn: &mut Conn<'_>, lane: Lane) -> Result<bool, StoreError> {
    Ok(conn.one::<i64>(RESERVE, (lane,)).await? == 1)
}

/// Takes over records that nobody holds any more (Q04, Q10), in the order in which they are to be done.
pub async fn claim(conn: &mut Conn<'_>, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
    let sql = if claim.lane == Lane::Realtime { CLAIM_FREELY } else { CLAIM_IN_ORDER };
    let handlers = crate::store::Many(&claim.handlers);
    let values = (claim.lane, claim.owner, claim.until, claim.now, claim.limit, handlers);
    let mut claimed: Vec<Claimed> = conn.all(sql, values).await?;
    if claim.lane == Lane::Realtime {
        claimed.sort_by_key(|record| (record.topic, record.seq));
    } else {
        claimed.sort_by_key(|record| (record.priority, record.created_at, record.seq));
    }
    Ok(claimed)
}
