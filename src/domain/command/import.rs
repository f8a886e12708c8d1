//! History from elsewhere. Identifiers are derived from the source, so importing twice is the same rows.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, CommunityId, MessageId, PersonId, Time, person::PersonKind};

/// One person of the source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedPerson {
    /// Derived from the community and the source's identifier.
    pub id: PersonId,
    /// The wished sign-in name; a number is added when it is taken.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// Placeholder or bot.
    pub kind: PersonKind,
}

/// Bring in people as placeholders, members of the community; who left it, was removed or is banned stays away. At most
/// 1,000 a command. Answers how many were new.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportPeople {
    /// Where.
    pub community: CommunityId,
    /// Who.
    pub people: Vec<ImportedPerson>,
}

/// One channel of the source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedChannel {
    /// Derived from the community and the source's identifier.
    pub id: ChannelId,
    /// The name; a channel of the community with the same address is used instead of a new one.
    pub name: String,
    /// What it is about.
    pub topic: String,
    /// Whether only participants see it.
    pub private: bool,
    /// Whether it is read-only.
    pub archived: bool,
    /// When it was made.
    pub created_at: Time,
    /// Who takes part; people unknown here are left out.
    pub participants: Vec<PersonId>,
}

/// Bring in a channel and its participants; who took part here and left stays away. Answers the id under which it stands here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportChannel {
    /// Where.
    pub community: CommunityId,
    /// What.
    pub channel: ImportedChannel,
}

/// One message of the source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedMessage {
    /// Derived from the channel and the source's identifier.
    pub id: MessageId,
    /// Who wrote it.
    pub author: PersonId,
    /// Markdown.
    pub body: String,
    /// The root of its thread, in the same channel, imported before it.
    pub root: Option<MessageId>,
    /// Whether a reply stands in the channel as well.
    #[serde(default)]
    pub in_channel: bool,
    /// When it was written.
    pub created_at: Time,
    /// When it was last edited.
    pub edited_at: Option<Time>,
    /// Who put which emoji on it, each emoji once; people who are no members here are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ImportedReaction>,
}

/// An emoji on a message of the source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedReaction {
    /// The emoji itself, or its short name as in `:tada:`.
    pub emoji: String,
    /// Who put it there.
    pub people: Vec<PersonId>,
}

/// One pin of the source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedPin {
    /// A message of the channel, imported before.
    pub message: MessageId,
    /// Who pinned it, as far as that is known here.
    pub person: Option<PersonId>,
    /// When.
    pub at: Time,
}

/// Bring in the pins of one channel, at most 1,000 a command. What is no message here is left out, and so is the oldest of
/// what would be more than [`PINS_PER_CHANNEL`](crate::domain::pin::PINS_PER_CHANNEL). Answers how many were new.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportPins {
    /// Where, as it stands here.
    pub channel: ChannelId,
    /// What.
    pub pins: Vec<ImportedPin>,
}

/// Bring in messages of one channel, oldest first. At most 1,000 a command. Answers how many were new.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportMessages {
    /// Where, as it stands here.
    pub channel: ChannelId,
    /// What.
    pub messages: Vec<ImportedMessage>,
}
