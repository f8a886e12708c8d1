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

    /// Days since 1970-01-01, UTC.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(Self::DAY)
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

impl std::str::FromStr for Time {
    type Err = String;

    /// A day (`2026-11-23`: its first moment, UTC) or a moment as [`rfc3339`](Time::rfc3339) writes it.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("a time is written 2026-11-23 or 2026-11-23T09:30:00Z (UTC), not {text:?}");
        let (day, clock) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
        let numbers = |text: &str, by| text.split(by).map(|part| part.parse().ok()).collect::<Option<Vec<i64>>>();
        let day = numbers(day, '-').ok_or_else(wrong)?;
        let clock = clock.strip_suffix('Z').and_then(|clock| numbers(clock, ':')).ok_or_else(wrong)?;
        let ([year, month, day], [hour, minute, second]) = (&day[..], &clock[..]) else { return Err(wrong()) };
        if !(0..=9_999).contains(year) || !(1..=12).contains(month) || !(1..=31).contains(day) {
            return Err(wrong());
        }
        let seconds = days(*year, *month, *day) * 86_400 + hour * 3_600 + minute * 60 + second;
        let time = Self(seconds * Self::SECOND);
        // The 31st of February and the 25th hour are written otherwise.
        let written = time.rfc3339();
        let known = text == written || written.strip_suffix("T00:00:00Z").is_some_and(|day| text == day);
        if known { Ok(time) } else { Err(wrong()) }
    }
}

/// Days since 1970-01-01. Source: Howard Hinnant, as above, `days_from_civil`.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * 146_097 + day_of_era - 719_468
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
    #[test]
    fn a_written_time_is_read_again() {
        for text in ["1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2026-11-22T00:06:31Z", "0000-03-01T00:00:00Z"] {
            assert_eq!(text.parse::<Time>().unwrap().rfc3339(), text);
        }
        assert_eq!("2026-11-23".parse::<Time>().unwrap().rfc3339(), "2026-11-23T00:00:00Z");
        for wrong in
            ["", "2026-02-30", "2026-1-1", "2026-11-23T25:00:00Z", "2026-11-23T09:30", "9e9-01-01", "+026-01-01"]
        {
            assert!(wrong.parse::<Time>().is_err(), "{wrong}");
        }
    }
}
