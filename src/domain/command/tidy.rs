//! Housekeeping. Only the server itself does it.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, named::named};

named! {
    /// What runs out by itself.
    Leftover {
        /// Sessions past their end.
        Sessions = "sessions",
        /// Events too old to resume from.
        Events = "events",
        /// Slash commands that were answered long ago.
        Commands = "commands",
        /// What slash commands answered long ago, from people's inboxes.
        Answers = "answers",
        /// What was answered for batches of events from outside, long ago.
        Batches = "batches",
        /// Old figures of the lanes.
        Minutes = "minutes",
    }
}

/// The most events, or answers, that are removed in one transaction: everybody's writes wait for it.
pub const TIDIED_AT_ONCE: u64 = 2_000;

/// Remove what has run out, of events and of answers at most [`TIDIED_AT_ONCE`]. Answers how many; when there was nothing it leaves no
/// entry.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Tidy {
    /// Of what.
    pub what: Leftover,
}

/// Remove the figures of days whose messages the channel no longer keeps. Answers how many; when there was nothing it
/// leaves no entry.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ForgetActivity {
    /// Which channel.
    pub channel: ChannelId,
}

/// Index some messages that are older than the index of words. Answers how many; 0 when all are indexed. It leaves no
/// entry: it tells nothing that the messages' own entries do not.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct IndexMessages {}

/// Count the messages of a stretch of a channel, once whoever counts. Answers `false` when somebody else did. It leaves
/// no entry: it tells nothing that the messages' own entries do not.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CountActivity {
    /// Which channel.
    pub channel: ChannelId,
    /// After this position, up to which it was counted.
    pub from: i64,
    /// Up to this one.
    pub to: i64,
}
