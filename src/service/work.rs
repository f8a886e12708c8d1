use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Outcome, log};
use crate::{
    domain::{Actor, Envelope, Event, EventId, PersonId, PersonSummary, RecordId, Seq, Time, Topic},
    policy::Grant,
    store::{Conn, channels, communities, events, outbox, people},
};

/// How long a lane record belongs to the process that wrote it, in microseconds: beyond it, that process is dead.
pub const LEASE: i64 = 30 * Time::SECOND;

/// A write under way: the transaction, the grant, and what goes out with it.
pub struct Work<'w, 'c, C> {
    /// The transaction.
    pub conn: &'w mut Conn<'c>,
    /// Proof that the policy allowed it.
    pub grant: &'w Grant<C>,
    /// Who acts.
    pub actor: &'w Actor,
    /// When.
    pub now: Time,
    pub(super) node: Uuid,
    pub(super) records: Vec<(RecordId, Envelope)>,
    pub(super) target_kind: &'static str,
    pub(super) target: Option<Uuid>,
    pub(super) changes: Json,
}

impl<'w, 'c, C> Work<'w, 'c, C> {
    /// Begins. `node` is the process that will deliver what goes out.
    pub fn begin(conn: &'w mut Conn<'c>, grant: &'w Grant<C>, actor: &'w Actor, now: Time, node: Uuid) -> Self {
        Self { conn, grant, actor, now, node, records: Vec::new(), target_kind: "", target: None, changes: json!({}) }
    }

    /// Who acts; a command that gets here without somebody signed in has the wrong rules.
    pub fn person(&self) -> Outcome<&'w PersonSummary> {
        Ok(self.actor.signed_in()?)
    }

    /// What the audit entry is about.
    pub fn about(&mut self, kind: &'static str, id: impl Into<Uuid>) {
        self.target_kind = kind;
        self.target = Some(id.into());
    }

    /// Ids and digests for the audit entry; never message text.
    pub fn note(&mut self, changes: Json) {
        self.changes = changes;
    }

    /// Sends an event to a topic, at its next place.
    pub async fn emit(&mut self, topic: Topic, event: Event) -> Outcome<Seq> {
        let seq = match topic {
            Topic::Channel(id) => channels::advance(self.conn, self.grant, id).await?,
            Topic::Community(id) => communities::advance(self.conn, self.grant, id).await?,
            Topic::Person(id) => people::advance(self.conn, self.grant, id).await?,
        };
        self.emit_at(topic, seq, event).await?;
        Ok(seq)
    }

    /// Sends an event to a person's own topic.
    pub async fn tell(&mut self, person: PersonId, event: Event) -> Outcome<()> {
        self.emit(Topic::Person(person), event).await.map(drop)
    }

    /// Sends an event at a place that was already taken.
    pub async fn emit_at(&mut self, topic: Topic, seq: Seq, event: Event) -> Outcome<()> {
        let id = EventId::fresh();
        let logged = log::logged(&event, seq, id);
        events::append(self.conn, self.grant, topic, &logged, self.now).await?;
        let record = RecordId::fresh();
        let new = outbox::NewRecord {
            id: record,
            lane: "realtime",
            event: id,
            name: &logged.name,
            topic,
            seq,
            owner: self.node,
            now: self.now,
            lease_until: self.now.plus(LEASE),
        };
        outbox::enqueue(self.conn, self.grant, &new).await?;
        self.records.push((record, Envelope { topic, seq, event }));
        Ok(())
    }

    /// The audit entry's target and changes, and what goes to the lanes.
    pub fn finish(self) -> (&'static str, Option<Uuid>, Json, outbox::Committed) {
        (
            self.target_kind,
            self.target,
            self.changes,
            outbox::Committed { records: self.records, trace: self.actor.trace },
        )
    }
}
