use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    connection::{Connection, TooManyTopics},
    state::Seated,
};
use crate::domain::Topic;

/// How many parts the topics are kept in, so that publishing to one rarely waits for another.
const SHARDS: usize = 32;

/// Everybody who hears of a topic: watchers, and people who take part in the channel.
pub(super) type Audience = Arc<Vec<Arc<Connection>>>;

/// Who hears of what. Locks are taken in this order: people, a shard, a connection.
#[derive(Debug)]
pub(super) struct Topics {
    shards: [Mutex<HashMap<Topic, Audience>>; SHARDS],
    hasher: RandomState,
}

impl Default for Topics {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::new() }
    }
}

impl Topics {
    /// The audience as it is now. Whoever comes later reads what was committed before.
    pub(super) fn audience(&self, topic: Topic) -> Option<Audience> {
        self.shard(topic).get(&topic).cloned()
    }

    pub(super) fn watch(&self, connection: &Arc<Connection>, topic: Topic) -> Result<(), TooManyTopics> {
        let mut shard = self.shard(topic);
        let seated = connection.sit(topic)?;
        settle(&mut shard, connection, topic, seated);
        Ok(())
    }

    pub(super) fn take_part(&self, connection: &Arc<Connection>, topic: Topic, part: bool) {
        let mut shard = self.shard(topic);
        let seated = connection.take_part(topic, part);
        settle(&mut shard, connection, topic, seated);
    }

    pub(super) fn unwatch(&self, connection: &Arc<Connection>, topic: Topic) {
        let mut shard = self.shard(topic);
        let seated = connection.rise(topic);
        settle(&mut shard, connection, topic, seated);
    }

    pub(super) fn depart(&self, connection: &Arc<Connection>) {
        for topic in connection.depart() {
            settle(&mut self.shard(topic), connection, topic, Seated::Rose);
        }
    }

    pub(super) fn check_invariants(&self, connections: &[Arc<Connection>]) {
        let mut places = 0;
        for connection in connections {
            for topic in connection.check_invariants() {
                let audience = self.audience(topic).expect("a seat has an audience");
                let times = audience.iter().filter(|other| Arc::ptr_eq(other, connection)).count();
                assert_eq!(times, 1, "a seat is in its audience once");
                places += 1;
            }
        }
        let mut listed = 0;
        for shard in &self.shards {
            for audience in shard.lock().unwrap_or_else(PoisonError::into_inner).values() {
                assert!(!audience.is_empty(), "an empty audience is let go");
                listed += audience.len();
            }
        }
        assert_eq!(places, listed, "nobody sits in an audience without a seat");
    }

    fn shard(&self, topic: Topic) -> MutexGuard<'_, HashMap<Topic, Audience>> {
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits choose the shard")]
        let at = self.hasher.hash_one(topic) as usize % SHARDS;
        self.shards[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the audience agree with the seat that was taken or left. While somebody publishes, the list is copied.
fn settle(shard: &mut HashMap<Topic, Audience>, connection: &Arc<Connection>, topic: Topic, seated: Seated) {
    match seated {
        Seated::Already => {}
        Seated::Sat => Arc::make_mut(shard.entry(topic).or_default()).push(connection.clone()),
        Seated::Rose => {
            let Some(audience) = shard.get_mut(&topic) else { return };
            let Some(at) = audience.iter().position(|other| Arc::ptr_eq(other, connection)) else { return };
            if audience.len() == 1 {
                shard.remove(&topic);
            } else {
                Arc::make_mut(audience).swap_remove(at);
            }
        }
    }
}
