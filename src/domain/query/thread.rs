//! Threads.

use serde::{Deserialize, Serialize};

use super::message::{Page, Span};
use crate::domain::{EventId, Message, MessageId, PersonId, Seq, Topic};

/// A thread with a page of its replies (M18). Answers [`ThreadView`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadThread {
    /// The message it began with, or one of its replies.
    pub message: MessageId,
    /// Which part; positions are [places](Message::place) in the thread.
    pub span: Span,
}

/// A thread as its panel shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadView {
    /// The message it began with; a tombstone when that was deleted (M19).
    pub root: Message,
    /// Replies, oldest first. Its cursor is the channel topic's.
    pub page: Page,
    /// Whether the asker follows it.
    pub following: bool,
    /// How many replies the asker was told of and has not read.
    pub unread: i64,
    /// What the asker has begun to write in it; empty when nothing.
    #[serde(default)]
    pub draft: String,
}

/// Who follows the thread of this event's reply, of those who may see it? Only the server itself asks. Answers
/// [`Followers`], or nothing when there is nobody to tell.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadFollowers {
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
}

/// Whom to tell of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followers {
    /// The event.
    pub event: EventId,
    /// The reply.
    pub message: MessageId,
    /// Those who follow and may see it, but for its author and whom it names: they are told of that.
    pub people: Vec<PersonId>,
}
