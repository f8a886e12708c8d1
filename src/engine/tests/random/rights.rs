//! Who may be told of what: by the decision at the time of the event, not at the time it arrives.

use std::collections::HashMap;

use crate::{
    domain::{Actor, ChannelId, Envelope, Event, PersonId, PersonSummary, Seq, Topic, Visibility, query::Admit},
    engine::Engine,
    store::{Sql, StoreError},
};

const HEAD: Sql = Sql::both("SELECT seq FROM channels WHERE id = $1");

/// Up to which event of a channel somebody may be told of it: without end while they may read it.
#[derive(Debug, Default)]
pub struct Rights(HashMap<(PersonId, ChannelId), Seq>);

const WITHOUT_END: Seq = Seq::MAX;

impl Rights {
    /// Asks anew who may read what.
    pub async fn renew(&mut self, engine: &Engine, people: &[Actor], channels: &[ChannelId]) {
        for channel in channels.iter().copied() {
            let head =
                engine.store().read::<Seq, StoreError, _>(move |conn| Box::pin(conn.one(HEAD, (channel,)))).await;
            let head = head.expect("the channel is there");
            for person in people {
                let admitted = engine.ask(person, Admit { topic: Topic::Channel(channel) }).await.is_ok();
                let until = self.0.entry((person.id().expect("a person"), channel)).or_insert(0);
                if admitted {
                    *until = WITHOUT_END;
                } else if *until == WITHOUT_END {
                    *until = head;
                }
            }
        }
    }

    /// Whether somebody may read a channel now.
    pub fn may_read(&self, person: PersonId, channel: ChannelId) -> bool {
        self.0.get(&(person, channel)) == Some(&WITHOUT_END)
    }

    /// Whether `person` may hold what `envelope` tells.
    pub fn check(&self, person: &PersonSummary, envelope: &Envelope) {
        let Envelope { topic, seq, event } = envelope;
        match topic {
            Topic::Person(id) => assert_eq!(*id, person.id, "somebody else's topic"),
            Topic::Channel(channel) => {
                let until = self.0.get(&(person.id, *channel)).copied().unwrap_or_default();
                assert!(*seq <= until, "{} may hear of {channel} up to {until}: {seq} {event:?}", person.handle);
            }
            Topic::Community(_) => {
                if let Event::ChannelCreated { channel }
                | Event::ChannelUpdated { channel }
                | Event::ChannelArchived { channel }
                | Event::ChannelLocked { channel }
                | Event::ChannelReopened { channel } = event
                {
                    assert_eq!(channel.visibility, Visibility::Public, "{} is nobody's business", channel.slug);
                }
            }
        }
    }
}
