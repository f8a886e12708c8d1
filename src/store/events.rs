//! The event log clients resume from: ids and small facts, never text.

use serde_json::Value as Json;
use uuid::Uuid;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{EventId, Seq, Time, Topic},
    policy::Grant,
    row, sql,
};

sql! {
    /// One event.
    APPEND = Sql::both("INSERT INTO events (topic, seq, id, name, subject, facts, at) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    /// What came after a cursor.
    SINCE = Sql::both("SELECT seq, id, name, subject, facts FROM events WHERE topic = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    /// One by its place.
    AT = Sql::both("SELECT seq, id, name, subject, facts FROM events WHERE topic = $1 AND seq = $2");
    /// Those too old to be kept, but for what a lane or a webhook's line still has to do, or a dead letter may be replayed
    /// for.
    TRIM = Sql::both("DELETE FROM events WHERE (topic, seq) IN (SELECT topic, seq FROM events WHERE at < $1 \
        AND id NOT IN (SELECT event FROM lane_records) AND id NOT IN (SELECT event FROM webhook_deliveries WHERE waits) \
        LIMIT $2)");
}

/// An event as logged.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its place in its topic.
    pub seq: Seq,
    /// Which.
    pub id: EventId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub subject: Option<Uuid>,
    /// Small facts that the present state does not tell.
    pub facts: Json,
}

row! { Logged { seq, id, name, subject, facts } }

/// Appends an event at its place.
pub async fn append<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    topic: Topic,
    event: &Logged,
    now: Time,
) -> Result<(), StoreError> {
    let values = (topic.id(), event.seq, event.id, event.name.as_str(), event.subject, &event.facts, now);
    conn.send(APPEND, values).await
}

/// At most `limit` events after `cursor`, in order.
pub async fn since(conn: &mut Conn<'_>, topic: Topic, cursor: Seq, limit: i64) -> Result<Vec<Logged>, StoreError> {
    conn.all(SINCE, (topic.id(), cursor, limit)).await
}

/// The event at a place.
pub async fn at(conn: &mut Conn<'_>, topic: Topic, seq: Seq) -> Result<Option<Logged>, StoreError> {
    conn.maybe(AT, (topic.id(), seq)).await
}

/// Removes at most `limit` events from before `oldest`; older cursors read afresh. Answers how many.
pub async fn trim<C>(conn: &mut Conn<'_>, _: &Grant<C>, oldest: Time, limit: i64) -> Result<u64, StoreError> {
    conn.run(TRIM, (oldest, limit)).await
}
