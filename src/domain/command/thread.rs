//! Threads.

use serde::{Deserialize, Serialize};

use crate::domain::{EventId, MessageId, PersonId};

/// Follow a thread, or no longer. Who follows is told of every reply by somebody else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FollowThread {
    /// The message it began with, or one of its replies.
    pub message: MessageId,
    /// Whether to follow.
    #[serde(default)]
    pub following: bool,
}

/// Say that one has seen a thread, and so whatever told one of its replies. Answers how many notifications are unread now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkThreadNoticed {
    /// The message it began with.
    pub message: MessageId,
}

/// Tell people who follow a thread of a new reply. Only the server itself does; twice for one reply is once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TellFollowers {
    /// The event this follows from.
    pub event: EventId,
    /// The reply.
    pub message: MessageId,
    /// Whom; at most [`FOLLOWERS`](crate::domain::notification::FOLLOWERS).
    pub people: Vec<PersonId>,
}
