/// Milliseconds of the first ceiling.
const FIRST_MS: u32 = 500;
/// Milliseconds no ceiling passes.
const LAST_MS: u32 = 30_000;

/// How long to wait before trying again: anywhere below a ceiling that doubles ("full jitter"), so that ten thousand
/// clients of a server that restarts do not come back in one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Milliseconds to wait after another failure; `chance` is drawn evenly from 0 up to 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the ceiling")]
    pub fn after_failure(&mut self, chance: f64) -> u32 {
        let ceiling = FIRST_MS.saturating_mul(1 << self.failures.min(16)).min(LAST_MS);
        self.failures = self.failures.saturating_add(1);
        (f64::from(ceiling) * chance.clamp(0.0, 1.0)) as u32
    }

    /// It worked: the next failure waits briefly again.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// How often it failed since it last worked.
    pub const fn failures(self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // U05
    #[test]
    fn the_ceiling_doubles_from_half_a_second_to_thirty() {
        let mut backoff = Backoff::default();
        let ceilings: Vec<u32> = (0..9).map(|_| backoff.after_failure(1.0)).collect();
        assert_eq!(ceilings, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        backoff.succeeded();
        assert_eq!(backoff.after_failure(0.5), 250);
        assert_eq!(backoff.after_failure(0.0), 0);
        assert_eq!(backoff.failures(), 2);
    }
}
