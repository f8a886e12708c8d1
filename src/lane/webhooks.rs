//! Webhooks: a community's events are put in the lines of those that are told of them (A03). `deliveries` sends.

use super::door::Door;
use crate::{
    domain::{
        Actor, Lane, Seq, Surface, Topic,
        command::{ResumeDeliveries, StopWebhook},
        query::ReadSubscribers,
        webhook::TESTED,
    },
    queue::{Done, Duty, Handler, Record, one_by_one},
    store::{BoxFuture, Store, StoreError, deliveries},
};

/// The events this handles: all that a webhook can ask for, and the test.
pub const WEBHOOKS_FOLLOW: &[&str] =
    &["message.posted", "message.edited", "message.deleted", "channel.created", "member.joined", TESTED];

/// How often it is looked for lines that do not go on, in microseconds.
const RESUMED_EVERY: i64 = 60 * crate::domain::Time::SECOND;

/// Puts events in the lines of webhooks. Idempotent: what has been in a line is not put there again.
#[derive(Debug)]
pub struct Webhooks<D> {
    door: D,
}

impl<D: Door> Webhooks<D> {
    /// Reads and writes through `door`.
    pub const fn new(door: D) -> Self {
        Self { door }
    }

    /// Follows the event at a place of a topic. An error is why it has to be tried again.
    pub async fn follow(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let told = self.door.ask(&server, ReadSubscribers { topic, seq }).await.map_err(|cause| cause.to_string())?;
        let Some(queue) = told else { return Ok(()) };
        let community = queue.community;
        let overfull = self.door.execute(server.clone(), queue).await.map_err(|cause| cause.to_string())?;
        for webhook in overfull {
            let stopped = self.door.execute(server.clone(), StopWebhook { community, webhook }).await;
            stopped.map_err(|cause| cause.to_string())?;
        }
        Ok(())
    }
}

/// Has lines go on whose first was given up without a word: its process died at its last attempt.
pub fn resuming<D: Door + Clone>(door: D) -> Duty {
    Duty::new("webhooks.resume", RESUMED_EVERY, move |store, _| {
        let door = door.clone();
        async move { resume_once(&door, &store).await }
    })
}

/// The same, once.
pub async fn resume_once<D: Door>(door: &D, store: &Store) -> Result<(), StoreError> {
    for (webhook, community) in store.read::<_, StoreError, _>(|conn| Box::pin(deliveries::stuck(conn))).await? {
        let resumed = door.execute(Actor::system(Surface::Worker), ResumeDeliveries { community, webhook }).await;
        resumed.map_err(StoreError::other)?;
    }
    Ok(())
}

impl<D: Door> Handler for Webhooks<D> {
    fn name(&self) -> &'static str {
        crate::service::WEBHOOKS
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    fn events(&self) -> &'static [&'static str] {
        WEBHOOKS_FOLLOW
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        one_by_one(records, move |record| async move {
            match record.watched() {
                Some(topic) => self.follow(topic, record.seq).await,
                None => Ok(()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::WebhookEvent;

    #[test]
    fn all_that_a_webhook_can_ask_for_is_handled() {
        for event in WebhookEvent::ALL {
            assert!(WEBHOOKS_FOLLOW.contains(&event.as_str()), "{event} is followed");
        }
        assert_eq!(WEBHOOKS_FOLLOW.len(), WebhookEvent::ALL.len() + 1, "and the test");
    }
}
