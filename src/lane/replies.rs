//! Replies: who follows a thread is told of them.

use super::door::Door;
use crate::{
    domain::{
        Actor, Event, Lane, Seq, Surface, Topic,
        command::TellFollowers,
        notification::FOLLOWERS,
        query::{Followers, ReadFollowers},
    },
    queue::{Done, Handler, Record, one_by_one},
    store::BoxFuture,
};

/// Writes the notifications that follow from a reply. Idempotent: nobody is told of a reply twice.
#[derive(Debug)]
pub struct Replies<D> {
    door: D,
}

impl<D: Door> Replies<D> {
    /// Reads and writes through `door`.
    pub const fn new(door: D) -> Self {
        Self { door }
    }

    /// Follows the event at a place of a channel's topic. An error is why it has to be tried again.
    pub async fn follow(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let followers =
            self.door.ask(&server, ReadFollowers { topic, seq }).await.map_err(|cause| cause.to_string())?;
        let Some(Followers { event, message, people }) = followers else { return Ok(()) };
        for people in people.chunks(FOLLOWERS) {
            let tell = TellFollowers { event, message, people: people.to_vec() };
            self.door.execute(server.clone(), tell).await.map_err(|cause| cause.to_string())?;
        }
        Ok(())
    }
}

impl<D: Door> Handler for Replies<D> {
    fn name(&self) -> &'static str {
        "replies"
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    fn events(&self) -> &'static [&'static str] {
        &["message.posted"]
    }

    fn wants(&self, event: &Event) -> bool {
        matches!(event, Event::MessagePosted { message, .. } if message.root.is_some())
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
