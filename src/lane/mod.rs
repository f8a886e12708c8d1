//! Floor 6: what each lane does with an event.

pub mod address;
pub mod door;
pub mod general;
pub mod mentions;
pub mod outgoing;
pub mod realtime;
pub mod webhooks;
