//! Floor 6: what each lane does with an event.

pub mod activity;
pub mod commands;
pub mod deliveries;
pub mod door;
pub mod expiry;
pub mod general;
pub mod indexing;
pub mod mentions;
pub mod moderation;
pub mod outgoing;
pub mod realtime;
mod recall;
mod registry;
pub mod replies;
pub mod retention;
pub mod sealer;
pub mod webhooks;

pub use recall::recall;
pub use registry::{Registry, Started};

use self::{door::Door, outgoing::Outgoing};
use crate::{
    domain::{Clock, command::Leftover},
    hub::Hub,
    store::Store,
};

/// Every handler and every periodic duty. A new one is a line here.
pub fn registry<D: Door + Clone>(hub: &Hub, store: &Store, clock: &Clock, door: &D, outgoing: Outgoing) -> Registry {
    let mut registry = Registry::default();
    registry
        .handler(realtime::Realtime::new(hub.clone(), store.clone(), door.clone()))
        .handler(mentions::Mentions::new(door.clone()))
        .handler(replies::Replies::new(door.clone()))
        .handler(moderation::Moderation::new(door.clone()))
        .handler(commands::Commands::new(door.clone()))
        .handler(expiry::Expiry::new(door.clone()))
        .handler(webhooks::Webhooks::new(door.clone()))
        .handler(deliveries::Deliveries::new(door.clone(), outgoing, clock.clone()))
        .duty(activity::counting(door.clone()))
        .duty(indexing::indexing(door.clone()))
        .duty(retention::removing(door.clone()))
        .duty(webhooks::resuming(door.clone()))
        .duty(sealer::sealing());
    for what in Leftover::ALL {
        registry.duty(general::tidying(door.clone(), *what));
    }
    registry
}
