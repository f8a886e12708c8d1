//! What the feed asks on behalf of a connection.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, Envelope, Seq, Topic, feed::ServerFrame};

/// May the actor watch this topic, and where does it stand? Answers [`Admission`], or `NotFound`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Admit {
    /// Which.
    pub topic: Topic,
}

/// An admitted topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Its latest event.
    pub head: Seq,
}

/// May others be shown that the actor is writing here? Answers nothing; who may not post is refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AdmitTyping {
    /// Where.
    pub channel: ChannelId,
}

/// What was missed since a cursor, joined with the present state. Answers [`Missed`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CatchUp {
    /// Which topic; the actor must be admitted to it.
    pub topic: Topic,
    /// The last event applied.
    pub cursor: Seq,
}

/// The answer to [`CatchUp`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missed {
    /// Every event after the cursor, in order.
    Events(Vec<Envelope>),
    /// Too many, or no longer kept: read afresh.
    Stale,
}

/// The channels the actor takes part in. Answers a list of [`ChannelHead`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadHeads {}

/// Where a channel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelHead {
    /// Which.
    pub channel: ChannelId,
    /// Its latest event.
    pub seq: Seq,
    /// How many messages it has.
    pub count: i64,
    /// The position up to which the actor has read.
    pub read: i64,
}

impl From<&ChannelHead> for ServerFrame {
    fn from(head: &ChannelHead) -> Self {
        let ChannelHead { channel, seq, count, read } = *head;
        Self::Head { channel, seq, count, mentioned: false, read: Some(read) }
    }
}
