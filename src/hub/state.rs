//! What one connection holds: where it sits, and what waits for it.

use std::{sync::Arc, task::Waker};

use super::{
    connection::{Farewell, Offered, Parcel, QUEUE_BYTES, QUEUE_FRAMES},
    frame::Frame,
    outlet::Outlet,
};
use crate::domain::{Seq, Topic, feed::ServerFrame};

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) queue: Vec<Arc<Frame>>,
    pub(super) bytes: usize,
    /// At most two a channel: the latest, and the latest of one's own.
    pub(super) heads: Vec<Arc<Frame>>,
    /// Sorted by topic; one for each audience this connection sits in.
    pub(super) seats: Vec<Seat>,
    pub(super) due: Due,
    pub(super) farewell: Option<Farewell>,
    pub(super) gone: bool,
    pub(super) waker: Option<Waker>,
    pub(super) outlet: Option<Box<dyn Outlet>>,
    /// The task waits and leaves the line to the outlet.
    pub(super) idle: bool,
    /// What the outlet wrote in part, and how many bytes of it. Its rest goes before everything else.
    pub(super) torn: Option<(Arc<Frame>, usize)>,
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
    pub(super) stale_due: bool,
    pub(super) roster_due: bool,
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
pub(super) struct Due {
    pub(super) readmit: bool,
    pub(super) recheck: bool,
    pub(super) ping: bool,
    pub(super) notices: bool,
}

impl Due {
    const fn is_nothing(&self) -> bool {
        !(self.readmit || self.recheck || self.ping || self.notices)
    }
}

/// What the topic's audience has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seated {
    Already,
    Sat,
    Rose,
}

impl State {
    pub(super) fn seat(&self, topic: Topic) -> Option<&Seat> {
        self.seats.binary_search_by_key(&topic, |seat| seat.topic).ok().map(|at| &self.seats[at])
    }

    pub(super) fn seat_mut(&mut self, topic: Topic) -> Option<&mut Seat> {
        self.seats.binary_search_by_key(&topic, |seat| seat.topic).ok().map(|at| &mut self.seats[at])
    }

    pub(super) fn seat_or_insert(&mut self, topic: Topic) -> (&mut Seat, Seated) {
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

    pub(super) fn watched(&self) -> Vec<Topic> {
        self.seats.iter().filter(|seat| seat.watch != Watch::No).map(|seat| seat.topic).collect()
    }

    /// Takes an event of a topic it sits in; `head` is what one who only takes part is told of it.
    pub(super) fn offer(&mut self, topic: Topic, frame: &Arc<Frame>, head: Option<&Arc<Frame>>) -> Offered {
        let Some(seat) = self.seat_mut(topic) else { return Offered::Passed };
        match (seat.watch, frame.seq()) {
            (Watch::Live, Some(seq)) if seq <= seat.cursor => Offered::Passed,
            (Watch::Live, seq) => {
                seat.cursor = seq.unwrap_or(seat.cursor);
                self.push(frame)
            }
            (Watch::No | Watch::Stale, _) => match head.filter(|_| seat.part) {
                Some(head) => {
                    self.tell(head);
                    Offered::Told
                }
                None => Offered::Passed,
            },
        }
    }

    pub(super) fn push(&mut self, frame: &Arc<Frame>) -> Offered {
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
    pub(super) fn overflow(&mut self, dropped: &[Arc<Frame>], refused: &Arc<Frame>) {
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

    pub(super) fn tell(&mut self, head: &Arc<Frame>) {
        match self.heads.iter_mut().find(|known| known.topic() == head.topic() && known.is_own() == head.is_own()) {
            Some(known) => known.clone_from(head),
            None => self.heads.push(head.clone()),
        }
    }

    pub(super) fn forget(&mut self, gone: impl Fn(&Frame) -> bool) {
        self.queue.retain(|frame| !gone(frame));
        self.bytes = self.queue.iter().map(|frame| frame.len()).sum();
    }

    pub(super) fn clear(&mut self) {
        self.queue = Vec::new();
        self.heads = Vec::new();
        self.bytes = 0;
    }

    /// Writes what waits through the outlet, where the task leaves it that. Whether nothing is left for the task.
    pub(super) fn write_through(&mut self) -> bool {
        if !self.idle || self.farewell.is_some() || self.torn.is_some() || !self.due.is_nothing() {
            return false;
        }
        let Some(outlet) = self.outlet.as_deref() else { return false };
        let mut torn = write_out(outlet, &mut self.queue);
        if self.queue.is_empty() && torn.is_none() {
            torn = write_out(outlet, &mut self.heads);
        }
        self.torn = torn;
        self.bytes = self.queue.iter().map(|frame| frame.len()).sum();
        self.queue.is_empty() && self.heads.is_empty() && self.torn.is_none()
    }

    /// Everything that waits; `None` when nothing does. The queue's memory goes with it.
    pub(super) fn parcel(&mut self) -> Option<Parcel> {
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

/// Writes what is taken of `waiting`, which keeps the rest; answers the frame that was written in part, and how far.
fn write_out(outlet: &dyn Outlet, waiting: &mut Vec<Arc<Frame>>) -> Option<(Arc<Frame>, usize)> {
    if waiting.is_empty() {
        return None;
    }
    let written = outlet.write(waiting);
    if written.frames == waiting.len() {
        // Its memory goes with it: ten thousand connections wait.
        *waiting = Vec::new();
        return None;
    }
    waiting.drain(..written.frames);
    (written.begun > 0).then(|| (waiting.remove(0), written.begun))
}
