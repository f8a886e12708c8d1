//! Messages.

use serde::{Deserialize, Serialize};

use super::{
    id::{ChannelId, MessageId},
    named::named,
    person::PersonSummary,
    reaction::Reaction,
    thread::{Quote, Thread},
    time::Time,
};

named! {
    /// What a message is (M02).
    MessageKind {
        /// Written by somebody.
        Text = "text",
        /// Said by the server.
        System = "system",
        /// An announcement.
        Announcement = "announcement",
        /// Said by the assistant.
        Assistant = "assistant",
        /// A command's outcome.
        Command = "command",
        /// Mostly an attachment.
        Media = "media",
    }
}

named! {
    /// What became of a message (M02).
    MessageStatus {
        /// As it was posted.
        Active = "active",
        /// Changed by its author.
        Edited = "edited",
        /// Reported.
        Flagged = "flagged",
        /// Waits for a moderator.
        Held = "held",
        /// Gone; its row stays as a tombstone (M21).
        Deleted = "deleted",
    }
}

/// After how many seconds a message may vanish (M26): 10 seconds to 7 days.
pub const VANISHES_WITHIN: std::ops::RangeInclusive<i64> = 10..=7 * 24 * 60 * 60;
/// The most messages one page of history holds.
pub const PAGE: i64 = 50;
/// The most people one message can name; further names are words.
pub const MENTIONS: usize = 50;

/// A message as readers see it. Deleted ones have an empty `html`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which; made by its sender.
    pub id: MessageId,
    /// Where it stands.
    pub channel: ChannelId,
    /// Its place in the channel: 1 for the first ever posted, without gaps. Orders the transcript. `None` for a reply that
    /// stands in its thread alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// Its place in its thread: 1 for the first reply ever posted there, without gaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// Who wrote it.
    pub author: PersonSummary,
    /// What it is.
    pub kind: MessageKind,
    /// What became of it. That it was flagged is told to those who may judge it; what is sent to everybody never says so.
    pub status: MessageStatus,
    /// The body as safe HTML, rendered by the server.
    pub html: String,
    /// The message this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The root of the thread this belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<MessageId>,
    /// The message it answers, where it stands in the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// The thread that began with it. What is sent to everybody carries none: events of their own tell of each reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Box<Thread>>,
    /// When it was posted.
    pub created_at: Time,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
    /// When it vanishes, if it does (M26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// Whether it is pinned in its channel (M22).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// What people put on it, as the person who asked sees it. What is sent to everybody carries none: events of their own
    /// tell of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

impl Message {
    /// Whether only a tombstone is left.
    pub fn is_deleted(&self) -> bool {
        self.status == MessageStatus::Deleted
    }

    /// What became of it, but for what only moderators are told.
    pub fn settled(&self) -> MessageStatus {
        match self.status {
            MessageStatus::Flagged if self.edited_at.is_some() => MessageStatus::Edited,
            MessageStatus::Flagged => MessageStatus::Active,
            status => status,
        }
    }

    /// Turns the message into its tombstone.
    pub fn bury(&mut self) {
        self.status = MessageStatus::Deleted;
        self.html.clear();
        self.edited_at = None;
        self.pinned = false;
        self.reactions.clear();
    }
}
