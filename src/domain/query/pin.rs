//! Pins.

use serde::{Deserialize, Serialize};

use crate::domain::ChannelId;

/// What is pinned in a channel, the latest pin first. Answers at most
/// [`PINS_PER_CHANNEL`](crate::domain::pin::PINS_PER_CHANNEL) of [`Pin`](crate::domain::pin::Pin).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListPins {
    /// Which channel.
    pub channel: ChannelId,
}
