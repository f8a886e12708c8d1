//! Channels.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, ChannelStatus, CommunityId, MessageId, PersonId, channel::NotificationLevel};

/// Make a channel and take part in it. Answers its summary.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateChannel {
    /// Made by the sender, so that a repeat is the same channel.
    pub id: ChannelId,
    /// Where.
    pub community: CommunityId,
    /// The name shown; the address is made from it.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub topic: String,
    /// Whether only participants see it.
    #[serde(default)]
    pub private: bool,
}

/// Take part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JoinChannel {
    /// Which.
    pub channel: ChannelId,
}

/// Stop taking part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaveChannel {
    /// Which.
    pub channel: ChannelId,
}

/// Bring a member of the community in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddToChannel {
    /// Which channel.
    pub channel: ChannelId,
    /// The person's sign-in name.
    pub handle: String,
}

/// Have somebody below oneself take part no longer. Of a channel that is not public they see nothing any more; to any
/// other they may come back.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RemoveFromChannel {
    /// Which channel.
    pub channel: ChannelId,
    /// Whom.
    pub person: PersonId,
}

/// Say what the channel is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetTopic {
    /// Which channel.
    pub channel: ChannelId,
    /// At most 500 characters; empty clears it.
    #[serde(default)]
    pub topic: String,
}

/// Give a channel another name and address. The address it had leads to it until another channel takes it. Answers its
/// summary.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenameChannel {
    /// Which channel.
    pub channel: ChannelId,
    /// The name shown.
    pub name: String,
    /// The address; empty: made from the name.
    #[serde(default)]
    pub slug: String,
}

/// Say what a channel asks of whoever posts there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPostingLimits {
    /// Which channel.
    pub channel: ChannelId,
    /// One of [`SLOW_MODES`](crate::domain::channel::SLOW_MODES), in seconds.
    pub slow_mode: i64,
    /// The most characters of a message, 1–4,000.
    pub message_chars: i64,
}

/// Archive a channel, lock it, or open it again (C07, C08).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetChannelStatus {
    /// Which channel.
    pub channel: ChannelId,
    /// How it stands from now on.
    pub status: ChannelStatus,
}

/// Remove a channel with its messages, participants and read marks (M30). It cannot be brought back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeleteChannel {
    /// Which channel.
    pub channel: ChannelId,
    /// Its name, typed by whoever deletes it: so that nobody deletes another one than they mean.
    #[serde(default)]
    pub name: String,
}

/// Say for how long a channel keeps its messages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetRetention {
    /// Which channel.
    pub channel: ChannelId,
    /// Within [`RETENTION_DAYS`](crate::domain::channel::RETENTION_DAYS); without it they stay.
    #[serde(default)]
    pub retention_days: Option<i64>,
}

/// Delete messages that are older than their channel keeps them. Only the server itself does; what is not is left
/// alone. Answers how many were deleted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemoveOverdue {
    /// Where.
    pub channel: ChannelId,
    /// Which; at most [`OVERDUE`](crate::domain::channel::OVERDUE).
    pub messages: Vec<MessageId>,
}

/// Say how much one wants to hear of a channel. It is one's own: nobody else sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetNotifications {
    /// Which channel.
    pub channel: ChannelId,
    /// Whether it is silent on one's list.
    #[serde(default)]
    pub muted: bool,
    /// What one is told of.
    pub level: NotificationLevel,
}

/// Move one's read mark. It never moves back, nor past the latest message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkRead {
    /// Which channel.
    pub channel: ChannelId,
    /// The position of the last message read.
    pub position: i64,
}

/// Say how a channel is kept in order (C05).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SetChannelModeration {
    /// Which channel.
    pub channel: ChannelId,
    /// Whether messages of those below moderator are held until one of them approves.
    #[serde(default)]
    pub approval: bool,
    /// How many messages one person may post in a minute, within [`PER_MINUTE`](crate::domain::channel::PER_MINUTE); 0: as
    /// many as they like.
    #[serde(default)]
    pub per_minute: i64,
    /// Whether people may put emoji on messages; those that are there stay.
    #[serde(default)]
    pub reactions: bool,
}
