//! Mentions: whom a message names is told of it (M06, M12).

use super::door::Door;
use crate::domain::{
    Actor, Seq, Surface, Topic,
    command::Notify,
    query::{Mentioned, ReadMentioned},
};

/// The events this handles.
pub const MENTIONS_FOLLOW: [&str; 2] = ["message.posted", "message.edited"];

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
    pub async fn handle(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let mentioned =
            self.door.ask(&server, ReadMentioned { topic, seq }).await.map_err(|cause| cause.to_string())?;
        let Some(Mentioned { event, message, people }) = mentioned else { return Ok(()) };
        let told = self.door.execute(server, Notify { event, message, people }).await;
        told.map_err(|cause| cause.to_string())
    }
}
