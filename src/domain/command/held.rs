//! Messages that wait for a moderator (M07).

use serde::{Deserialize, Serialize};

use crate::domain::MessageId;

/// Let a held message become one, at the end of its channel or thread, or a held change be made. One that waits no more is
/// a conflict: somebody was first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApproveMessage {
    /// Which.
    pub message: MessageId,
    /// The [version](crate::domain::held::Pending::version) that was read: when its author has changed it since, that is a
    /// conflict. Without it, whatever it says now is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Say that a held message is not posted, and perhaps have its author only read for a while: both or neither. Its author
/// is told, and nobody else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeclineMessage {
    /// Which.
    pub message: MessageId,
    /// Why, at most 500 characters, for its author; may be empty.
    #[serde(default)]
    pub note: String,
    /// For how long its author only reads in the community, as with [`TimeOutMember`](super::TimeOutMember).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
}

/// Change a message of one's own that waits; it is judged again, and may be posted at once. One that was declined waits
/// again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditHeld {
    /// Which.
    pub message: MessageId,
    /// The new Markdown.
    pub body: String,
}

/// Take back a message of one's own that waits, or put away what is left of one that was declined.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiscardHeld {
    /// Which.
    pub message: MessageId,
}
