//! Threads: what is said in answer to one message (M05, M17–M19).
//!
//! A reply stands in its thread, at a [`place`](super::Message::place) of its own. In the channel it stands only when it
//! was sent there as well: then it has a [`position`](super::Message::position) like any message, and counts as unread
//! there. Whatever stands in the thread alone takes no position, so that a channel's positions have no gaps, and its
//! unread count is what its transcript shows.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{id::MessageId, named::named, person::PersonSummary, time::Time};

/// The most faces shown of those who replied.
pub const FACES: i64 = 5;
/// The most characters of a message that a quote shows.
pub const QUOTE_CHARS: usize = 120;

named! {
    /// Where an answer is seen.
    ReplyIn {
        /// In the thread alone.
        Thread = "thread",
        /// In the thread and in the channel.
        Both = "both",
        /// In the channel, under a quote; it begins no thread and belongs to none.
        Channel = "channel",
    }
}

/// What a message answers, and where. Written as the message's id alone, it is a reply in the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The message, in the same channel.
    pub to: MessageId,
    /// Where the answer is seen.
    pub shown: ReplyIn,
}

impl Reply {
    /// A reply in the thread of `to` alone.
    pub const fn to(to: MessageId) -> Self {
        Self { to, shown: ReplyIn::Thread }
    }

    /// The message whose thread it goes to; `None` for a quote.
    pub fn thread(self) -> Option<MessageId> {
        (self.shown != ReplyIn::Channel).then_some(self.to)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Id(MessageId),
    Whole { to: MessageId, shown: ReplyIn },
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { to, shown } = *self;
        let written = if shown == ReplyIn::Thread { Written::Id(to) } else { Written::Whole { to, shown } };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Reply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Id(to) => Self::to(to),
            Written::Whole { to, shown } => Self { to, shown },
        })
    }
}

/// A thread, as the message it began with shows it (M05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// How many replies there are; at least 1. Deleted ones do not count.
    pub replies: i64,
    /// How many people wrote them.
    pub people: i64,
    /// The first [`FACES`] of them, in the order of their first reply.
    pub faces: Vec<PersonSummary>,
    /// When the latest was written.
    pub last_reply_at: Time,
}

/// How a thread stands since a reply came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    /// The message it began with.
    pub root: MessageId,
    /// The thread; `None` when the last reply is gone.
    pub thread: Option<Thread>,
}

/// The message that another one answers in the channel, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Who wrote it.
    pub author: PersonSummary,
    /// Its first [`QUOTE_CHARS`], plain text; `None` once it was deleted.
    pub words: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    // M01
    #[test]
    fn a_reply_may_be_written_as_the_messages_id_alone() {
        let to = MessageId::fresh();
        let text = serde_json::to_string(&Reply::to(to)).unwrap();
        assert_eq!(text, format!("\"{to}\""));
        for shown in ReplyIn::ALL {
            let reply = Reply { to, shown: *shown };
            let back: Reply = serde_json::from_str(&serde_json::to_string(&reply).unwrap()).unwrap();
            assert_eq!(back, reply);
        }
        assert_eq!(Reply { to, shown: ReplyIn::Channel }.thread(), None);
    }
}
