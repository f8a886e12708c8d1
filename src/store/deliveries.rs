//! What webhooks are told: a line for each, and what came of it.

use serde_json::Value as Json;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        CommunityId, EventId, RecordId, Time, WebhookId,
        webhook::{DeliveryEnd, DeliveryOutcome, TESTED},
    },
    policy::Grant,
    row, sql,
};

sql! {
    /// One more at the end of a line, unless it has been there. What was sent before there were lines, and did not
    /// arrive, takes its place now.
    QUEUE = Sql::both("INSERT INTO webhook_deliveries (webhook, event, name, done, attempts, at, place, waits, source) \
        VALUES ($1, $2, $3, FALSE, 0, $4, $5, TRUE, $6) ON CONFLICT (webhook, event) DO UPDATE SET place = excluded.place, \
        waits = TRUE, source = excluded.source WHERE NOT webhook_deliveries.done AND webhook_deliveries.place IS NULL");
    /// The first of a line, and whether a lane has it.
    FIRST = Sql::both("SELECT d.event, d.name, d.place, d.source, d.record, r.id AS held FROM webhook_deliveries d \
        LEFT JOIN lane_records r ON r.id = d.record AND r.status <> 'dead' \
        WHERE d.webhook = $1 AND d.waits ORDER BY d.place LIMIT 1");
    /// It has its turn.
    HAND = Sql::both("UPDATE webhook_deliveries SET record = $3 WHERE webhook = $1 AND event = $2");
    /// It waits no more.
    LEAVE = Sql::both("UPDATE webhook_deliveries SET waits = FALSE WHERE webhook = $1 AND event = $2");
    /// Nothing that waits is told any more, but for tests: somebody asked for each.
    CLEAR = Sql::both("UPDATE webhook_deliveries SET done = TRUE, waits = FALSE, error = $2, at = $3 \
        WHERE webhook = $1 AND waits AND name <> $4");
    /// How an attempt ended.
    NOTE = Sql::both("INSERT INTO webhook_deliveries (webhook, event, name, done, attempts, status, error, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (webhook, event) DO UPDATE SET done = excluded.done, \
        attempts = webhook_deliveries.attempts + excluded.attempts, status = excluded.status, error = excluded.error, \
        at = excluded.at, waits = webhook_deliveries.waits AND $9");
    /// Those of long ago.
    TRIM = Sql::both("DELETE FROM webhook_deliveries WHERE webhook = $1 AND at < $2 AND (done OR attempts > 0) AND NOT waits");
    /// Whether it is over.
    DONE = Sql::both("SELECT done FROM webhook_deliveries WHERE webhook = $1 AND event = $2");
    /// The latest that was tried or left out.
    LATEST = Sql::both("SELECT event, name, done, attempts, status, error, at FROM webhook_deliveries \
        WHERE webhook = $1 AND (done OR attempts > 0) ORDER BY at DESC, event DESC LIMIT 1");
    /// The latest that did not arrive.
    FAILURE = Sql::both("SELECT event, name, done, attempts, status, error, at FROM webhook_deliveries \
        WHERE webhook = $1 AND error IS NOT NULL AND NOT done ORDER BY at DESC, event DESC LIMIT 1");
    /// How many wait in the line.
    WAITING = Sql::both("SELECT count(*) FROM webhook_deliveries WHERE webhook = $1 AND waits");
    /// How many are tried again outside of it: they were given up, and replayed, which gave them a later time.
    REPLAYED = Sql::both("SELECT count(*) FROM lane_records r JOIN webhook_deliveries d ON d.webhook = r.topic \
        AND d.event = r.event WHERE r.topic = $1 AND r.handler = $2 AND r.lane <> 'realtime' AND r.status <> 'dead' \
        AND r.status IN ('pending', 'retrying') AND r.next_attempt_at > r.created_at AND NOT d.waits AND NOT d.done");
    /// Lines whose first had its turn and is in no lane.
    STUCK = Sql::both("SELECT w.id, w.community FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook \
        WHERE d.waits AND d.record IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM lane_records r WHERE r.id = d.record AND r.status <> 'dead')");
}

/// One more for a webhook's line.
#[derive(Debug)]
pub struct Queued<'a> {
    /// Whose line.
    pub webhook: WebhookId,
    /// Which event.
    pub event: EventId,
    /// The event's name.
    pub name: &'a str,
    /// Where the event is found.
    pub source: &'a Json,
    /// Its place in the line.
    pub place: i64,
    /// When.
    pub at: Time,
}

/// The first of a line.
#[derive(Clone, Debug)]
pub struct First {
    /// Which event.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// Its place in the line.
    pub place: i64,
    /// Where the event is found.
    pub source: Json,
    /// The lane's record, once it had its turn.
    pub record: Option<RecordId>,
    /// The same, while a lane has it.
    pub held: Option<RecordId>,
}

row! { First { event, name, place, source, record, held } }
row! { DeliveryOutcome { event, name, done, attempts, status, error, at } }

/// An attempt to deliver that has ended.
#[derive(Debug)]
pub struct Ended<'a> {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// The event's name.
    pub name: &'a str,
    /// How.
    pub end: &'a DeliveryEnd,
    /// When.
    pub at: Time,
}

/// Puts an event at the end of a line; `false` when it has been there.
pub async fn queue<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &Queued<'_>) -> Result<bool, StoreError> {
    let values = (new.webhook, new.event, new.name, new.at, new.place, new.source);
    Ok(conn.run(QUEUE, values).await? == 1)
}

/// The first of a webhook's line.
pub async fn first(conn: &mut Conn<'_>, webhook: WebhookId) -> Result<Option<First>, StoreError> {
    conn.maybe(FIRST, (webhook,)).await
}

/// Notes that a delivery has its turn, as a record of a lane.
pub async fn hand<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    webhook: WebhookId,
    event: EventId,
    record: RecordId,
) -> Result<(), StoreError> {
    conn.run(HAND, (webhook, event, record)).await.map(drop)
}

/// Takes a delivery out of its line.
pub async fn leave<C>(conn: &mut Conn<'_>, _: &Grant<C>, webhook: WebhookId, event: EventId) -> Result<(), StoreError> {
    conn.run(LEAVE, (webhook, event)).await.map(drop)
}

/// Leaves out all that waits in a line, but for tests. Answers how many.
pub async fn clear<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    webhook: WebhookId,
    reason: &str,
    now: Time,
) -> Result<u64, StoreError> {
    conn.run(CLEAR, (webhook, reason, now, TESTED)).await
}

/// Notes how an attempt ended, and forgets what is from before `oldest`.
pub async fn note<C>(conn: &mut Conn<'_>, _: &Grant<C>, ended: &Ended<'_>, oldest: Time) -> Result<(), StoreError> {
    let (done, attempts, status, error, waits) = match ended.end {
        DeliveryEnd::Arrived { status } => (true, 1, Some(*status), None, false),
        DeliveryEnd::Failed { status, error, last } => (false, 1, *status, Some(error.as_str()), !last),
        DeliveryEnd::LeftOut { reason } => (true, 0, None, Some(reason.as_str()), false),
    };
    let status = status.map(i64::from);
    let values = (ended.webhook, ended.event, ended.name, done, attempts, status, error, ended.at, waits);
    conn.run(NOTE, values).await?;
    conn.run(TRIM, (ended.webhook, oldest)).await.map(drop)
}

/// Whether nothing is left to do for a delivery.
pub async fn is_done(conn: &mut Conn<'_>, webhook: WebhookId, event: EventId) -> Result<bool, StoreError> {
    Ok(conn.maybe(DONE, (webhook, event)).await?.unwrap_or_default())
}

/// What came of the latest delivery that was tried or left out.
pub async fn latest(conn: &mut Conn<'_>, webhook: WebhookId) -> Result<Option<DeliveryOutcome>, StoreError> {
    conn.maybe(LATEST, (webhook,)).await
}

/// What came of the latest delivery that did not arrive.
pub async fn failure(conn: &mut Conn<'_>, webhook: WebhookId) -> Result<Option<DeliveryOutcome>, StoreError> {
    conn.maybe(FAILURE, (webhook,)).await
}

/// How many wait to be sent, in the line or as a replayed record of `handler`.
pub async fn waiting(conn: &mut Conn<'_>, webhook: WebhookId, handler: &str) -> Result<i64, StoreError> {
    let lined_up: i64 = conn.one(WAITING, (webhook,)).await?;
    let replayed: i64 = conn.one(REPLAYED, (webhook, handler)).await?;
    Ok(lined_up + replayed)
}

/// Webhooks whose line does not go on by itself, because the record of its first died without a word.
pub async fn stuck(conn: &mut Conn<'_>) -> Result<Vec<(WebhookId, CommunityId)>, StoreError> {
    conn.all(STUCK, ()).await
}
