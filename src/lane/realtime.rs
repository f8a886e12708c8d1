//! The realtime lane: every event reaches the live connections, in order.

use tracing::Instrument as _;

use super::{door::Door, recall};
use crate::{
    domain::{Envelope, Event, Lane},
    hub::Hub,
    queue::{Batch, Done, Handler, Record},
    store::{BoxFuture, Store},
    watching::span,
};

/// How many events go to the hub at once.
const BATCH: usize = 256;

/// Hands events to the hub.
#[derive(Debug)]
pub struct Realtime<D> {
    hub: Hub,
    store: Store,
    door: D,
}

impl<D: Door> Realtime<D> {
    /// Hands events to `hub`; reads left-behind ones from `store`.
    pub const fn new(hub: Hub, store: Store, door: D) -> Self {
        Self { hub, store, door }
    }

    /// The event of a record; `None` for what is old news, which clients read afresh.
    async fn event(&self, record: &mut Record) -> Result<Option<Envelope>, String> {
        match record.envelope.take() {
            Some(envelope) => Ok(Some(envelope)),
            None => recall(&self.store, record).await,
        }
    }
}

impl<D: Door> Handler for Realtime<D> {
    fn name(&self) -> &'static str {
        crate::service::HUB
    }

    fn lane(&self) -> Lane {
        Lane::Realtime
    }

    /// None by name: every event has a record for the hub.
    fn events(&self) -> &'static [&'static str] {
        &[]
    }

    fn batch(&self) -> Batch {
        Batch::up_to(BATCH)
    }

    fn width(&self) -> usize {
        1
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            let (mut done, mut events) = (Vec::with_capacity(records.len()), Vec::with_capacity(records.len()));
            for mut record in records {
                let span = span::handling(record.lane.as_str(), &record.name, record.traced());
                let event = self.event(&mut record).instrument(span.clone()).await;
                done.push(event.map(|event| events.extend(event.map(|event| (event, span)))).map_err(Into::into));
            }
            // Who hears that the rules changed asks what they may do now, and has to be answered by the new ones.
            let rules = |event: &Event| {
                let roles = matches!(event, Event::RolesChanged { person: None, .. });
                roles || matches!(event, Event::RulesChanged { .. } | Event::ModerationChanged { .. })
            };
            if events.iter().any(|(event, _)| rules(&event.event)) {
                self.door.rule_anew().await;
            }
            if self.hub.publish_all(events).await {
                return done;
            }
            done.iter().map(|_| Err("the server stops".to_owned().into())).collect()
        })
    }
}
