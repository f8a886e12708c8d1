use std::collections::BTreeSet;

use thunderline::domain::Seq;

/// What one watcher heard of one topic, held against the promise: every event once, in order, without a gap.
#[derive(Debug)]
pub struct Follower {
    cursor: Seq,
    missing: BTreeSet<Seq>,
    doubled: u64,
    reordered: u64,
}

impl Follower {
    /// A watcher that knows everything up to `cursor`.
    pub const fn new(cursor: Seq) -> Self {
        Self { cursor, missing: BTreeSet::new(), doubled: 0, reordered: 0 }
    }

    /// Hears an event. Answers whether it is heard for the first time.
    pub fn hear(&mut self, seq: Seq) -> bool {
        if seq > self.cursor {
            self.missing.extend(self.cursor + 1..seq);
            self.cursor = seq;
            true
        } else if self.missing.remove(&seq) {
            self.reordered += 1;
            true
        } else {
            self.doubled += 1;
            false
        }
    }

    /// The latest event heard.
    pub const fn cursor(&self) -> Seq {
        self.cursor
    }

    /// How many up to `head` were never heard.
    pub fn missing(&self, head: Seq) -> u64 {
        self.missing.len() as u64 + u64::try_from(head - self.cursor).unwrap_or(0)
    }

    /// How many were heard again.
    pub const fn doubled(&self) -> u64 {
        self.doubled
    }

    /// How many were heard after a later one.
    pub const fn reordered(&self) -> u64 {
        self.reordered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(seqs: &[Seq]) -> (u64, u64, u64) {
        let mut follower = Follower::new(10);
        for seq in seqs {
            follower.hear(*seq);
        }
        (follower.missing(14), follower.doubled(), follower.reordered())
    }

    #[test]
    fn each_broken_promise_is_noticed() {
        assert_eq!(heard(&[11, 12, 13, 14]), (0, 0, 0));
        assert_eq!(heard(&[11, 13, 14]), (1, 0, 0), "a gap");
        assert_eq!(heard(&[11, 12, 13]), (1, 0, 0), "the last one");
        assert_eq!(heard(&[]), (4, 0, 0), "silence");
        assert_eq!(heard(&[11, 12, 12, 13, 14]), (0, 1, 0), "twice in a row");
        assert_eq!(heard(&[11, 12, 13, 14, 11]), (0, 1, 0), "again much later");
        assert_eq!(heard(&[10, 11, 12, 13, 14]), (0, 1, 0), "known before");
        assert_eq!(heard(&[11, 13, 12, 14]), (0, 0, 1), "swapped");
    }
}
