use crate::watching::{Counter, Distribution, Histogram};

/// Upper bounds for what happens in memory or in the page cache: a job's statements.
const JOB_SECONDS: &[f64] = &[0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];
/// Upper bounds for what waits for the disk: the queue before the writer, and the commit with its sync.
const SYNC_SECONDS: &[f64] =
    &[0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Upper bounds of a group, in writes.
const GROUP_WRITES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// What the store has done since it was opened.
#[derive(Debug)]
pub(super) struct Stats {
    pub read: Histogram,
    pub waited: Histogram,
    pub wrote: Histogram,
    pub committed: Histogram,
    pub group: Histogram,
    pub lost: Counter,
}

/// The figures at one moment. All but the group are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Reads: the statements of each, on its connection.
    pub read: Distribution,
    /// Writes: from being asked for to being taken up by the writer.
    pub waited: Distribution,
    /// Writes: the statements of each.
    pub wrote: Distribution,
    /// Groups: the commit, which on SQLite and on PostgreSQL ends with the sync of the log.
    pub committed: Distribution,
    /// Groups: how many writes each held.
    pub group: Distribution,
    /// Groups that could not be committed.
    pub lost: u64,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            read: Histogram::new(JOB_SECONDS),
            waited: Histogram::new(SYNC_SECONDS),
            wrote: Histogram::new(JOB_SECONDS),
            committed: Histogram::new(SYNC_SECONDS),
            group: Histogram::new(GROUP_WRITES),
            lost: Counter::default(),
        }
    }
}

impl Stats {
    pub fn figures(&self) -> Figures {
        Figures {
            read: self.read.distribution(),
            waited: self.waited.distribution(),
            wrote: self.wrote.distribution(),
            committed: self.committed.distribution(),
            group: self.group.distribution(),
            lost: self.lost.get(),
        }
    }
}
