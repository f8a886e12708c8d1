//! Mentions: whom a message names is told of it (M06, M12).

use super::door::Door;
use crate::{
    domain::{
        Actor, Event, Lane, Seq, Surface, Topic,
        command::Notify,
        query::{Mentioned, ReadMentioned},
    },
    queue::{Done, Handler, Record, one_by_one},
    store::BoxFuture,
};

/// The events this handles.
pub const MENTIONS_FOLLOW: &[&str] = &["message.posted", "message.edited"];

/// Writes the notifications that follow from a message. Idempotent: nobody is told of a message twice.
#[derive(Debug)]
pub struct Mentions<D> {
    door: D,
}

impl<D: Door> Mentions<D> {
    /// Reads and writes through `door`.
    pub const fn new(door: D) -> Self {
        Self { door }
    }

    /// Follows the event at a place of a channel's topic. It reads what the message says now: a name that was taken
    /// out meanwhile is not told, and one that was put in is told once. An error is why it has to be tried again.
    pub async fn follow(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let mentioned =
            self.door.ask(&server, ReadMentioned { topic, seq }).await.map_err(|cause| cause.to_string())?;
        let Some(Mentioned { event, message, people }) = mentioned else { return Ok(()) };
        let told = self.door.execute(server, Notify { event, message, people }).await;
        told.map_err(|cause| cause.to_string())
    }
}

impl<D: Door> Handler for Mentions<D> {
    fn name(&self) -> &'static str {
        "mentions"
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    fn events(&self) -> &'static [&'static str] {
        MENTIONS_FOLLOW
    }

    fn wants(&self, event: &Event) -> bool {
        let (Event::MessagePosted { mentioned, .. } | Event::MessageEdited { mentioned, .. }) = event else {
            return false;
        };
        !mentioned.is_empty()
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
