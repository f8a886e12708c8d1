//! Flags: what people report to the moderators of a community, and what becomes of it (M20).

use serde::{Deserialize, Serialize};

use super::{held::Pending, message::Message, named::named, person::PersonSummary, time::Time};

/// The most flagged messages that the queue shows at once, those that wait longest first.
pub const QUEUE_SHOWN: i64 = 50;
/// The most flags that are shown of one message, the latest first.
pub const FLAGS_SHOWN: i64 = 20;
/// The most moderators of a community who are told.
pub const MODERATORS_TOLD: i64 = 100;

named! {
    /// What a moderator says of a flagged message.
    Verdict {
        /// It stays, and its flags are gone.
        Keep = "keep",
        /// It is deleted.
        Delete = "delete",
    }
}

/// One person's flag. Shown to moderators alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Who.
    pub person: PersonSummary,
    /// Why.
    pub reason: String,
    /// When they said so last.
    pub at: Time,
}

/// A message that waits to be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flagged {
    /// As it is now.
    pub message: Message,
    /// The address of its channel.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// Since when it waits.
    pub since: Time,
    /// How many people flagged it.
    pub count: i64,
    /// The latest [`FLAGS_SHOWN`] of their flags.
    pub flags: Vec<Flag>,
}

/// What waits for a community's moderators. What is held comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// What is held, the first [`QUEUE_SHOWN`], the oldest first.
    #[serde(default)]
    pub held: Vec<Pending>,
    /// What was flagged, the first [`QUEUE_SHOWN`], the oldest first.
    pub flagged: Vec<Flagged>,
    /// How many there are of both.
    pub open: i64,
}
