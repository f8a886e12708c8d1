use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, AtomicU32, Ordering},
    },
    task::{Context, Poll, Waker},
};

use super::frame::Frame;
use crate::domain::{
    CommunityId, PersonId, Presence, Seq, SessionId, Topic,
    feed::{ServerFrame, TOPICS_PER_CONNECTION},
};

/// The most frames that wait for one connection.
pub const QUEUE_FRAMES: usize = 1_024;
/// The most bytes that wait for one connection. With the socket's own buffers at most 64 KB are held for a reader
/// who stopped. A single larger frame still passes an empty queue.
pub const QUEUE_BYTES: usize = 48 * 1_024;

/// A live connection: what it watches, and what waits to be written to it.
///
/// One task reads its socket, calls [`turn`](Self::turn) and writes what that gives. Everybody else only offers.
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

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) queue: Vec<Arc<Frame>>,
    pub(super) bytes: usize,
    /// At most one a channel: the latest.
    pub(super) heads: Vec<Arc<Frame>>,
    /// Sorted by topic; one for each audience this connection sits in.
    pub(super) seats: Vec<Seat>,
    due: Due,
    farewell: Option<Farewell>,
    pub(super) gone: bool,
    waker: Option<Waker>,
}

/// A connection's place in a topic's audience.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) topic: Topic,
    /// Everything up to here was sent, waits in the queue, or was told by a catch-up.
    pub(super) cursor: Seq,
    pub(super) watch: Watch,
    /// The person takes part in this channel, so that its news is told even when it is not watched.
    pub(super) part: bool,
    stale_due: bool,
    roster_due: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    No,
    Live,
    /// Events were dropped; nothing more is sent until the client asks again.
    Stale,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent things to do")]
struct Due {
    readmit: bool,
    recheck: bool,
    ping: bool,
    notices: bool,
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

    /// The next thing to do. Waits until there is one. Cancel-safe: nothing is taken before it is returned.
    pub async fn turn(&self) -> Turn {
        std::future::poll_fn(|cx| self.poll_turn(cx)).await
    }

    /// As [`turn`](Self::turn), by hand. Only one task may poll.
    pub fn poll_turn(&self, cx: &Context<'_>) -> Poll<Turn> {
        let mut state = self.lock();
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

    /// Offers an event to a connection in the audience; `head` is what one who only takes part is told.
    pub(super) fn offer(&self, topic: Topic, frame: &Arc<Frame>, head: Option<&Arc<Frame>>) -> Offered {
        let mut state = self.lock();
        let Some(seat) = state.seat_mut(topic) else { return Offered::Passed };
        match (seat.watch, frame.seq()) {
            (Watch::Live, Some(seq)) if seq <= seat.cursor => return Offered::Passed,
            (Watch::Live, Some(seq)) => seat.cursor = seq,
            (Watch::Live, None) => {}
            (Watch::No | Watch::Stale, _) => match head.filter(|_| seat.part) {
                Some(head) => {
                    state.tell(head);
                    return self.wake(state, Offered::Told);
                }
                None => return Offered::Passed,
            },
        }
        let outcome = state.push(frame);
        self.wake(state, outcome)
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

/// What the topic's audience has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seated {
    Already,
    Sat,
    Rose,
}

impl State {
    fn seat(&self, topic: Topic) -> Option<&Seat> {
        self.seats.binary_search_by_key(&topic, |seat| seat.topic).ok().map(|at| &self.seats[at])
    }

    fn seat_mut(&mut self, topic: Topic) -> Option<&mut Seat> {
        self.seats.binary_search_by_key(&topic, |seat| seat.topic).ok().map(|at| &mut self.seats[at])
    }

    fn seat_or_insert(&mut self, topic: Topic) -> (&mut Seat, Seated) {
        let (at, seated) = match self.seats.binary_search_by_key(&topic, |seat| seat.topic) {
            Ok(at) => (at, Seated::Already),
            Err(at) => {
                let seat =
                    Seat { topic, cursor: 0, watch: Watch::No, part: false, stale_due: false, roster_due: false };
                self.seats.insert(at, seat);
                (at, Seated::Sat)
            }
        };
        (&mut self.seats[at], seated)
    }

    fn watched(&self) -> Vec<Topic> {
        self.seats.iter().filter(|seat| seat.watch != Watch::No).map(|seat| seat.topic).collect()
    }

    fn push(&mut self, frame: &Arc<Frame>) -> Offered {
        let full = self.queue.len() >= QUEUE_FRAMES || self.bytes + frame.len() > QUEUE_BYTES;
        if full && !self.queue.is_empty() {
            // A "typing" that does not fit is simply not shown; it is no reason to drop what is durable.
            let dropped = if frame.seq().is_some() { std::mem::take(&mut self.queue) } else { Vec::new() };
            self.overflow(&dropped, frame);
            return Offered::Dropped;
        }
        self.bytes += frame.len();
        self.queue.push(frame.clone());
        Offered::Queued
    }

    /// Marks every topic that lost something.
    fn overflow(&mut self, dropped: &[Arc<Frame>], refused: &Arc<Frame>) {
        self.bytes = self.queue.iter().map(|frame| frame.len()).sum();
        for frame in dropped.iter().chain([refused]) {
            let Some(seat) = frame.topic().and_then(|topic| self.seat_mut(topic)) else { continue };
            if frame.seq().is_some() {
                seat.watch = Watch::Stale;
                seat.stale_due = true;
                seat.roster_due = false;
            } else if matches!(seat.topic, Topic::Community(_)) && seat.watch == Watch::Live {
                // Somebody's coming or going was dropped: who is there is told afresh.
                seat.roster_due = true;
            }
            self.due.notices = true;
        }
    }

    fn tell(&mut self, head: &Arc<Frame>) {
        match self.heads.iter_mut().find(|known| known.topic() == head.topic()) {
            Some(known) => known.clone_from(head),
            None => self.heads.push(head.clone()),
        }
    }

    fn forget(&mut self, gone: impl Fn(&Frame) -> bool) {
        self.queue.retain(|frame| !gone(frame));
        self.bytes = self.queue.iter().map(|frame| frame.len()).sum();
    }

    fn clear(&mut self) {
        self.queue = Vec::new();
        self.heads = Vec::new();
        self.bytes = 0;
    }

    /// Everything that waits; `None` when nothing does. The queue's memory goes with it.
    fn parcel(&mut self) -> Option<Parcel> {
        if self.queue.is_empty() && self.heads.is_empty() && !self.due.notices && !self.due.ping {
            return None;
        }
        self.bytes = 0;
        let mut parcel = Parcel { frames: std::mem::take(&mut self.queue), ..Parcel::default() };
        parcel.frames.append(&mut std::mem::take(&mut self.heads));
        parcel.ping = std::mem::take(&mut self.due.ping);
        if std::mem::take(&mut self.due.notices) {
            for seat in &mut self.seats {
                if std::mem::take(&mut seat.stale_due) {
                    parcel.frames.push(Frame::encode(&ServerFrame::Stale { topic: seat.topic }));
                }
                if let (true, Topic::Community(community)) = (std::mem::take(&mut seat.roster_due), seat.topic) {
                    parcel.rosters.push(community);
                }
            }
        }
        Some(parcel)
    }
}
