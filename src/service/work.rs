use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Fingerprints, Moderation, Outcome, log};
use crate::{
    domain::{Actor, Envelope, Event, EventId, Lane, PersonId, PersonSummary, Priority, RecordId, Seq, Time, Topic},
    policy::{Grant, Judge},
    store::{
        Conn, channels, communities, events,
        outbox::{self, Committed, Handed, NewRecord, Origin},
        people,
    },
};

/// How long a lane record belongs to the process that wrote it, in microseconds: beyond it, that process is dead.
pub const LEASE: i64 = 30 * Time::SECOND;
/// The handler that brings every event to the live connections.
pub const HUB: &str = "hub";
/// The handler that puts events in the lines of a community's webhooks.
pub const WEBHOOKS: &str = "webhooks";
/// The handler that sends a webhook what is first in its line.
pub const DELIVERIES: &str = "deliveries";

/// A write under way: the transaction, the grant, and what goes out with it.
pub struct Work<'w, 'c, C> {
    /// The transaction.
    pub conn: &'w mut Conn<'c>,
    /// Proof that the policy allowed it.
    pub grant: &'w Grant<C>,
    /// Who acts.
    pub actor: &'w Actor,
    /// The rules now, for what events say somebody may do.
    pub policy: Judge<'w>,
    /// When.
    pub now: Time,
    /// What messages are judged by now.
    pub moderation: &'w Moderation,
    fingerprints: &'w Fingerprints,
    pub(super) origin: &'w Origin,
    pub(super) outgoing: Committed,
    spared: Option<&'static str>,
    pub(super) target_kind: &'static str,
    pub(super) target: Option<Uuid>,
    pub(super) changes: Json,
    noted: bool,
}

/// What a write is done with beside its transaction.
#[derive(Clone, Copy)]
pub struct Means<'w> {
    /// What audit entries keep of texts.
    pub fingerprints: &'w Fingerprints,
    /// What messages are judged by.
    pub moderation: &'w Moderation,
    /// Which process does first what goes out, and who wants it.
    pub origin: &'w Origin,
}

/// What a command says in its audit entry.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The kind of thing it is about; empty when there is none.
    pub target_kind: &'static str,
    /// Which.
    pub target: Option<Uuid>,
    /// Ids and digests.
    pub changes: Json,
}

impl<'w, 'c, C> Work<'w, 'c, C> {
    /// Begins.
    pub fn begin(
        conn: &'w mut Conn<'c>,
        grant: &'w Grant<C>,
        actor: &'w Actor,
        policy: Judge<'w>,
        now: Time,
        means: Means<'w>,
    ) -> Self {
        let Means { fingerprints, moderation, origin } = means;
        let outgoing = Committed::default();
        Self {
            conn,
            grant,
            actor,
            policy,
            now,
            moderation,
            fingerprints,
            origin,
            outgoing,
            spared: None,
            target_kind: "",
            target: None,
            changes: json!({}),
            noted: true,
        }
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

    /// What the audit entry keeps of a text.
    pub fn fingerprint(&self, text: &str) -> String {
        self.fingerprints.of(text)
    }

    /// Ids and digests for the audit entry; never message text.
    pub fn note(&mut self, changes: Json) {
        self.changes = changes;
    }

    /// Leaves no entry: the server's own housekeeping, when nothing was there to be removed. What sends events is noted
    /// all the same.
    pub fn leave_no_entry(&mut self) {
        self.noted = false;
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
        let envelope = Envelope { topic, seq, event };
        let to_hub = NewRecord { handler: HUB, ..self.record(Lane::Realtime, id, envelope.event.name(), topic, seq) };
        let (origin, spared) = (self.origin, self.spared);
        for wish in origin.subscriptions.to(&envelope.event).filter(|wish| Some(wish.handler) != spared) {
            let new = NewRecord { handler: wish.handler, ..self.record(wish.lane, id, &logged.name, topic, seq) };
            self.enqueue(&new, Some(envelope.clone())).await?;
        }
        self.enqueue(&to_hub, Some(envelope)).await?;
        self.outgoing.published += 1;
        Ok(())
    }

    /// A record of this process as most are: nothing in it but its event, ordinary, to be done at once. What is
    /// otherwise is set with `NewRecord { …, ..work.record(…) }`.
    pub fn record<'n>(&self, lane: Lane, event: EventId, name: &'n str, topic: Topic, seq: Seq) -> NewRecord<'n> {
        NewRecord {
            id: RecordId::fresh(),
            lane,
            handler: "",
            event,
            name,
            topic_kind: topic.kind(),
            topic: topic.id(),
            seq,
            payload: Json::Null,
            from_domain: None,
            to_domain: None,
            priority: Priority::Normal,
            trace: self.actor.trace.map(|trace| trace.to_string()),
            owner: self.origin.node,
            now: self.now,
            lease_until: self.now.plus(LEASE),
            due: None,
        }
    }

    /// Stores a record with this write (Q08); after the commit it is handed over in memory, unless it is for later.
    pub async fn enqueue(&mut self, new: &NewRecord<'_>, envelope: Option<Envelope>) -> Outcome<()> {
        outbox::enqueue(self.conn, self.grant, new).await?;
        if new.due.is_none() {
            self.outgoing.records.push(Handed { record: new.claimed(), envelope });
        }
        Ok(())
    }

    /// A handler that would find nothing to do gets no record of what is sent from here on.
    pub fn spare(&mut self, handler: &'static str) {
        self.spared = Some(handler);
    }

    /// Has a lane look at the database after the commit: something there waits for anybody, or it was set anew.
    pub fn wake(&mut self, lane: Lane) {
        self.outgoing.wake.push(lane);
    }

    /// What is to be noted, if anything is, and what goes to the lanes.
    pub fn finish(self) -> (Option<Noted>, Committed) {
        let noted = self.noted || !self.outgoing.is_empty();
        let Self { target_kind, target, changes, outgoing, .. } = self;
        (noted.then_some(Noted { target_kind, target, changes }), outgoing)
    }
}
