//! Taking what nobody holds (Q04, Q11).

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Claimed,
    budget::{Budget, LAST, Seen},
};
use crate::{
    domain::{Lane, RecordId, Time},
    sql,
    store::{Conn, Many, Sql, StoreError},
};

/// What a claim does to a record, before its condition.
macro_rules! taken {
    () => {
        "UPDATE lane_records SET status = 'processing', attempts = attempts + 1, waits = FALSE, lease_owner = $2, \
         lease_until = $3 WHERE id"
    };
}
/// What a claim returns, after its condition.
macro_rules! claimed {
    () => {
        " RETURNING id, lane, handler, event, name, topic_kind, topic, seq, payload, from_domain, to_domain, priority, \
         attempts, trace, created_at, lease_until"
    };
}
/// The start of a window's text: what may be taken at all, because it is free and has attempts left.
macro_rules! free {
    ($index:literal, $handlers:literal, $lock:literal) => {
        concat!(
            "WITH first AS MATERIALIZED (SELECT r.id, r.attempts, r.topic, r.handler, r.seq FROM lane_records r",
            $index,
            " WHERE r.lane = $1 AND r.lane <> 'realtime' AND r.status <> 'dead' AND NOT r.waits AND r.lease_until <= $3 \
             AND r.attempts < 3 AND r.handler",
            $handlers,
            " ORDER BY r.priority, r.created_at LIMIT $4 OFFSET $5",
            $lock,
            "), gaps AS MATERIALIZED (SELECT t.topic, t.handler, (SELECT e.seq FROM lane_records e WHERE e.lane <> 'realtime' AND \
             e.status <> 'dead' AND e.topic = t.topic AND e.handler = t.handler AND e.lane = $1 AND \
             (e.lease_owner IS NULL OR e.lease_owner <> $2) AND e.id NOT IN (SELECT id FROM first) ORDER BY e.seq LIMIT 1) \
             AS gap FROM (SELECT DISTINCT topic, handler FROM first) t) SELECT f.id, f.attempts, f.topic, f.handler, f.seq, \
             g.gap IS NULL OR f.seq < g.gap AS whole FROM first f JOIN gaps g ON g.topic = f.topic AND g.handler = f.handler"
        )
    };
}

sql! {
    /// Realtime: clients put events in order by their places and ask for what is missing.
    CLAIM_FREELY = Sql::split(
        "claiming: only PostgreSQL can have two at once, and skips what the other has locked",
        concat!(taken!(), " IN (SELECT r.id FROM lane_records r WHERE r.lane = $1 AND r.status <> 'dead' AND \
            r.lease_until <= $4 AND r.attempts BETWEEN $7 AND $8 AND r.handler IN (SELECT value FROM json_each($6)) \
            ORDER BY r.lease_until LIMIT $5)", claimed!()),
        concat!(taken!(), " = ANY(ARRAY(SELECT r.id FROM lane_records r WHERE r.lane = $1 AND r.status <> 'dead' AND \
            r.lease_until <= $4 AND r.attempts BETWEEN $7 AND $8 AND r.handler = ANY($6) \
            ORDER BY r.lease_until LIMIT $5 FOR UPDATE SKIP LOCKED))", claimed!()),
    );
    /// The other lanes: what is free, priority first, then the oldest, so many of them; and of each whether nothing
    /// before it in its topic is left out: neither taken here nor its taker's already. Looked at topic by topic from the
    /// first on, so that it costs the same however much waits. SQLite, which has no figures of its tables, would sort all
    /// that waits to find the first.
    WINDOW = Sql::split(
        "claiming: only PostgreSQL can have two at once, and skips what the other has locked",
        free!(" INDEXED BY lane_records_order", " IN (SELECT value FROM json_each($6))", ""),
        free!("", " = ANY($6)", " FOR UPDATE SKIP LOCKED"),
    );
    /// Takes what was found.
    TAKE = Sql::split(
        "RETURNING after a list",
        concat!(taken!(), " IN (SELECT unhex(value) FROM json_each($1))", claimed!()),
        concat!(taken!(), " = ANY($1)", claimed!()),
    );
    /// Those whose time has come stand in line from now on.
    WAKE = Sql::split(
        "claiming: only PostgreSQL can have two at once, and skips what the other has locked",
        "UPDATE lane_records SET waits = FALSE WHERE id IN (SELECT id FROM lane_records WHERE lane = $1 AND waits \
            AND lease_until <= $2 ORDER BY lease_until LIMIT $3)",
        "UPDATE lane_records SET waits = FALSE WHERE id = ANY(ARRAY(SELECT id FROM lane_records WHERE lane = $1 AND waits \
            AND lease_until <= $2 ORDER BY lease_until LIMIT $3 FOR UPDATE SKIP LOCKED))",
    );
    /// Whether anything waits that this process could do.
    DUE = crate::listed!("SELECT id FROM lane_records WHERE lane = $1 AND status <> 'dead' AND lease_until <= $2 AND handler",
        text "$3", "LIMIT 1");
}

/// How many windows one claim looks through, while it finds only what waits for something before it.
const WINDOWS: usize = 4;
/// How many records one claim wakes.
const WAKES: i64 = 1_024;

/// Who takes what.
#[derive(Clone, Debug)]
pub struct Claim {
    /// From which lane.
    pub lane: Lane,
    /// For which handlers; the others' records are left to processes that have them.
    pub handlers: Vec<Hands>,
    /// Which process.
    pub owner: Uuid,
    /// When.
    pub now: Time,
    /// Until when nobody else takes them.
    pub until: Time,
    /// How many at most.
    pub limit: i64,
    /// How many of them at most may be at their last attempt: as many as can be begun at once, so that no process dies
    /// with the last attempt of a record that it has not begun.
    pub last: i64,
    /// How many to pass over, from the first on: those that the claim before found to wait for something before them.
    pub skip: i64,
}

/// A handler that records are taken for.
#[derive(Clone, Debug)]
pub struct Hands {
    /// Its name.
    pub handler: String,
    /// How many records it could begin at once.
    pub free: i64,
}

/// What was taken.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// In the order in which they are to be done.
    pub records: Vec<Claimed>,
    /// How many the next claim passes over.
    pub skip: i64,
    /// Whether records at their last attempt were left, because they could not be begun at once.
    pub left: bool,
}

/// Whether anything waits that could be claimed.
pub async fn due(conn: &mut Conn<'_>, lane: Lane, handlers: &[String], now: Time) -> Result<bool, StoreError> {
    Ok(conn.maybe::<RecordId>(DUE, (lane, now, Many(handlers))).await?.is_some())
}

/// Takes over records that nobody holds any more (Q04, Q10). Each topic's are whole from its first on.
///
/// Of two claims at once neither takes what comes after the other's in a topic: it sees that something before it is
/// left out.
pub async fn claim(conn: &mut Conn<'_>, claim: &Claim) -> Result<Taken, StoreError> {
    if claim.lane == Lane::Realtime {
        return claim_freely(conn, claim).await;
    }
    let names: Vec<&str> = claim.handlers.iter().map(|hands| hands.handler.as_str()).collect();
    let mut budget = Budget::of(claim);
    let mut taken = Taken { skip: claim.skip, ..Taken::default() };
    conn.run(WAKE, (claim.lane, claim.now, WAKES)).await?;
    for _ in 0..WINDOWS {
        let room = claim.limit - count(taken.records.len());
        if room <= 0 {
            break;
        }
        let values = (claim.lane, claim.owner, claim.now, room, taken.skip, Many(&names));
        let seen: Vec<Seen> = conn.all(WINDOW, values).await?;
        let found = count(seen.len());
        let (chosen, left) = budget.choose(seen);
        taken.left |= left;
        let passed = found - count(chosen.len());
        if !chosen.is_empty() {
            let mut records: Vec<Claimed> = conn.all(TAKE, (Many(&chosen), claim.owner, claim.until)).await?;
            put_in_order(&mut records);
            taken.records.append(&mut records);
        }
        if found < room {
            taken.skip = 0;
            break;
        }
        taken.skip += passed;
    }
    // Where something was found, the next claim begins with the most urgent again.
    if !taken.records.is_empty() {
        taken.skip = 0;
    }
    Ok(taken)
}

async fn claim_freely(conn: &mut Conn<'_>, claim: &Claim) -> Result<Taken, StoreError> {
    let names: Vec<&str> = claim.handlers.iter().map(|hands| hands.handler.as_str()).collect();
    let mut taken = Taken::default();
    for (first, last, limit) in [(0, LAST - 1, claim.limit), (LAST, LAST, claim.last)] {
        let values = (claim.lane, claim.owner, claim.until, claim.now, limit, Many(&names), first, last);
        let records: Vec<Claimed> = conn.all(CLAIM_FREELY, values).await?;
        taken.left = first == LAST && count(records.len()) == limit;
        taken.records.extend(records);
    }
    taken.records.sort_by_key(|record| (record.topic, record.seq));
    Ok(taken)
}

/// Priority first, then the oldest; but in a topic none before the one before it.
fn put_in_order(records: &mut Vec<Claimed>) {
    records.sort_by_key(|record| record.seq);
    let mut latest: HashMap<(Uuid, String), (i64, Time)> = HashMap::new();
    let mut keyed: Vec<((i64, Time), Claimed)> = Vec::with_capacity(records.len());
    for record in records.drain(..) {
        let own = (record.priority, record.created_at);
        let before = latest.entry((record.topic, record.handler.clone())).or_insert(own);
        *before = own.max(*before);
        keyed.push((*before, record));
    }
    // A stable sort: what is equal stays in the order of its topic.
    keyed.sort_by_key(|(key, _)| *key);
    records.extend(keyed.into_iter().map(|(_, record)| record));
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
