//! The realtime lane: every event reaches the live connections, in order.

use std::time::Duration;

use crate::{
    domain::{Envelope, Time, Topic},
    hub::{Hub, Published},
    queue::{Handler, Lane},
    service,
    store::{Store, StoreError, events, outbox::Claimed},
};

/// Its name and how it is polled (Q03).
pub const LANE: Lane = Lane { name: "realtime", poll: Duration::from_millis(100), lease: 30 * Time::SECOND };

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
}

impl Handler for Realtime {
    async fn deliver(&self, envelope: Envelope) {
        let Envelope { topic, seq, event } = envelope;
        self.hub.publish(Published { topic, seq, event }).await;
    }

    async fn recover(&self, record: &Claimed) -> Result<(), String> {
        let topic = Topic::of(&record.topic_kind, record.topic)
            .ok_or_else(|| format!("unknown kind of topic: {}", record.topic_kind))?;
        let seq = record.seq;
        let read = self.store.read::<_, StoreError, _>(move |conn| {
            Box::pin(async move {
                let Some(logged) = events::at(conn, topic, seq).await? else { return Ok(None) };
                service::hydrate(conn, topic, vec![logged]).await
            })
        });
        // An event that is no longer in the log, or about nothing any more, is old news: clients read afresh.
        for (seq, event) in read.await.map_err(|cause| cause.to_string())?.unwrap_or_default() {
            self.deliver(Envelope { topic, seq, event }).await;
        }
        Ok(())
    }
}
