//! Pins: messages that a channel keeps at hand (M22, C09).

use serde::{Deserialize, Serialize};

use super::{message::Message, person::PersonSummary, time::Time};

/// The most messages that are pinned in one channel (C09).
pub const PINS_PER_CHANNEL: i64 = 50;

/// A pinned message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// As it is now.
    pub message: Message,
    /// Who pinned it.
    pub person: PersonSummary,
    /// When.
    pub at: Time,
}
