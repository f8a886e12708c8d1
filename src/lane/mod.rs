//! Floor 6: what each lane does with an event.

pub mod general;
pub mod realtime;
pub mod sealer;
mod recall;
mod registry;

pub use recall::recall;
pub use registry::Registry;

use crate::{hub::Hub, store::Store};

/// Every handler and every periodic duty. A new one is a line here.
pub fn registry(hub: &Hub, store: &Store) -> Registry {
    let mut registry = Registry::default();
    registry
        .handler(realtime::Realtime::new(hub.clone(), store.clone()))
        .duty(general::sessions())
        .duty(general::events())
        .duty(general::minutes())
        .duty(sealer::sealing());
    registry
}
