use std::{
    ops::AddAssign,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, AtomicU32, Ordering},
    },
    task::{Context, Poll},
};

use super::{
    frame::Frame,
    outlet::Outlet,
    publish::News,
    state::{Seated, State, Watch},
};
use crate::domain::{CommunityId, PersonId, Presence, Seq, SessionId, Topic, feed::TOPICS_PER_CONNECTION};

/// The most frames that wait for one connection.
pub const QUEUE_FRAMES: usize = 1_024;
/// The most bytes that wait for one connection. With the socket's own buffers at most 64 KB are held for a reader
/// who stopped. A single larger frame still passes an empty queue.
pub const QUEUE_BYTES: usize = 48 * 1_024;

/// A live connection: what it watches, and what waits to be written to it.
///
/// One task reads its socket, calls [`turn`](Self::turn) and writes what that gives. Everybody else only offers; while
/// the task waits for its turn and says that nothing of its own is on the line, an offer is written at once, by whoever
/// makes it, through the [`Outlet`].
#[derive(Debug)]
pub struct Connection {
    /// Counts up from 1; spreads pings over time.
    pub(super) number: u32,
    person: PersonId,
    session: Option<SessionId>,
    /// The hub's second in which the client was last heard.
    pub(super) heard: AtomicU32,
    presence: AtomicU8,
    state: Mutex<State>,
}

/// Why the server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// Its session was ended.
    SignedOut,
    /// The server stops; come back in a moment.
    GoingAway,
    /// The client was not heard for too long.
    Silent,
}

/// What a connection's task does next; the most urgent first.
#[derive(Debug)]
pub enum Turn {
    /// Say why, and close.
    Leave(Farewell),
    /// Ask whether the session still stands.
    Recheck,
    /// Ask again for each of these topics, end those refused, and place the connection anew. Nothing that waits is
    /// handed out before.
    Readmit(Vec<Topic>),
    /// Write this, then flush once.
    Write(Parcel),
}

/// Frames that go into one write.
#[derive(Debug, Default)]
pub struct Parcel {
    /// In order.
    pub frames: Vec<Arc<Frame>>,
    /// How many bytes of the first one are written.
    pub begun: usize,
    /// Communities whose roster is to be written after the frames.
    pub rosters: Vec<CommunityId>,
    /// Whether the line is to be tested.
    pub ping: bool,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    Queued,
    /// Not watching, but taking part: the head waits.
    Told,
    /// Not wanted, or known already.
    Passed,
    /// It did not fit: the queue was dropped.
    Dropped,
}

/// What became of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Waiting to be written.
    pub queued: u64,
    /// Each with all that waited before it.
    pub dropped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.queued += more.queued;
        self.dropped += more.dropped;
    }
}

impl Connection {
    pub(super) fn new(number: u32, person: PersonId, session: Option<SessionId>, second: u32) -> Self {
        Self {
            number,
            person,
            session,
            heard: AtomicU32::new(second),
            presence: AtomicU8::new(Presence::Online as u8),
            state: Mutex::default(),
        }
    }

    /// Whose it is.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The session it uses.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Whether it watches `topic` and events of it arrive.
    pub fn watches(&self, topic: Topic) -> bool {
        self.lock().seat(topic).is_some_and(|seat| seat.watch == Watch::Live)
    }

    /// Lets whoever publishes write to the other end themselves, when it is this connection's [`turn`](Self::turn) to
    /// wait.
    pub fn write_through(&self, outlet: Box<dyn Outlet>) {
        self.lock().outlet = Some(outlet);
    }

    /// The next thing to do. Waits until there is one. Cancel-safe: nothing is taken before it is returned.
    ///
    /// `clear` says that the task has nothing of its own on the line: until it calls [`hold`](Self::hold), or this
    /// answers, it writes nothing.
    pub async fn turn(&self, clear: bool) -> Turn {
        std::future::poll_fn(|cx| self.poll_turn(cx, clear)).await
    }

    /// From now on nobody but the connection's task writes, until it waits for its next turn. `false` when a frame was
    /// written in part: its rest is the next turn, and nothing else may be written before.
    pub fn hold(&self) -> bool {
        let mut state = self.lock();
        state.idle = false;
        state.torn.is_none()
    }

    /// As [`turn`](Self::turn), by hand. Only one task may poll.
    pub fn poll_turn(&self, cx: &Context<'_>, clear: bool) -> Poll<Turn> {
        let mut state = self.lock();
        state.idle = false;
        if let Some((frame, begun)) = state.torn.take() {
            return Poll::Ready(Turn::Write(Parcel { frames: vec![frame], begun, ..Parcel::default() }));
        }
        if let Some(farewell) = state.farewell {
            return Poll::Ready(Turn::Leave(farewell));
        }
        if std::mem::take(&mut state.due.recheck) {
            return Poll::Ready(Turn::Recheck);
        }
        if std::mem::take(&mut state.due.readmit) {
            return Poll::Ready(Turn::Readmit(state.watched()));
        }
        if let Some(parcel) = state.parcel() {
            return Poll::Ready(Turn::Write(parcel));
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        state.idle = clear;
        Poll::Pending
    }

    /// The catch-up of `topic` told everything up to `upto`: what waits of it is not told twice.
    pub fn caught_up(&self, topic: Topic, upto: Seq) {
        let mut state = self.lock();
        if let Some(seat) = state.seat_mut(topic) {
            seat.cursor = seat.cursor.max(upto);
            state.forget(|frame| frame.topic() == Some(topic) && frame.seq().is_some_and(|seq| seq <= upto));
        }
    }

    /// Nothing more of `topic` is sent until it is watched again; what waits of it is dropped. The caller tells the
    /// client.
    pub fn lapse(&self, topic: Topic) {
        let mut state = self.lock();
        if let Some(seat) = state.seat_mut(topic) {
            seat.watch = Watch::Stale;
            state.forget(|frame| frame.topic() == Some(topic));
        }
    }

    /// Offers something to a connection in the audience.
    pub(super) fn offer(&self, topic: Topic, frame: &Arc<Frame>) {
        let mut state = self.lock();
        if state.offer(topic, frame, None) != Offered::Passed {
            self.wake(state, ());
        }
    }

    /// Offers events of one topic, in their order: writes them at once, or wakes its task once.
    pub(super) fn offer_all(&self, topic: Topic, news: &[News]) -> Tally {
        let mut state = self.lock();
        let mut tally = Tally::default();
        for one in news {
            match state.offer(topic, &one.frame, one.head_for(self.person)) {
                Offered::Queued | Offered::Told => tally.queued += 1,
                Offered::Dropped => tally.dropped += 1,
                Offered::Passed => {}
            }
        }
        if tally == Tally::default() || state.write_through() { tally } else { self.wake(state, tally) }
    }

    #[expect(clippy::unused_self, reason = "the guard is this connection's; it is released before the task is woken")]
    fn wake<T>(&self, mut state: MutexGuard<'_, State>, outcome: T) -> T {
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        outcome
    }

    /// Takes a place in `topic`'s audience as a watcher. The caller holds the topic's shard.
    pub(super) fn sit(&self, topic: Topic) -> Result<Seated, TooManyTopics> {
        let mut state = self.lock();
        if state.gone {
            return Ok(Seated::Already);
        }
        let watched = state.seats.iter().filter(|seat| seat.watch != Watch::No && seat.topic != topic).count();
        if watched >= TOPICS_PER_CONNECTION {
            return Err(TooManyTopics);
        }
        let (seat, seated) = state.seat_or_insert(topic);
        seat.watch = Watch::Live;
        seat.stale_due = false;
        if matches!(topic, Topic::Community(_)) {
            seat.roster_due = true;
            state.due.notices = true;
        }
        Ok(seated)
    }

    /// Says whether the person takes part in a channel. The caller holds the topic's shard.
    pub(super) fn take_part(&self, topic: Topic, part: bool) -> Seated {
        let mut state = self.lock();
        if state.gone || (!part && state.seat(topic).is_none()) {
            return Seated::Already;
        }
        let (seat, seated) = state.seat_or_insert(topic);
        seat.part = part;
        let empty = seat.watch == Watch::No && !part;
        if !part {
            state.heads.retain(|head| head.topic() != Some(topic));
        }
        if empty {
            state.seats.retain(|seat| seat.topic != topic);
            return Seated::Rose;
        }
        seated
    }

    /// Stops watching. The caller holds the topic's shard.
    pub(super) fn rise(&self, topic: Topic) -> Seated {
        let mut state = self.lock();
        let Some(seat) = state.seat_mut(topic) else { return Seated::Already };
        seat.watch = Watch::No;
        seat.stale_due = false;
        seat.roster_due = false;
        let keep = seat.part;
        state.forget(|frame| frame.topic() == Some(topic));
        if keep {
            return Seated::Already;
        }
        state.seats.retain(|seat| seat.topic != topic);
        Seated::Rose
    }

    /// The connection's own presence.
    pub(super) fn presence(&self) -> Presence {
        let stored = self.presence.load(Ordering::Relaxed);
        Presence::ALL.iter().copied().find(|state| *state as u8 == stored).unwrap_or(Presence::Online)
    }

    pub(super) fn set_presence(&self, presence: Presence) {
        self.presence.store(presence as u8, Ordering::Relaxed);
    }

    pub(super) fn ask_readmission(&self) {
        let mut state = self.lock();
        state.due.readmit = true;
        self.wake(state, ());
    }

    pub(super) fn ask_recheck(&self) {
        let mut state = self.lock();
        state.due.recheck = true;
        self.wake(state, ());
    }

    pub(super) fn ask_ping(&self) {
        let mut state = self.lock();
        state.due.ping = true;
        self.wake(state, ());
    }

    pub(super) fn ask_roster(&self, topic: Topic) {
        let mut state = self.lock();
        if let Some(seat) = state.seat_mut(topic).filter(|seat| seat.watch == Watch::Live) {
            seat.roster_due = true;
            state.due.notices = true;
            self.wake(state, ());
        }
    }

    pub(super) fn dismiss(&self, farewell: Farewell) {
        let mut state = self.lock();
        state.farewell.get_or_insert(farewell);
        state.clear();
        self.wake(state, ());
    }

    /// Ends it: takes no more offers, and answers where it sat.
    pub(super) fn depart(&self) -> Vec<Topic> {
        let mut state = self.lock();
        state.gone = true;
        state.clear();
        state.waker = None;
        state.outlet = None;
        std::mem::take(&mut state.seats).into_iter().map(|seat| seat.topic).collect()
    }

    /// The channels the person is known to take part in.
    pub(super) fn parts(&self) -> Vec<Topic> {
        self.lock().seats.iter().filter(|seat| seat.part).map(|seat| seat.topic).collect()
    }

    /// Whether it watches `topic` and its person takes part there.
    pub(super) fn speaks_in(&self, topic: Topic) -> bool {
        self.lock().seat(topic).is_some_and(|seat| seat.part && seat.watch == Watch::Live)
    }

    /// Panics where the state contradicts itself.
    pub(super) fn check_invariants(&self) -> Vec<Topic> {
        let state = self.lock();
        assert_eq!(state.bytes, state.queue.iter().map(|frame| frame.len()).sum::<usize>(), "bytes are counted");
        assert!(state.queue.len() <= QUEUE_FRAMES, "frames are bounded");
        assert!(!state.gone || state.outlet.is_none(), "the line is let go");
        assert!(state.bytes <= QUEUE_BYTES || state.queue.len() == 1, "bytes are bounded");
        assert!(state.seats.is_sorted_by_key(|seat| seat.topic), "seats are sorted");
        assert!(!state.gone || (state.seats.is_empty() && state.queue.is_empty()), "nothing is kept for the gone");
        for seat in &state.seats {
            assert!(seat.part || seat.watch != Watch::No, "a seat is for something");
        }
        state.seats.iter().map(|seat| seat.topic).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change leaves the state whole before anything can panic, so a poisoned lock is still good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection watches [`TOPICS_PER_CONNECTION`] already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyTopics;
