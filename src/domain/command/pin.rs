//! Pins.

use serde::{Deserialize, Serialize};

use crate::domain::MessageId;

/// Pin a message in its channel (M22). Twice is once. Beyond
/// [`PINS_PER_CHANNEL`](crate::domain::pin::PINS_PER_CHANNEL) it is a conflict (C09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinMessage {
    /// Which.
    pub message: MessageId,
}

/// Take a pin away again, whoever put it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpinMessage {
    /// Which.
    pub message: MessageId,
}
