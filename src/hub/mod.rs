//! Floor 4: live connections. Who watches what, what waits for whom, who is there and who is writing.
//!
//! The hub knows neither sockets nor the store. A socket's task takes a [`Connection`], asks the engine whether each
//! topic may be watched, and writes what [`Connection::turn`] gives. The hub's clock is [`Hub::tick`], once a second.
//!
//! Nothing falls between a catch-up and what is live because a topic is watched *first* ([`Hub::watch`]), then read,
//! then [`Connection::caught_up`] drops what both told. Nothing is ever held back for a slow reader beyond
//! [`QUEUE_FRAMES`] and [`QUEUE_BYTES`]: the client is told which topics went stale and reads them afresh.

mod connection;
mod frame;
mod outlet;
mod presence;
mod publish;
mod rights;
mod state;
mod stats;
#[cfg(test)]
mod tests;
mod topic;
mod typing;
mod wire;

use std::{
    collections::BTreeSet,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

pub use crate::domain::Envelope as Published;
pub use connection::{Connection, Farewell, Parcel, QUEUE_BYTES, QUEUE_FRAMES, TooManyTopics, Turn};
pub use frame::Frame;
pub use outlet::{Outlet, Written};
pub use presence::{CROWD, GRACE};
pub use stats::{Figures, Stats};
pub use typing::{TYPING_EVERY, TYPING_PER_SECOND};

use tokio::runtime::Handle;

use self::{
    presence::{People, Told},
    topic::Topics,
    typing::Chatter,
};
use crate::domain::{
    ChannelId, CommunityId, PersonId, Presence, SessionId, Topic, event::Ephemeral, feed::ServerFrame,
};

/// Seconds between two tests of a quiet line.
pub const PING_EVERY: u32 = 25;
/// Seconds without a word after which a line counts as quiet.
const QUIET: u32 = 10;
/// Seconds after which a client that was not heard is let go: half-open lines die.
pub const SILENCE: u32 = 60;
/// The most connections of one person.
pub const CONNECTIONS_PER_PERSON: usize = 100;
/// Seconds between two looks at whether a connection's session still stands.
pub const RECHECK_EVERY: u32 = 300;

/// The live connections of this process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    topics: Topics,
    people: Mutex<People>,
    chatter: Mutex<Chatter>,
    stats: Stats,
    second: AtomicU32,
    number: AtomicU32,
    closing: AtomicBool,
    /// Where what is published is handed out; the caller's when there is none.
    runtime: Option<Handle>,
}

/// A connection that is known to the hub for as long as this lives.
#[derive(Debug)]
pub struct Attendance {
    hub: Hub,
    connection: Arc<Connection>,
}

impl Deref for Attendance {
    type Target = Arc<Connection>;

    fn deref(&self) -> &Self::Target {
        &self.connection
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        let inner = &self.hub.0;
        // First from the people, so that nobody seats it again, then from the audiences.
        self.hub.people().depart(&self.connection, inner.second.load(Ordering::Relaxed));
        inner.topics.depart(&self.connection);
        inner.stats.departed();
    }
}

/// What was heard of a person's memberships until now; see [`Hub::place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Hub {
    /// A hub that hands out what is published on the runtime its connections live on: waking one from another thread
    /// costs more than the offer itself.
    pub fn on(runtime: Handle) -> Self {
        Self(Arc::new(Inner { runtime: Some(runtime), ..Inner::default() }))
    }

    /// A new connection of `person`; `None` when the server stops.
    pub fn connect(&self, person: PersonId, session: Option<SessionId>) -> Option<Attendance> {
        let number = self.0.number.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(number, person, session, self.second()));
        {
            let mut people = self.people();
            // Looked at under the lock under which `close` lists whom to dismiss: nobody slips between.
            if self.0.closing.load(Ordering::Relaxed) {
                return None;
            }
            let told = people.arrive(connection.clone());
            self.tell(&people, told);
        }
        self.0.stats.arrived();
        Some(Attendance { hub: self.clone(), connection })
    }

    /// Whether somebody has as many connections as one person may have: a tab each, on several devices, is far fewer.
    pub fn is_crowded(&self, person: PersonId) -> bool {
        self.people().get(person).is_some_and(|present| present.connections() >= CONNECTIONS_PER_PERSON)
    }

    /// Taken before the person's memberships are read.
    pub fn mark(&self, connection: &Connection) -> Mark {
        Mark(self.people().changes(connection.person()))
    }

    /// Says where the connection's person takes part, as read after `mark`. `false` when that changed meanwhile: read
    /// again.
    pub fn place(
        &self,
        connection: &Arc<Connection>,
        mark: Mark,
        communities: &BTreeSet<CommunityId>,
        channels: &BTreeSet<ChannelId>,
    ) -> bool {
        let mut people = self.people();
        if people.changes(connection.person()) != mark.0 {
            return false;
        }
        let told = people.enroll(connection.person(), communities);
        self.tell(&people, told);
        for topic in connection.parts() {
            if !matches!(topic, Topic::Channel(channel) if channels.contains(&channel)) {
                self.0.topics.take_part(connection, topic, false);
            }
        }
        for channel in channels {
            self.0.topics.take_part(connection, Topic::Channel(*channel), true);
        }
        true
    }

    /// Begins to watch: every event published from now on waits for the connection. Ask for admission *after* this,
    /// and [`unwatch`](Self::unwatch) when it is refused, before anything that waits is written.
    pub fn watch(&self, connection: &Arc<Connection>, topic: Topic) -> Result<(), TooManyTopics> {
        self.0.topics.watch(connection, topic)
    }

    /// Stops watching; what waits of the topic is dropped.
    pub fn unwatch(&self, connection: &Arc<Connection>, topic: Topic) {
        self.0.topics.unwatch(connection, topic);
    }

    /// Whether others may be told now that this connection's person is writing, as far as the hub knows: the connection
    /// watches the channel, its person takes part in it, and it does not come too often. Ask the engine *after* this
    /// whether they may post there, and tell it with [`typing`](Self::typing).
    pub fn takes_typing(&self, connection: &Connection, channel: ChannelId) -> bool {
        let (person, second) = (connection.person(), self.second());
        connection.speaks_in(Topic::Channel(channel))
            && self.people().get_mut(person).is_some_and(|present| present.typed.relay(channel, second))
            && lock(&self.0.chatter).relay(channel, second)
    }

    /// Tells the watchers of a channel, except the person's own connections, that somebody is writing.
    pub fn typing(&self, connection: &Connection, channel: ChannelId, name: &str) {
        let (topic, person) = (Topic::Channel(channel), connection.person());
        let now = Ephemeral::Typing { channel, person, name: name.to_owned() };
        self.relay(topic, &ServerFrame::Now { now }, Some(person));
    }

    /// The person says how they are on this connection. Nobody says of themselves that they are offline.
    pub fn set_presence(&self, connection: &Connection, state: Presence) {
        if state == Presence::Offline {
            return;
        }
        let mut people = self.people();
        connection.set_presence(state);
        let told = people.declare(connection.person());
        self.tell(&people, told);
    }

    /// Who of a community is there, at most [`CROWD`].
    pub fn roster(&self, community: CommunityId) -> Arc<Frame> {
        let people = self.people().roster(community);
        Frame::encode(&ServerFrame::Roster { topic: Topic::Community(community), people })
    }

    /// How somebody is, as others were told.
    pub fn presence(&self, person: PersonId) -> Presence {
        self.people().get(person).map_or(Presence::Offline, presence::Present::shown)
    }

    /// The client of this connection was heard.
    pub fn heard(&self, connection: &Connection) {
        connection.heard.store(self.second(), Ordering::Relaxed);
    }

    /// A second has passed: lowers presences whose grace is over, tests quiet lines, lets go of dead ones.
    pub fn tick(&self) {
        let second = self.0.second.fetch_add(1, Ordering::Relaxed) + 1;
        let mut people = self.people();
        let told = people.settle(second);
        self.tell(&people, told);
        for connection in people.connections() {
            // Spread by number: ten thousand connections are not tested in the same second.
            let turn = second.wrapping_add(connection.number);
            let quiet = second.saturating_sub(connection.heard.load(Ordering::Relaxed));
            if quiet >= SILENCE {
                connection.dismiss(Farewell::Silent);
            } else if quiet >= QUIET && turn % PING_EVERY == 0 {
                connection.ask_ping();
            }
            if turn % RECHECK_EVERY == 0 {
                connection.ask_recheck();
            }
        }
    }

    /// Ends every connection and takes no new ones.
    pub fn close(&self) {
        let people = self.people();
        self.0.closing.store(true, Ordering::Relaxed);
        people.connections().for_each(|connection| connection.dismiss(Farewell::GoingAway));
    }

    /// What the hub has done.
    pub fn figures(&self) -> Figures {
        self.0.stats.figures()
    }

    /// For tests; nothing else may be going on.
    ///
    /// # Panics
    /// Where the indexes contradict each other.
    pub fn check_invariants(&self) {
        let people = self.people();
        people.check_invariants();
        let connections: Vec<Arc<Connection>> = people.connections().cloned().collect();
        self.0.topics.check_invariants(&connections);
        assert_eq!(self.figures().connections, connections.len() as u64, "connections are counted");
    }

    fn second(&self) -> u32 {
        self.0.second.load(Ordering::Relaxed)
    }

    fn people(&self) -> MutexGuard<'_, People> {
        lock(&self.0.people)
    }

    /// Tells watchers of communities who came or went. Takes the locked people, so that what is told last is true.
    fn tell(&self, _people: &MutexGuard<'_, People>, told: Vec<Told>) {
        for news in told {
            match news {
                Told::Presence(community, person, state) => {
                    let now = Ephemeral::Presence { person, state };
                    self.relay(Topic::Community(community), &ServerFrame::Now { now }, None);
                }
                Told::Roster(community) => {
                    let topic = Topic::Community(community);
                    let Some(audience) = self.0.topics.audience(topic) else { continue };
                    audience.iter().for_each(|connection| connection.ask_roster(topic));
                }
            }
        }
    }

    fn relay(&self, topic: Topic, frame: &ServerFrame, except: Option<PersonId>) {
        let Some(audience) = self.0.topics.audience(topic) else { return };
        let frame = Frame::moment(topic, frame);
        for connection in audience.iter().filter(|connection| Some(connection.person()) != except) {
            connection.offer(topic, &frame);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change leaves the state whole before anything can panic, so a poisoned lock is still good.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
