//! Events from outside: checked, routed, stored, all or none (E01, E03–E06).

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Command, Outcome, Tools, Work};
use crate::{
    domain::{
        Action, Actor, CorrelationId, Error, EventId, FieldError, Priority, RecordId, Result,
        audit::Digest,
        command::{PublishEvents, Published},
        foreign::{self, BATCH, ForeignEvent, ForeignMode},
    },
    policy::Target,
    store::{
        Conn, Shard,
        outbox::NewRecord,
        publications::{self, Answer},
    },
};

/// The kind of thing that keeps the events of one correlation in order.
const CORRELATION: &str = "correlation";

/// A batch after its check.
#[derive(Clone)]
pub struct Checked {
    correlation: CorrelationId,
    /// By which a repeat is known.
    digest: Digest,
    /// Whether each event is taken.
    taken: Vec<bool>,
    faults: Vec<FieldError>,
}

impl Command for PublishEvents {
    type Prepared = Checked;
    type Scope = Target;
    type Output = Published;
    const ACTION: Action = Action::PublishEvents;

    fn shard(&self) -> Shard {
        self.correlation.parse().map_or(Shard(0), |id: uuid::Uuid| Shard::of(id))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Checked> {
        check(self, tools.foreign)
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, checked: Checked) -> Outcome<Published> {
        work.about(CORRELATION, checked.correlation);
        let done = checked.answer();
        if let Some(first) = taken_before(work, &checked, done).await? {
            work.note(json!({ "repeated": true, "published": first.published, "dropped": first.dropped }));
            return Ok(first);
        }
        for (seq, (event, taken)) in (1..).zip(self.events.iter().zip(&checked.taken)) {
            if *taken {
                let (event, _) = event.read(0);
                store(work, checked.correlation, seq, &event).await?;
            } else {
                tracing::warn!(correlation = %checked.correlation, place = seq - 1, "a foreign event was dropped");
            }
        }
        work.outgoing.published += done.published;
        work.outgoing.dropped += done.dropped;
        // The fields and what is wrong with them; never what they held.
        let faults: Vec<String> = checked.faults.iter().map(|fault| fault.field.clone()).collect();
        work.note(json!({ "published": done.published, "dropped": done.dropped, "faults": faults }));
        Ok(done)
    }
}

impl Checked {
    fn answer(&self) -> Published {
        let published = self.taken.iter().filter(|taken| **taken).count() as u64;
        Published { published, dropped: self.taken.len() as u64 - published }
    }
}

/// Notes the batch. What was answered when it came before.
async fn taken_before(
    work: &mut Work<'_, '_, PublishEvents>,
    checked: &Checked,
    done: Published,
) -> Outcome<Option<Published>> {
    let answer = Answer { published: done.published.cast_signed(), dropped: done.dropped.cast_signed() };
    let which = (checked.correlation, checked.digest);
    let first = publications::take(work.conn, work.grant, which, answer, work.now).await?;
    let said = |first: Answer| Published {
        published: first.published.cast_unsigned(),
        dropped: first.dropped.cast_unsigned(),
    };
    Ok(first.map(said))
}

fn check(batch: &PublishEvents, mode: ForeignMode) -> Result<Checked> {
    // Without a correlation there is nothing to keep in order, whatever the mode.
    let correlation =
        foreign::correlation(&batch.correlation).map_err(|fault| Error::Invalid { fields: vec![fault] })?;
    if batch.events.is_empty() || batch.events.len() > BATCH {
        return Err(Error::invalid("events", format!("must be 1 to {BATCH}")));
    }
    let each: Vec<Vec<FieldError>> =
        batch.events.iter().enumerate().map(|(place, event)| event.read(place).1).collect();
    let taken = each.iter().map(|faults| faults.is_empty() || mode == ForeignMode::Warn).collect();
    let faults: Vec<FieldError> = each.into_iter().flatten().collect();
    for fault in &faults {
        tracing::warn!(%correlation, field = fault.field, fault = fault.message, %mode, "a foreign event has a fault");
    }
    if mode == ForeignMode::Reject && !faults.is_empty() {
        return Err(Error::Invalid { fields: faults });
    }
    let events =
        serde_json::to_vec(&batch.events).map_err(|_| Error::invalid("events", "cannot be written as JSON"))?;
    Ok(Checked { correlation, digest: Digest(Sha256::digest(events).into()), taken, faults })
}

/// One record for each handler that wants it; one for nobody when none does, so that what was published is durable and
/// counted all the same.
async fn store(
    work: &mut Work<'_, '_, PublishEvents>,
    correlation: CorrelationId,
    seq: i64,
    event: &ForeignEvent,
) -> Outcome<()> {
    let lane = event.route();
    let wishes = work.origin.subscriptions.named(lane, &event.name);
    let mut handlers: Vec<&'static str> = wishes.map(|wish| wish.handler).collect();
    if handlers.is_empty() {
        handlers.push("");
    }
    let id = event.id.unwrap_or_else(EventId::fresh);
    for handler in handlers {
        let new = NewRecord {
            id: RecordId::fresh(),
            lane,
            handler,
            event: id,
            name: &event.name,
            topic_kind: CORRELATION,
            topic: correlation.into(),
            seq,
            payload: json!({ "version": event.version, "correlation": correlation, "data": event.payload }),
            from_domain: event.origin(),
            to_domain: event.destination(),
            priority: event.priority.unwrap_or(Priority::Normal),
            trace: event.follows().map(|trace| trace.to_string()),
            owner: work.origin.node,
            now: work.now,
            lease_until: work.now.plus(super::work::LEASE),
            due: None,
        };
        work.enqueue(&new, None).await?;
    }
    Ok(())
}
