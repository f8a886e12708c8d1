//! The realtime lane: every event reaches the live connections, in order.

use tracing::Instrument as _;

use super::recall;
use crate::{
    domain::Lane,
    hub::Hub,
    queue::{Batch, Done, Handler, Record, one_by_one},
    store::{BoxFuture, Store},
    watching::span,
};

/// How many events go to the hub at once.
const BATCH: usize = 256;

/// Hands events to the hub.
#[derive(Debug)]
pub struct Realtime {
    hub: Hub,
    store: Store,
}

impl Realtime {
    /// Hands events to `hub`; reads left-behind ones from `store`.
    pub const fn new(hub: Hub, store: Store) -> Self {
        Self { hub, store }
    }

    async fn deliver(&self, mut record: Record) -> Result<(), String> {
        let envelope = match record.envelope.take() {
            Some(envelope) => Some(envelope),
            None => recall(&self.store, &record).await?,
        };
        // What is old news clients read afresh.
        if let Some(envelope) = envelope {
            self.hub.publish(envelope).await;
        }
        Ok(())
    }
}

impl Handler for Realtime {
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
        one_by_one(records, move |record| {
            let span = span::handling(record.lane.as_str(), &record.name, record.traced());
            self.deliver(record).instrument(span)
        })
    }
}
