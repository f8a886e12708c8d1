//! Floor 4: live connections.

use crate::domain::{Event, Seq, Topic};

/// An event on its way to whoever watches its topic.
#[derive(Clone, Debug)]
pub struct Published {
    /// Where.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
    /// What happened.
    pub event: Event,
}

/// Live connections.
#[derive(Clone, Debug, Default)]
pub struct Hub;

impl Hub {
    /// Sends an event to every connection that watches its topic.
    pub async fn publish(&self, _: Published) {}
}
