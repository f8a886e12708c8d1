//! Moderation: moderators are told of what was flagged (M20).

use super::door::Door;
use crate::{
    domain::{Actor, Lane, Seq, Surface, Topic, query::ReadFlag},
    queue::{Done, Handler, Record, one_by_one},
    store::BoxFuture,
};

/// The events this handles.
pub const MODERATION_FOLLOWS: &[&str] = &["message.flagged"];

/// Writes the notifications that follow from a flag. Idempotent: nobody is told of a message twice.
#[derive(Debug)]
pub struct Moderation<D> {
    door: D,
}

impl<D: Door> Moderation<D> {
    /// Reads and writes through `door`.
    pub const fn new(door: D) -> Self {
        Self { door }
    }

    /// Follows the event at a place of a moderator's topic: tells them, if there is still something to judge. An error is
    /// why it has to be tried again.
    pub async fn follow(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let notify = self.door.ask(&server, ReadFlag { topic, seq }).await.map_err(|cause| cause.to_string())?;
        let Some(notify) = notify else { return Ok(()) };
        self.door.execute(server, notify).await.map_err(|cause| cause.to_string())
    }
}

impl<D: Door> Handler for Moderation<D> {
    fn name(&self) -> &'static str {
        "moderation"
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    fn events(&self) -> &'static [&'static str] {
        MODERATION_FOLLOWS
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
