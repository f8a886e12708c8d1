//! The lines of webhooks (A03): what each is still to be told, in the order in which it happened. Only the server itself
//! changes them.
//!
//! A lane holds the first of a line alone, so a webhook is told one thing at a time in the whole cluster, and one that
//! does not answer has one hand of one process at most, whatever waits behind. When the first is over, the same write
//! hands the next one to the lane.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Command, DELIVERIES, Outcome, Tools, Work};
use crate::{
    domain::{
        Action, Actor, Lane, Result, Seq, Time, Topic, WebhookId,
        command::{NoteDelivery, QueueDeliveries, ResumeDeliveries, StopWebhook},
        webhook::{DeliveryEnd, FAILING_FOR, FAILURES_IN_A_ROW, LINE, Patience},
    },
    policy::Target,
    store::{
        Conn, Shard,
        deliveries::{self, Ended, Queued},
        outbox::NewRecord,
        webhooks::{self, Stored},
    },
};

/// How long the outcome of a delivery is kept, in microseconds: 30 days.
const OUTCOMES_KEPT: i64 = 30 * Time::DAY;
/// The most characters of a reason that are kept.
const REASON_CHARS: usize = 500;
/// Why nothing is sent to a webhook that was switched off.
pub(super) const SWITCHED_OFF: &str = "the webhook was switched off meanwhile";
/// The kind of thing that keeps deliveries in order.
const LINED_UP: &str = "webhook";

/// Where a delivery's event is found: what its lane record carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
    /// The W3C `traceparent` it belongs to.
    pub trace: Option<String>,
}

/// Hands the first of a line to the lane, unless the lane has it. The line must be locked.
async fn go_on<C>(work: &mut Work<'_, '_, C>, webhook: WebhookId) -> Outcome<()> {
    while let Some(first) = deliveries::first(work.conn, webhook).await? {
        if first.held.is_some() {
            return Ok(());
        }
        let source: Option<Source> = serde_json::from_value(first.source.clone()).ok();
        let (None, Some(source)) = (first.record, source) else {
            // Its process died at its last attempt: it is a dead letter, and the others do not wait for it.
            deliveries::leave(work.conn, work.grant, webhook, first.event).await?;
            continue;
        };
        let record = work.record(Lane::CrossDomain, first.event, &first.name, source.topic, source.seq);
        let record = NewRecord {
            handler: DELIVERIES,
            topic_kind: LINED_UP,
            topic: webhook.into(),
            seq: first.place,
            payload: first.source,
            trace: source.trace,
            ..record
        };
        deliveries::hand(work.conn, work.grant, webhook, first.event, record.id).await?;
        return work.enqueue(&record, None).await;
    }
    Ok(())
}

/// Leaves out what waits for a webhook that was switched off.
pub(super) async fn clear<C>(work: &mut Work<'_, '_, C>, webhook: WebhookId) -> Outcome<u64> {
    let left_out = deliveries::clear(work.conn, work.grant, webhook, SWITCHED_OFF, work.now).await?;
    // A test may wait behind what was left out.
    go_on(work, webhook).await?;
    Ok(left_out)
}

/// Whether a webhook should still be sent to.
fn patience(webhook: &Stored, now: Time) -> Patience {
    let long = webhook.failing_since.is_some_and(|since| now.since(since) >= FAILING_FOR);
    if webhook.active && webhook.failures >= FAILURES_IN_A_ROW && long { Patience::Exhausted } else { Patience::Left }
}

/// A command on lines: nothing to check, nothing to load; all lines of a community are changed by one writer.
macro_rules! line_command {
    ($command:ident -> $output:ty, $action:ident, |$this:ident, $work:ident| $run:expr) => {
        impl Command for $command {
            type Prepared = ();
            type Scope = Target;
            type Output = $output;
            const ACTION: Action = Action::$action;

            fn shard(&self) -> Shard {
                Shard::of(self.community.into())
            }

            async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
                Ok(())
            }

            async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
                Ok(Target::default())
            }

            async fn run(self, $work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<$output> {
                let $this = self;
                $run
            }
        }
    };
}

line_command!(QueueDeliveries -> Vec<WebhookId>, DeliverWebhooks, |this, work| {
    work.about("community", this.community);
    let trace = work.actor.trace.map(|trace| trace.to_string());
    let source = json!(Source { topic: this.topic, seq: this.seq, trace });
    let (mut queued, mut overfull) = (Vec::new(), Vec::new());
    for webhook in this.webhooks {
        // It may be gone by now.
        let Some(place) = webhooks::take_place(work.conn, work.grant, webhook).await? else { continue };
        let new = Queued { webhook, event: this.event, name: &this.name, source: &source, place, at: work.now };
        if deliveries::queue(work.conn, work.grant, &new).await? {
            queued.push(webhook);
            go_on(work, webhook).await?;
            if is_overfull(work.conn, webhook, place).await? {
                overfull.push(webhook);
            }
        }
    }
    work.note(json!({ "event": this.event, "name": this.name, "webhooks": queued }));
    Ok(overfull)
});

/// Whether too much waits before a place.
async fn is_overfull(conn: &mut Conn<'_>, webhook: WebhookId, place: i64) -> Outcome<bool> {
    Ok(deliveries::first(conn, webhook).await?.is_some_and(|first| place - first.place >= LINE))
}

line_command!(NoteDelivery -> Patience, DeliverWebhooks, |this, work| {
    work.about("webhook", this.webhook);
    let end = shortened(this.end);
    if !webhooks::count_end(work.conn, work.grant, this.webhook, &end, work.now).await? {
        return Ok(Patience::Left);
    }
    let ended = Ended { webhook: this.webhook, event: this.event, name: &this.name, end: &end, at: work.now };
    deliveries::note(work.conn, work.grant, &ended, work.now.plus(-OUTCOMES_KEPT)).await?;
    if !matches!(end, DeliveryEnd::Failed { last: false, .. }) {
        go_on(work, this.webhook).await?;
    }
    work.note(json!({ "event": this.event, "name": this.name, "end": noted(&end) }));
    // What was begun is tried to its end.
    let DeliveryEnd::Failed { last: true, .. } = end else { return Ok(Patience::Left) };
    let webhook = webhooks::find(work.conn, this.webhook).await?;
    Ok(webhook.map_or(Patience::Left, |webhook| patience(&webhook, work.now)))
});

line_command!(ResumeDeliveries -> (), DeliverWebhooks, |this, work| {
    work.about("webhook", this.webhook);
    webhooks::lock(work.conn, work.grant, this.webhook).await?;
    go_on(work, this.webhook).await
});

line_command!(StopWebhook -> (), StopWebhook, |this, work| {
    work.about("webhook", this.webhook);
    webhooks::lock(work.conn, work.grant, this.webhook).await?;
    // Asked again: something may have arrived, or somebody may have looked after it meanwhile.
    let Some(webhook) = webhooks::find(work.conn, this.webhook).await?.filter(|webhook| webhook.active) else {
        return Ok(());
    };
    let behind = is_overfull(work.conn, this.webhook, webhook.place).await?;
    if !behind && patience(&webhook, work.now) == Patience::Left {
        return Ok(());
    }
    webhooks::stop(work.conn, work.grant, this.webhook, work.now).await?;
    let left_out = clear(work, this.webhook).await?;
    work.note(json!({
        "community": this.community, "active": false, "given_up": webhook.failures, "failing_since": webhook.failing_since,
        "left_out": left_out,
    }));
    Ok(())
});

fn shortened(end: DeliveryEnd) -> DeliveryEnd {
    match end {
        DeliveryEnd::Failed { status, error, last } => {
            DeliveryEnd::Failed { status, error: error.chars().take(REASON_CHARS).collect(), last }
        }
        other => other,
    }
}

/// What the audit log keeps of an end: what the receiver said is not ours to keep.
const fn noted(end: &DeliveryEnd) -> (&'static str, Option<u16>) {
    match end {
        DeliveryEnd::Arrived { status } => ("arrived", Some(*status)),
        DeliveryEnd::Failed { status, last: false, .. } => ("failed", *status),
        DeliveryEnd::Failed { status, last: true, .. } => ("given up", *status),
        DeliveryEnd::LeftOut { .. } => ("left out", None),
    }
}
