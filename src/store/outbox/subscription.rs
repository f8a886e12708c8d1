//! Who wants which events: a record is only written where somebody does.

use std::{fmt, sync::Arc};

use uuid::Uuid;

use crate::domain::{Event, Lane};

/// One handler's wish.
#[derive(Clone)]
pub struct Subscription {
    /// Its lane.
    pub lane: Lane,
    /// Its name.
    pub handler: &'static str,
    /// The events it wants, by name.
    pub events: &'static [&'static str],
    /// Which of them: a message without a mention is nothing to whoever notifies. Quick, and called in the writing
    /// transaction.
    pub wants: Arc<dyn Fn(&Event) -> bool + Send + Sync>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("handler", &self.handler)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

/// Every handler's wishes, for as long as the process lives.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(Vec<Subscription>);

impl Subscriptions {
    /// These wishes.
    pub fn new(all: Vec<Subscription>) -> Self {
        Self(all)
    }

    /// Who wants this event.
    pub fn to(&self, event: &Event) -> impl Iterator<Item = &Subscription> {
        let name = event.name();
        self.0.iter().filter(move |wish| wish.events.contains(&name)).filter(|wish| (wish.wants)(event))
    }

    /// Who wants events of this name in this lane.
    pub fn named(&self, lane: Lane, name: &str) -> impl Iterator<Item = &Subscription> {
        self.0.iter().filter(move |wish| wish.lane == lane && wish.events.contains(&name))
    }
}

/// Where records come from: the process that will do them first, and who wants what.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The process.
    pub node: Uuid,
    /// Who wants what.
    pub subscriptions: Subscriptions,
}
