use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::domain::Lane;

/// What the lanes of this process have done since it began (E05).
#[derive(Debug, Default)]
pub struct Meter {
    published: AtomicU64,
    dropped: AtomicU64,
    lanes: [LaneMeter; Lane::ALL.len()],
}

#[derive(Debug, Default)]
struct LaneMeter {
    enqueued: AtomicU64,
    unheard: AtomicU64,
    taken_over: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
    died: AtomicU64,
    returned: AtomicU64,
}

/// The figures at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Events published.
    pub published: u64,
    /// Events left out for their faults.
    pub dropped: u64,
    /// Each lane's, in their order.
    pub lanes: [LaneFigures; Lane::ALL.len()],
}

/// One lane's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneFigures {
    /// Records that this process committed.
    pub enqueued: u64,
    /// Of these, those that found no room in memory: the poll finds them.
    pub unheard: u64,
    /// Records claimed from the database.
    pub taken_over: u64,
    /// Records finished.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Records that are dead letters since.
    pub died: u64,
    /// Records given back without an attempt.
    pub returned: u64,
}

impl Figures {
    /// A lane's.
    pub const fn of(&self, lane: Lane) -> LaneFigures {
        self.lanes[lane as usize]
    }
}

impl Meter {
    /// The figures now.
    pub fn figures(&self) -> Figures {
        let lane = |lane: &LaneMeter| LaneFigures {
            enqueued: lane.enqueued.load(Relaxed),
            unheard: lane.unheard.load(Relaxed),
            taken_over: lane.taken_over.load(Relaxed),
            done: lane.done.load(Relaxed),
            failed: lane.failed.load(Relaxed),
            died: lane.died.load(Relaxed),
            returned: lane.returned.load(Relaxed),
        };
        Figures {
            published: self.published.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            lanes: self.lanes.each_ref().map(lane),
        }
    }

    pub(super) fn committed(&self, published: u64, dropped: u64) {
        self.published.fetch_add(published, Relaxed);
        self.dropped.fetch_add(dropped, Relaxed);
    }

    pub(super) fn enqueued(&self, lane: Lane, heard: bool) {
        let lane = self.lane(lane);
        lane.enqueued.fetch_add(1, Relaxed);
        lane.unheard.fetch_add(u64::from(!heard), Relaxed);
    }

    pub(super) fn taken_over(&self, lane: Lane, records: usize) {
        self.lane(lane).taken_over.fetch_add(records as u64, Relaxed);
    }

    pub(super) fn done(&self, lane: Lane, records: u64) {
        self.lane(lane).done.fetch_add(records, Relaxed);
    }

    pub(super) fn failed(&self, lane: Lane, last: bool) {
        let lane = self.lane(lane);
        lane.failed.fetch_add(1, Relaxed);
        lane.died.fetch_add(u64::from(last), Relaxed);
    }

    pub(super) fn buried(&self, lane: Lane, records: u64) {
        self.lane(lane).died.fetch_add(records, Relaxed);
    }

    pub(super) fn returned(&self, lane: Lane, records: usize) {
        self.lane(lane).returned.fetch_add(records as u64, Relaxed);
    }

    const fn lane(&self, lane: Lane) -> &LaneMeter {
        &self.lanes[lane as usize]
    }
}
