//! What a person is told of.

use serde::{Deserialize, Serialize};

use super::{
    id::{MessageId, NotificationId},
    named::named,
    person::PersonSummary,
    time::Time,
};

named! {
    /// Why somebody is told.
    NotificationKind {
        /// A message names them (M06).
        Mention = "mention",
        /// Somebody replied in a thread they follow.
        Reply = "reply",
        /// A command of theirs was answered (M08).
        Command = "command",
        /// They asked for it (A05).
        Reminder = "reminder",
        /// Somebody flagged a message that they may judge (M20).
        Flag = "flag",
    }
}

/// The most notifications one page of the inbox holds.
pub const NOTIFICATIONS_PAGE: i64 = 50;
/// The most followers of a thread that are told in one transaction.
pub const FOLLOWERS: usize = 50;
/// The most characters of a message that an inbox shows.
pub const EXCERPT_CHARS: usize = 200;

/// An entry of an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Which.
    pub id: NotificationId,
    /// Why.
    pub kind: NotificationKind,
    /// When.
    pub created_at: Time,
    /// When it was read; `None` while it was not.
    pub read_at: Option<Time>,
    /// What a command answered, or of what one asked to be reminded: one's own, wherever it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Who and where; `None` once one may not see it any more.
    pub told: Option<Told>,
}

/// What a notification tells, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who did it.
    pub actor: PersonSummary,
    /// The message, if it is about one.
    pub message: Option<MessageId>,
    /// The community's address.
    pub community: String,
    /// The community's name.
    pub community_name: String,
    /// The channel's address.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// The message's words in one line, plain text of at most [`EXCERPT_CHARS`]; `None` once it was deleted, or without
    /// one.
    pub excerpt: Option<String>,
}

impl Told {
    /// The address of the message among those that wait to be judged.
    pub fn judged_at(&self) -> String {
        let queue = format!("/c/{}/moderation", self.community);
        self.message.map_or_else(|| queue.clone(), |message| format!("{queue}#f-{message}"))
    }

    /// The address of the message, or else of the channel.
    pub fn permalink(&self) -> String {
        let channel = format!("/c/{}/{}", self.community, self.channel);
        self.message.map_or_else(|| channel.clone(), |message| format!("{channel}?at={message}"))
    }
}
