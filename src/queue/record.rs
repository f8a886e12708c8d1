use std::ops::Deref;

use crate::{
    domain::{Envelope, Topic, trace::TraceParent},
    store::outbox::{Claimed, Handed},
};

/// A record on its way through a handler.
#[derive(Clone, Debug)]
pub struct Record {
    /// As stored.
    pub claimed: Claimed,
    /// The event as clients see it, when this process has just committed it; whoever takes a record over reads it anew.
    pub envelope: Option<Envelope>,
}

impl Record {
    /// The trace it belongs to.
    pub fn traced(&self) -> Option<TraceParent> {
        self.trace.as_deref().and_then(|trace| trace.parse().ok())
    }

    /// The topic of the event, if it has one that clients watch.
    pub fn watched(&self) -> Option<Topic> {
        Topic::of(&self.topic_kind, self.topic)
    }
}

impl Deref for Record {
    type Target = Claimed;

    fn deref(&self) -> &Claimed {
        &self.claimed
    }
}

impl From<Claimed> for Record {
    fn from(claimed: Claimed) -> Self {
        Self { claimed, envelope: None }
    }
}

impl From<Handed> for Record {
    fn from(handed: Handed) -> Self {
        Self { claimed: handed.record, envelope: handed.envelope }
    }
}
