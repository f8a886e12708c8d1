//! Messages.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, Message, MessageId, Seq, thread::Reply};

/// Post a message. A repeat with the same id, author and channel answers the first one (M27).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostMessage {
    /// Made by the sender.
    pub id: MessageId,
    /// Where.
    pub channel: ChannelId,
    /// Markdown, 1–4,000 characters.
    pub body: String,
    /// The message this answers, in the same channel, and where the answer is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Reply>,
    /// After how many seconds it vanishes, within [`VANISHES_WITHIN`](crate::domain::message::VANISHES_WITHIN); without
    /// it, it stays (M26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
}

/// The answer to a post (M01): the message as stored, and its event's place in the channel's topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The sequence number of the event.
    pub seq: Seq,
    /// The message as it is now.
    pub message: Message,
}

/// Change a message of one's own (M11). Answers the message as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditMessage {
    /// Which.
    pub message: MessageId,
    /// The new Markdown.
    pub body: String,
    /// The [version](crate::domain::query::MessageSource::version) that was changed: when another stands there by now, the
    /// edit is a conflict. Without it, whatever stands there is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Why, at most [`REASON_CHARS`](crate::domain::text::REASON_CHARS) characters; whoever sees the history sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Delete a message: its row stays, its content is gone (M21).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeleteMessage {
    /// Which.
    pub message: MessageId,
}

/// Delete a message whose time has come (M26). Only the server itself does; before that time it is refused, twice is
/// once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExpireMessage {
    /// Which.
    pub message: MessageId,
}
