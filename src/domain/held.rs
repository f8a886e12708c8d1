//! Messages that wait for a moderator (M02, M07).
//!
//! What waits is the author's as long as they take part: it goes, unread by anybody, when they leave the channel or the
//! community, are removed or banned, and when it is older than the channel keeps its messages. Nobody is made to approve
//! the words of somebody who is gone. For slow mode and for messages a minute it counts as posted when it was written.

use serde::{Deserialize, Serialize};

use super::{
    id::{ChannelId, MessageId},
    named::named,
    person::PersonSummary,
    time::Time,
};

/// The most messages of one person that wait in one channel.
pub const WAITING_PER_CHANNEL: i64 = 20;
/// The most that their author is shown of one channel, the latest.
pub const HELD_SHOWN: i64 = 50;

named! {
    /// Whether a held message still waits.
    HeldStatus {
        /// It does.
        Waiting = "waiting",
        /// A moderator declined it: what is left is for its author alone.
        Declined = "declined",
    }
}

/// A message that waits, or a change of one that does, as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The message it becomes, or whose change it is.
    pub message: MessageId,
    /// Where it is to stand.
    pub channel: ChannelId,
    /// Whether it still waits.
    pub status: HeldStatus,
    /// Whether it changes a message that stands already: that one stays as it was until then.
    pub edits: bool,
    /// Markdown; empty when it was declined.
    pub body: String,
    /// The body as safe HTML.
    pub html: String,
    /// What the moderator who declined it said; may be empty.
    pub note: String,
    /// Since when it waits.
    pub held_at: Time,
}

/// One as moderators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What waits.
    pub held: Held,
    /// Who wrote it.
    pub author: PersonSummary,
    /// By which rule it is held.
    pub rule: String,
    /// The address of its channel.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// Another number whenever its author changed it: who approves says which one they read.
    pub version: i64,
}
