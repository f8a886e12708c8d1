//! Times as text, in whatever zone the offset says: zero on the server, the person's own in the browser.

use crate::domain::Time;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// The year.
    pub year: i64,
    /// 1–12.
    pub month: u32,
    /// 1–31.
    pub day: u32,
    /// Days since Monday.
    weekday: usize,
}

impl Day {
    /// The day of a time that was already moved by the zone's offset.
    #[expect(clippy::cast_possible_truncation, reason = "a remainder of 7")]
    pub fn of(local: Time) -> Self {
        let (year, month, day) = local.date();
        // 1970-01-01 was a Thursday.
        let weekday = (local.micros().div_euclid(Time::DAY) + 3).rem_euclid(7) as usize;
        Self { year, month, day, weekday }
    }

    /// `2026-11-22`, for `<time datetime>`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `Sunday, 22 November 2026`.
    pub fn long(self) -> String {
        format!("{}, {} {} {}", DAYS[self.weekday], self.day, MONTHS[self.month as usize - 1], self.year)
    }
}

/// `09:12`.
pub fn clock(local: Time) -> String {
    let (hour, minute) = local.clock();
    let two = |n: u32| [n / 10, n % 10].map(|digit| char::from_digit(digit, 10).unwrap_or('0'));
    two(hour).into_iter().chain([':']).chain(two(minute)).collect()
}

/// `Sunday, 22 November 2026, 09:12`.
pub fn full(local: Time) -> String {
    [Day::of(local).long().as_str(), ", ", &clock(local)].concat()
}

/// What is left of a time, in microseconds, as people say it: `in 5 min`, `in 3 hours`, `in 7 days`. Rounded up: what
/// was set to an hour does not begin at 59 minutes.
pub fn remaining(micros: i64) -> String {
    const HOUR: i64 = 60 * Time::MINUTE;
    let up = |unit: i64| (micros + unit - 1) / unit;
    match (micros, up(Time::MINUTE), up(HOUR), up(Time::DAY)) {
        (..=0, ..) => "now".to_owned(),
        (_, 1, ..) => "within a minute".to_owned(),
        (_, minutes @ ..=59, ..) => format!("in {minutes} min"),
        (_, _, 1, _) => "in 1 hour".to_owned(),
        (_, _, hours @ ..=23, _) => format!("in {hours} hours"),
        (_, _, _, 1) => "in 1 day".to_owned(),
        (.., days) => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // M26
    #[test]
    fn what_is_left_is_told_in_one_unit_and_never_as_less_than_it_was_set_to() {
        let minute = Time::MINUTE;
        let told = [0, 1, minute, minute + 1, 5 * minute, 60 * minute - 1, 60 * minute, 61 * minute, 24 * 60 * minute]
            .map(remaining);
        let expected = [
            "now",
            "within a minute",
            "within a minute",
            "in 2 min",
            "in 5 min",
            "in 1 hour",
            "in 1 hour",
            "in 2 hours",
            "in 1 day",
        ];
        assert_eq!(told, expected);
        assert_eq!(remaining(7 * Time::DAY - 1), "in 7 days");
    }

    #[test]
    fn a_day_reads_as_people_say_it() {
        let time = Time::from_micros(1_795_305_991_000_000);
        assert_eq!(full(time), "Sunday, 22 November 2026, 00:06");
        assert_eq!(Day::of(time).iso(), "2026-11-22");
        assert_eq!(Day::of(time.plus(-Time::DAY)).long(), "Saturday, 21 November 2026");
        assert_eq!(Day::of(Time::from_micros(-1)).long(), "Wednesday, 31 December 1969");
        assert_eq!(clock(Time::from_micros(23 * 60 * Time::MINUTE + 59 * Time::MINUTE)), "23:59");
    }
}
