//! Reactions.

use serde::{Deserialize, Serialize};

use crate::domain::MessageId;

/// Who put which emoji on a message, and when. Answers a list of [`Reactors`](crate::domain::reaction::Reactors).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListReactions {
    /// On which message.
    pub message: MessageId,
}
