use std::sync::atomic::{AtomicU64, Ordering};

use super::connection::Tally;

/// What the hub has done since it was made.
#[derive(Debug, Default)]
pub struct Stats {
    connections: AtomicU64,
    connected: AtomicU64,
    published: AtomicU64,
    offered: AtomicU64,
    overflowed: AtomicU64,
}

/// The figures at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Connections open now.
    pub connections: u64,
    /// Connections ever opened.
    pub connected: u64,
    /// Events published.
    pub published: u64,
    /// Frames put into queues.
    pub offered: u64,
    /// Times a queue overflowed and its topics went stale.
    pub overflowed: u64,
}

impl Stats {
    /// The figures now.
    pub fn figures(&self) -> Figures {
        Figures {
            connections: self.connections.load(Ordering::Relaxed),
            connected: self.connected.load(Ordering::Relaxed),
            published: self.published.load(Ordering::Relaxed),
            offered: self.offered.load(Ordering::Relaxed),
            overflowed: self.overflowed.load(Ordering::Relaxed),
        }
    }

    pub(super) fn arrived(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.connected.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn departed(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn published(&self, events: u64, tally: Tally) {
        self.published.fetch_add(events, Ordering::Relaxed);
        self.offered.fetch_add(tally.queued, Ordering::Relaxed);
        self.overflowed.fetch_add(tally.dropped, Ordering::Relaxed);
    }
}
