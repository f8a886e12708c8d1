//! Flags.

use serde::{Deserialize, Serialize};

use crate::domain::{EventId, MessageId, PersonId, flag::Verdict};

/// Flag a message: its community's moderators are told who did and why, nobody else (M20). Again replaces the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagMessage {
    /// Which.
    pub message: MessageId,
    /// Why: 1–500 characters.
    pub reason: String,
}

/// Say what becomes of a flagged message. One that is not flagged any more is a conflict: somebody was first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeMessage {
    /// Which.
    pub message: MessageId,
    /// Whether it stays.
    pub verdict: Verdict,
}

/// Tell a moderator of a flagged message. Only the server itself does; twice for one message is once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyFlag {
    /// The event this follows from.
    pub event: EventId,
    /// The message.
    pub message: MessageId,
    /// Who flagged it.
    pub by: PersonId,
    /// Whom to tell.
    pub moderator: PersonId,
}
