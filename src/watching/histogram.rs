use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How often something took how long, or was how large. Recording is a search in a short list and two atomic
/// additions: no lock, no allocation.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    /// The bounds in millionths, which are compared as integers.
    limits: Box<[u64]>,
    /// One for each bound, and one for what is beyond the last.
    counts: Box<[AtomicU64]>,
    /// In millionths.
    sum: AtomicU64,
}

/// A histogram at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// Each bucket's upper bound (seconds, or pieces) and how many fell into it and no lower one. The last is infinite.
    pub buckets: Vec<(f64, u64)>,
    /// All that was recorded, added up: seconds, or pieces.
    pub sum: f64,
}

impl Histogram {
    /// One with these upper bounds, which rise: seconds, or pieces.
    pub fn new(bounds: &'static [f64]) -> Self {
        let limits = bounds.iter().map(|bound| micros(Duration::from_secs_f64(*bound))).collect();
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, limits, counts, sum: AtomicU64::new(0) }
    }

    /// Something took so long.
    pub fn took(&self, duration: Duration) {
        self.record(micros(duration));
    }

    /// Something had so many pieces.
    pub fn held(&self, pieces: usize) {
        self.record(u64::try_from(pieces).unwrap_or(u64::MAX).saturating_mul(1_000_000));
    }

    fn record(&self, millionths: u64) {
        let bucket = self.limits.partition_point(|limit| *limit < millionths);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(millionths, Ordering::Relaxed);
    }

    /// What was recorded until now.
    pub fn distribution(&self) -> Distribution {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let sum = Duration::from_micros(self.sum.load(Ordering::Relaxed)).as_secs_f64();
        Distribution { buckets: bounds.zip(counts).collect(), sum }
    }
}

impl Distribution {
    /// How often something was recorded.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duration_falls_into_one_bucket_and_a_bound_belongs_to_its_own() {
        let histogram = Histogram::new(&[0.001, 0.01]);
        for millis in [1, 2, 10, 11] {
            histogram.took(Duration::from_millis(millis));
        }
        let distribution = histogram.distribution();
        assert_eq!(distribution.buckets, [(0.001, 1), (0.01, 2), (f64::INFINITY, 1)]);
        assert_eq!((distribution.count(), distribution.sum.to_string()), (4, "0.024".to_owned()));
    }

    #[test]
    fn sizes_are_counted_in_pieces() {
        let histogram = Histogram::new(&[1.0, 64.0]);
        histogram.held(1);
        histogram.held(64);
        assert_eq!(histogram.distribution().buckets, [(1.0, 1), (64.0, 1), (f64::INFINITY, 0)]);
        assert_eq!(histogram.distribution().sum.to_string(), "65");
    }
}
