//! What an import asks before it brings anything.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, CommunityId, MessageId, PersonId};

/// Who has this sign-in name? Answers a [`PersonSummary`](crate::domain::PersonSummary), if anybody who can sign in
/// has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindPerson {
    /// The name, in small letters.
    pub handle: String,
}

/// Which of these are here already? Answers [`Imported`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadImported {
    /// The community they are meant for.
    pub community: CommunityId,
    /// People, at most 1,000.
    pub people: Vec<PersonId>,
    /// A channel.
    pub channel: Option<ChannelId>,
    /// Messages, at most 1,000.
    pub messages: Vec<MessageId>,
    /// Messages that are to be pinned, at most 1,000.
    pub pins: Vec<MessageId>,
}

/// What is here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// How many of the people are members, or were and left: they are not brought back.
    pub people: usize,
    /// Whether the channel exists.
    pub channel: bool,
    /// How many of the messages exist.
    pub messages: usize,
    /// How many of the pins.
    pub pins: usize,
}
