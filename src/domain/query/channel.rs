//! Channels.

use serde::{Deserialize, Serialize};

use super::message::Page;
use crate::domain::{ChannelId, ChannelSummary, MessageId, Seq, held::Held};

/// A channel with a page of its messages. Answers [`ChannelView`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenChannel {
    /// The community's address.
    pub community: String,
    /// The channel's address.
    pub channel: String,
    /// Open around this message; without it at the latest.
    #[serde(default)]
    pub at: Option<MessageId>,
    /// Open with the page before this position (paging without JavaScript).
    #[serde(default)]
    pub before: Option<i64>,
    /// Open with the page after this position.
    #[serde(default)]
    pub after: Option<i64>,
}

/// A channel as its conversation column shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelView {
    /// The channel, with my participation as it was before opening.
    pub channel: ChannelSummary,
    /// The messages.
    pub page: Page,
    /// The channel topic's latest event, for the feed; read in the same snapshot as the page.
    pub cursor: Seq,
    /// What I may do here.
    pub may: ChannelRights,
    /// What of mine waits here for a moderator, or was declined; the oldest first.
    #[serde(default)]
    pub held: Vec<Held>,
    /// In how many seconds I may post again (slow mode); 0: now.
    #[serde(default)]
    pub wait: u32,
    /// What I have begun to write here; empty when nothing.
    #[serde(default)]
    pub draft: String,
}

/// What the actor may do in a channel: the same decisions the commands would meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one decision each")]
pub struct ChannelRights {
    /// Post and show typing.
    pub post: bool,
    /// Post without a pause, whatever slow mode says.
    #[serde(default)]
    pub unhurried: bool,
    /// Take part, if one does not yet.
    pub join: bool,
    /// Leave.
    pub leave: bool,
    /// Bring somebody in.
    pub add: bool,
    /// Say what it is about.
    pub set_topic: bool,
    /// Change its settings.
    #[serde(default)]
    pub manage: bool,
    /// Remove it with all that was said in it.
    #[serde(default)]
    pub delete_channel: bool,
    /// Put emoji on messages.
    #[serde(default)]
    pub react: bool,
    /// Pin messages, and take pins away.
    #[serde(default)]
    pub pin: bool,
    /// Flag other people's messages.
    #[serde(default)]
    pub flag: bool,
    /// Change one's own messages.
    #[serde(default)]
    pub edit: bool,
    /// Delete one's own messages.
    #[serde(default)]
    pub delete: bool,
    /// Delete anybody's messages.
    #[serde(default)]
    pub moderate: bool,
    /// See what one's own messages said before.
    #[serde(default)]
    pub read_history: bool,
    /// See what anybody's messages said before.
    #[serde(default)]
    pub read_any_history: bool,
    /// Act on people below oneself: remove them, ban them, give them a time-out.
    #[serde(default)]
    pub moderate_people: bool,
}

/// How much was said in a channel lately. Answers an [`Activity`](crate::domain::channel::Activity).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadActivity {
    /// Which channel.
    pub channel: ChannelId,
}

/// The most people [`FindNameable`] answers.
pub const NAMEABLE: i64 = 8;

/// Whom a message in a channel can name whose sign-in name, or a word of whose name, begins so: at most [`NAMEABLE`],
/// those with an account before placeholders, by sign-in name. Answers a list of
/// [`PersonSummary`](crate::domain::PersonSummary).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindNameable {
    /// Which channel.
    pub channel: ChannelId,
    /// The letters, at most 40 of them; none find the first few.
    #[serde(default)]
    pub letters: String,
}

/// Who takes part, by name, at most 100 at a time. Answers a [`MemberPage`](super::MemberPage).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListParticipants {
    /// Which channel.
    pub channel: ChannelId,
    /// How many to pass over.
    #[serde(default)]
    pub offset: i64,
}
