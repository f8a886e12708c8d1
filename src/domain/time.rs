//! Points in time.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01 00:00 UTC, from the injected clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(i64);

impl Time {
    /// One second, in microseconds.
    pub const SECOND: i64 = 1_000_000;
    /// One minute, in microseconds.
    pub const MINUTE: i64 = 60 * Self::SECOND;
    /// One day, in microseconds.
    pub const DAY: i64 = 24 * 60 * Self::MINUTE;

    /// The point `micros` microseconds after 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This point moved by `micros` microseconds, which may be negative.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this point.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Year, month (1–12) and day (1–31) in UTC.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub const fn date(self) -> (i64, u32, u32) {
        let days = self.0.div_euclid(Self::DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, small(month), small(day))
    }

    /// Hour (0–23) and minute (0–59) in UTC.
    pub const fn clock(self) -> (u32, u32) {
        let minutes = self.0.rem_euclid(Self::DAY) / Self::MINUTE;
        (small(minutes / 60), small(minutes % 60))
    }

    /// RFC 3339 with seconds, for `<time datetime>`.
    pub fn rfc3339(self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute) = self.clock();
        let second = self.0.rem_euclid(Self::MINUTE) / Self::SECOND;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// A number below 60, as the calendar's are.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 59")]
const fn small(number: i64) -> u32 {
    number as u32
}

/// Tells the time. Injected, so that a test owns it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Time + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The present time.
    pub fn now(&self) -> Time {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now().rfc3339())
    }
}

impl From<Time> for i64 {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl From<i64> for Time {
    fn from(micros: i64) -> Self {
        Self(micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_as_its_date() {
        assert_eq!(Time::from_micros(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Time::from_micros(951_782_400_000_000).rfc3339(), "2000-02-29T00:00:00Z");
        assert_eq!(Time::from_micros(1_795_305_991_000_000).rfc3339(), "2026-11-22T00:06:31Z");
        assert_eq!(Time::from_micros(-1).rfc3339(), "1969-12-31T23:59:59Z");
    }
}
