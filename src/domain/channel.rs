//! Channels.

use serde::{Deserialize, Serialize};

use super::{
    conversation,
    id::{ChannelId, CommunityId},
    named::named,
    person::PersonSummary,
    text::MESSAGE_CHARS,
    time::Time,
};

named! {
    /// What a channel is for (C05).
    ChannelKind {
        /// Conversation.
        Text = "text",
        /// Read by all, written by moderators and above.
        Announcement = "announcement",
        /// Posts with replies.
        Forum = "forum",
        /// Two people.
        Direct = "direct",
        /// A few people.
        Group = "group",
        /// A conversation with the assistant.
        Assistant = "assistant",
    }
}

named! {
    /// Whether a channel takes messages (C05, C07, C08).
    ChannelStatus {
        /// In use.
        Active = "active",
        /// Read-only.
        Archived = "archived",
        /// Takes no new messages.
        Locked = "locked",
    }
}

named! {
    /// Who can see a channel (C05).
    Visibility {
        /// Every member of the community.
        Public = "public",
        /// Its participants.
        Private = "private",
        /// Holders of a role.
        Restricted = "restricted",
    }
}

named! {
    /// What a participant wants to hear of a channel (C06).
    NotificationLevel {
        /// New messages stand out; mentions are told.
        All = "all",
        /// Mentions are told.
        Mentions = "mentions",
        /// Nothing.
        Nothing = "nothing",
    }
}

/// After how many days a channel may remove its messages (C05).
pub const RETENTION_DAYS: std::ops::RangeInclusive<i64> = 1..=3_650;
/// The most messages that are removed in one transaction: everybody's writes wait for it.
pub const OVERDUE: usize = 25;

/// The pauses that slow mode knows between two messages of one person, in seconds (C05); 0: none.
pub const SLOW_MODES: [i64; 8] = [0, 5, 10, 30, 60, 300, 900, 3_600];

/// How many messages of one person a channel may take in a minute (C05); 0: as many as they like.
pub const PER_MINUTE: std::ops::RangeInclusive<i64> = 0..=60;

/// The most characters a channel can allow a message: what any message may have.
pub const LONGEST_MESSAGE: i64 = 4_000;
const _: () = assert!(LONGEST_MESSAGE.unsigned_abs() == MESSAGE_CHARS as u64, "no channel takes longer ones");

/// How many days back a channel's activity is told, today included; days are UTC's.
pub const ACTIVITY_DAYS: i64 = 7;

/// How much was said in a channel in the last [`ACTIVITY_DAYS`] (C10). Counted within a minute or two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// How many messages were posted.
    pub messages: i64,
    /// By how many people.
    pub people: i64,
}

/// A channel as the actor's channel list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelSummary {
    /// Which.
    pub id: ChannelId,
    /// Where it belongs.
    pub community: CommunityId,
    /// The address: `/c/<community>/<slug>`.
    pub slug: String,
    /// The name shown.
    pub name: String,
    /// What it is for.
    pub kind: ChannelKind,
    /// Who can see it.
    pub visibility: Visibility,
    /// Whether it takes messages.
    pub status: ChannelStatus,
    /// A line about what is being talked about; may be empty.
    pub topic: String,
    /// How many messages were ever posted: the position of the latest.
    pub count: i64,
    /// When the latest message was posted.
    pub last_message_at: Option<Time>,
    /// After how many days messages are removed; `None`: never (C05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<i64>,
    /// How many seconds lie between two messages of one person, one of [`SLOW_MODES`]; moderators and above are exempt.
    #[serde(default)]
    pub slow_mode: i64,
    /// The most characters of a message, 1–4,000.
    #[serde(default = "most_chars")]
    pub message_chars: i64,
    /// Whether messages of those below moderator are held until one of them approves.
    #[serde(default)]
    pub approval: bool,
    /// How many messages one person may post in a minute; 0: as many as they like. Moderators and above are exempt.
    #[serde(default)]
    pub per_minute: i64,
    /// Whether people may put emoji on messages.
    #[serde(default = "yes")]
    pub reactions: bool,
    /// How many people take part.
    pub participants: i64,
    /// The actor's part in it; `None` when not a participant.
    pub participation: Option<Participation>,
    /// Whom the actor talks to in a conversation, by name: in their own notes themselves; in no other channel anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonSummary>,
}

/// What a server that says nothing of it takes.
const fn most_chars() -> i64 {
    LONGEST_MESSAGE
}

/// What a server that says nothing of it allows.
const fn yes() -> bool {
    true
}

/// What a participant's row says (C06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// The position up to which the person has read.
    pub read: i64,
    /// Whether the channel is silent for them.
    pub muted: bool,
    /// What they want to hear of it.
    #[serde(default = "everything")]
    pub level: NotificationLevel,
}

/// What whoever said nothing wants to hear.
const fn everything() -> NotificationLevel {
    NotificationLevel::All
}

impl Participation {
    /// Whether new messages stand out on their list.
    pub fn stands_out(&self) -> bool {
        !self.muted && self.level == NotificationLevel::All
    }
}

impl ChannelSummary {
    /// Unread messages of the actor: exact, and zero when not a participant (C13).
    pub fn unread(&self) -> i64 {
        self.participation.map_or(0, |mine| (self.count - mine.read).max(0))
    }

    /// What it is called in running text: `#general`, or the people of a conversation.
    pub fn title(&self) -> String {
        conversation::title(&self.slug, &self.name)
    }

    /// Whether the actor takes part.
    pub const fn joined(&self) -> bool {
        self.participation.is_some()
    }
}
