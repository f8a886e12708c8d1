//! Reactions.

use serde::{Deserialize, Serialize};

use crate::domain::MessageId;

/// Put an emoji on a message. A set: twice is once (M14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddReaction {
    /// On which message.
    pub message: MessageId,
    /// An emoji, or its short name (`:tada:`).
    pub emoji: String,
}

/// Take an emoji of one's own away again (M15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveReaction {
    /// From which message.
    pub message: MessageId,
    /// An emoji, or its short name.
    pub emoji: String,
}
