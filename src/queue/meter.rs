use std::time::Duration;

use crate::{
    domain::Lane,
    watching::{Counter, Distribution, Histogram},
};

/// Upper bounds in seconds, for waiting and for working: from a hand-over in memory to a retry of hours.
const SECONDS: &[f64] =
    &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];

/// What the lanes of this process have done since it began (E05).
#[derive(Debug, Default)]
pub struct Meter {
    published: Counter,
    dropped: Counter,
    lanes: [LaneMeter; Lane::ALL.len()],
}

#[derive(Debug)]
struct LaneMeter {
    enqueued: Counter,
    unheard: Counter,
    taken_over: Counter,
    done: Counter,
    failed: Counter,
    died: Counter,
    returned: Counter,
    waited: Histogram,
    worked: Histogram,
}

impl Default for LaneMeter {
    fn default() -> Self {
        Self {
            enqueued: Counter::default(),
            unheard: Counter::default(),
            taken_over: Counter::default(),
            done: Counter::default(),
            failed: Counter::default(),
            died: Counter::default(),
            returned: Counter::default(),
            waited: Histogram::new(SECONDS),
            worked: Histogram::new(SECONDS),
        }
    }
}

/// The figures at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Events published.
    pub published: u64,
    /// Events left out for their faults.
    pub dropped: u64,
    /// Each lane's, in their order.
    pub lanes: [LaneFigures; Lane::ALL.len()],
}

/// One lane's figures.
#[derive(Clone, Debug, PartialEq)]
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
    /// From when a record was made to when a handler began with it, in seconds, for each attempt.
    pub waited: Distribution,
    /// How long a handler was at it, in seconds, for each batch.
    pub worked: Distribution,
}

impl Figures {
    /// A lane's.
    pub const fn of(&self, lane: Lane) -> &LaneFigures {
        &self.lanes[lane as usize]
    }
}

impl Meter {
    /// The figures now.
    pub fn figures(&self) -> Figures {
        let lane = |lane: &LaneMeter| LaneFigures {
            enqueued: lane.enqueued.get(),
            unheard: lane.unheard.get(),
            taken_over: lane.taken_over.get(),
            done: lane.done.get(),
            failed: lane.failed.get(),
            died: lane.died.get(),
            returned: lane.returned.get(),
            waited: lane.waited.distribution(),
            worked: lane.worked.distribution(),
        };
        Figures { published: self.published.get(), dropped: self.dropped.get(), lanes: self.lanes.each_ref().map(lane) }
    }

    pub(super) fn committed(&self, published: u64, dropped: u64) {
        self.published.add(published);
        self.dropped.add(dropped);
    }

    pub(super) fn enqueued(&self, lane: Lane, heard: bool) {
        let lane = self.lane(lane);
        lane.enqueued.one();
        lane.unheard.add(u64::from(!heard));
    }

    pub(super) fn taken_over(&self, lane: Lane, records: usize) {
        self.lane(lane).taken_over.add(records as u64);
    }

    /// A handler begins with records that were made so many microseconds ago.
    pub(super) fn begun(&self, lane: Lane, ages: impl Iterator<Item = i64>) {
        let lane = self.lane(lane);
        for age in ages {
            lane.waited.took(Duration::from_micros(u64::try_from(age).unwrap_or_default()));
        }
    }

    /// A handler was at it so long.
    pub(super) fn worked(&self, lane: Lane, took: Duration) {
        self.lane(lane).worked.took(took);
    }

    pub(super) fn done(&self, lane: Lane, records: u64) {
        self.lane(lane).done.add(records);
    }

    pub(super) fn failed(&self, lane: Lane, last: bool) {
        let lane = self.lane(lane);
        lane.failed.one();
        lane.died.add(u64::from(last));
    }

    pub(super) fn buried(&self, lane: Lane, records: u64) {
        self.lane(lane).died.add(records);
    }

    pub(super) fn returned(&self, lane: Lane, records: usize) {
        self.lane(lane).returned.add(records as u64);
    }

    const fn lane(&self, lane: Lane) -> &LaneMeter {
        &self.lanes[lane as usize]
    }
}
