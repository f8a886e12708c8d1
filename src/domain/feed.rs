//! The frames of the feed: JSON text over a websocket at `/feed`, subprotocol [`SUBPROTOCOL`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    error::Error,
    event::{Envelope, Ephemeral, Seq, Topic},
    id::{ChannelId, PersonId},
    named::named,
    presence::Presence,
    tagged::tagged,
};

/// The version both sides must speak.
pub const SUBPROTOCOL: &str = "thunderline.v1";
/// The largest frame a client may send, in bytes.
pub const CLIENT_FRAME_BYTES: usize = 16 * 1024;
/// The most topics one connection may watch.
pub const TOPICS_PER_CONNECTION: usize = 256;
/// The most missed events a topic catches up on; beyond it the answer is `stale`.
pub const CATCH_UP_EVENTS: i64 = 1_000;
/// Milliseconds a "typing" is shown after the last one heard.
pub const TYPING_SHOWN_MS: i64 = 5_000;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: what is known, topic by topic. Every topic named is watched.
    Hello {
        /// The last event applied, by topic.
        cursors: BTreeMap<Topic, Seq>,
    },
    /// Begin to watch, or ask again after a gap or `stale`.
    Watch {
        /// What.
        topic: Topic,
        /// The last event applied; without it only what comes from now on is sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Seq>,
    },
    /// Stop watching.
    Unwatch {
        /// What.
        topic: Topic,
    },
    /// I am writing in this channel.
    Typing {
        /// Where.
        channel: ChannelId,
    },
    /// My own state.
    Presence {
        /// Online, away or do not disturb.
        state: Presence,
    },
    /// Is the line alive?
    Ping,
}

named! {
    /// Why a topic ended.
    EndReason {
        /// There is no such topic for this person, or no longer.
        Lost = "lost",
        /// The session was ended.
        SignedOut = "signed_out",
        /// More than [`TOPICS_PER_CONNECTION`] were asked for.
        TooMany = "too_many",
    }
}

tagged! {
    "type", "ServerFrame",
    /// What the server says.
    pub enum ServerFrame {
        /// The answer to `hello`: who this is, and where each admitted topic stands. Catch-up follows.
        Ready {
            /// The person signed in.
            person: PersonId,
            /// The latest event of each topic.
            heads: BTreeMap<Topic, Seq>,
        },
        /// The topic is watched from now on; its catch-up, if any, follows.
        Watching {
            /// Which.
            topic: Topic,
            /// Its latest event.
            head: Seq,
        },
        /// One durable event.
        Event(Envelope),
        /// Durable events of one topic or several, in order (P03).
        Batch {
            /// The events.
            events: Vec<Envelope>,
        },
        /// Something true for a moment.
        Now {
            /// What.
            now: Ephemeral,
        },
        /// Who of a community is there: sent when one begins to watch it.
        Roster {
            /// The community's topic.
            topic: Topic,
            /// Everybody who is not offline.
            people: Vec<(PersonId, Presence)>,
        },
        /// A channel one takes part in but does not watch has news.
        Head {
            /// Which.
            channel: ChannelId,
            /// Its latest event.
            seq: Seq,
            /// How many messages it has.
            count: i64,
            /// Whether one was mentioned.
            mentioned: bool,
            /// Up to where one has read it oneself, if that is told: with one's own message, and after `hello`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            read: Option<i64>,
        },
        /// Too much was missed: read the topic afresh, then watch it from there.
        Stale {
            /// Which.
            topic: Topic,
        },
        /// A topic is no longer watched.
        End {
            /// Which.
            topic: Topic,
            /// Why.
            reason: EndReason,
        },
        /// A frame could not be taken.
        Error {
            /// What was wrong.
            error: Error,
        },
        /// The line is alive.
        Pong,
    }
}
