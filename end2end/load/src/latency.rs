use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest time told apart, in µs; longer ones count as this.
const LONGEST: u64 = 600_000_000;

/// Durations, exact to three digits.
#[derive(Debug)]
pub struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are constants in order"))
    }
}

impl Latency {
    /// Counts one.
    pub fn record(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(LONGEST);
        self.0.saturating_record(micros.clamp(1, LONGEST));
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The duration that `share` of 100 do not exceed, in milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "at most ten minutes in µs")]
    pub fn percentile(&self, share: f64) -> f64 {
        self.0.value_at_percentile(share) as f64 / 1_000.0
    }

    /// The longest, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.percentile(100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_long_wait_shows_in_the_tail() {
        let mut latency = Latency::default();
        for _ in 0..980 {
            latency.record(Duration::from_millis(2));
        }
        for _ in 0..20 {
            latency.record(Duration::from_millis(500));
        }
        assert_eq!(latency.count(), 1_000);
        assert!((latency.percentile(50.0) - 2.0).abs() < 0.01);
        assert!((latency.percentile(99.0) - 500.0).abs() < 1.0);
        latency.record(Duration::from_secs(10_000));
        assert!(latency.longest() > 599_000.0);
    }
}
