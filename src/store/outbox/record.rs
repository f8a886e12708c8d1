//! A record, written and handed over.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::{Envelope, EventId, Lane, Priority, RecordId, Time},
    policy::Grant,
    row, sql,
    store::{Conn, Sql, StoreError},
};

sql! {
    /// A record, born leased to the process that writes it: to be handed over in memory is its first attempt.
    ENQUEUE = Sql::both("INSERT INTO lane_records (id, lane, handler, event, name, topic_kind, topic, seq, payload, \
        from_domain, to_domain, status, attempts, priority, next_attempt_at, lease_owner, lease_until, trace, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'processing', 1, $12, $13, $14, $15, $16, $13)");
    /// A record for whoever comes first, from a time on.
    ENQUEUE_LATER = Sql::both("INSERT INTO lane_records (id, lane, handler, event, name, topic_kind, topic, seq, payload, \
        from_domain, to_domain, status, attempts, priority, next_attempt_at, lease_until, waits, trace, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', 0, $12, $14, $14, $16, $15, $13)");
}

/// A record about to be stored.
#[derive(Clone, Debug)]
pub struct NewRecord<'a> {
    /// Which.
    pub id: RecordId,
    /// Its lane.
    pub lane: Lane,
    /// The handler it is for; empty for nobody in particular.
    pub handler: &'a str,
    /// The event it follows; handlers are idempotent by it (Q12).
    pub event: EventId,
    /// The event's name.
    pub name: &'a str,
    /// The kind of thing that keeps it in order: mostly the event's topic.
    pub topic_kind: &'a str,
    /// Which.
    pub topic: Uuid,
    /// Its place there.
    pub seq: i64,
    /// What it carries; `Null` when the event log says all. Never a message's text.
    pub payload: Json,
    /// The part of the product it comes from.
    pub from_domain: Option<&'a str>,
    /// The part of the product it is for.
    pub to_domain: Option<&'a str>,
    /// How urgent it is.
    pub priority: Priority,
    /// The W3C `traceparent` it belongs to.
    pub trace: Option<String>,
    /// The process that will do it first.
    pub owner: Uuid,
    /// When.
    pub now: Time,
    /// Until when nobody else takes it.
    pub lease_until: Time,
    /// Not before this; then it is leased to nobody and not handed over.
    pub due: Option<Time>,
}

/// A record as claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which.
    pub id: RecordId,
    /// Its lane.
    pub lane: Lane,
    /// The handler it is for.
    pub handler: String,
    /// The event it follows.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// The kind of thing that keeps it in order.
    pub topic_kind: String,
    /// Which.
    pub topic: Uuid,
    /// Its place there.
    pub seq: i64,
    /// What it carries.
    pub payload: Json,
    /// The part of the product it comes from.
    pub from_domain: Option<String>,
    /// The part of the product it is for.
    pub to_domain: Option<String>,
    /// How urgent it is: the lower first.
    pub priority: i64,
    /// Which attempt this is.
    pub attempts: i64,
    /// The W3C `traceparent` it belongs to.
    pub trace: Option<String>,
    /// When it came.
    pub created_at: Time,
    /// Until when nobody else takes it.
    pub lease_until: Time,
}

row! { Claimed { id, lane, handler, event, name, topic_kind, topic, seq, payload, from_domain, to_domain, priority,
attempts, trace, created_at, lease_until } }

/// A record that this process has just committed, with its event as clients see it, if it is one of theirs.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Leased to this process.
    pub record: Claimed,
    /// The event.
    pub envelope: Option<Envelope>,
}

/// What a committed command hands to the lanes, in commit order.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The records.
    pub records: Vec<Handed>,
    /// How many events it published.
    pub published: u64,
    /// How many events it left out for their faults (E05).
    pub dropped: u64,
    /// Lanes that should look at the database: something there waits for anybody, or they were set anew.
    pub wake: Vec<Lane>,
}

impl Committed {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.published == 0 && self.dropped == 0 && self.wake.is_empty()
    }
}

impl NewRecord<'_> {
    /// The record as its own process holds it: at its first attempt.
    pub fn claimed(&self) -> Claimed {
        Claimed {
            id: self.id,
            lane: self.lane,
            handler: self.handler.to_owned(),
            event: self.event,
            name: self.name.to_owned(),
            topic_kind: self.topic_kind.to_owned(),
            topic: self.topic,
            seq: self.seq,
            payload: self.payload.clone(),
            from_domain: self.from_domain.map(str::to_owned),
            to_domain: self.to_domain.map(str::to_owned),
            priority: self.priority.rank(),
            attempts: 1,
            trace: self.trace.clone(),
            created_at: self.now,
            lease_until: self.lease_until,
        }
    }
}

/// Stores a record in the transaction of its event (Q08).
pub async fn enqueue<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewRecord<'_>) -> Result<(), StoreError> {
    let rank = new.priority.rank();
    let Some(due) = new.due else {
        let values = (
            new.id,
            new.lane,
            new.handler,
            new.event,
            new.name,
            new.topic_kind,
            new.topic,
            new.seq,
            &new.payload,
            new.from_domain,
            new.to_domain,
            rank,
            new.now,
            new.owner,
            new.lease_until,
            new.trace.as_deref(),
        );
        return conn.send(ENQUEUE, values).await;
    };
    let values = (
        new.id,
        new.lane,
        new.handler,
        new.event,
        new.name,
        new.topic_kind,
        new.topic,
        new.seq,
        &new.payload,
        new.from_domain,
        new.to_domain,
        rank,
        new.now,
        due,
        new.trace.as_deref(),
        due > new.now,
    );
    conn.send(ENQUEUE_LATER, values).await
}

/// Stores many records in the transaction of their events (Q08).
pub async fn enqueue_all<C>(conn: &mut Conn<'_>, grant: &Grant<C>, new: &[NewRecord<'_>]) -> Result<(), StoreError> {
    for record in new {
        enqueue(conn, grant, record).await?;
    }
    Ok(())
}
