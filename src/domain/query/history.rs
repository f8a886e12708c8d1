//! What edited messages said before.

use serde::{Deserialize, Serialize};

use crate::domain::MessageId;

/// How a message came to say what it says. Answers a [`History`](crate::domain::history::History); a deleted message has
/// none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadHistory {
    /// Of which message.
    pub message: MessageId,
}
