//! Messages vanish on time (M26).

use super::door::Door;
use crate::{
    domain::{Actor, Error, Lane, MessageId, Surface, command::ExpireMessage},
    queue::{Done, Handler, Record, one_by_one},
    service,
    store::BoxFuture,
};

/// Deletes messages whose time has come. Idempotent: what is gone is gone.
#[derive(Debug)]
pub struct Expiry<D> {
    door: D,
}

impl<D: Door> Expiry<D> {
    /// Deletes through `door`.
    pub const fn new(door: D) -> Self {
        Self { door }
    }

    /// Deletes a message. An error is why it has to be tried again.
    pub async fn follow(&self, message: MessageId) -> Result<(), String> {
        match self.door.execute(Actor::system(Surface::Worker), ExpireMessage { message }).await {
            // Its channel is gone, and it with it.
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(cause) => Err(cause.to_string()),
        }
    }
}

impl<D: Door> Handler for Expiry<D> {
    fn name(&self) -> &'static str {
        service::EXPIRY
    }

    fn lane(&self) -> Lane {
        Lane::General
    }

    /// None by name: a post writes the record itself, for later.
    fn events(&self) -> &'static [&'static str] {
        &[]
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        one_by_one(records, move |record| self.follow(record.topic.into()))
    }
}
