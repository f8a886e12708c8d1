//! Stretches of time, newest first, in which a search looks for what is said often: it stops as soon as a page is full,
//! however much was said before.
//!
//! Every message is indexed under its time in hexadecimal digits. A stretch is a few beginnings of such numbers: the
//! first is 17 seconds long, and each one after it up to sixteen times as long as all before it, so that all time is eight stretches.

use crate::domain::Time;

/// How many bits of a time in microseconds do not count: 16.8 seconds.
const BITS: u32 = 24;
/// How many digits a time has; enough until 2112.
const DIGITS: usize = 7;

/// A time as a message is indexed under.
pub fn digits(time: Time) -> String {
    format!("{:0DIGITS$x}", (time.micros().max(0) >> BITS).min((1 << (4 * DIGITS)) - 1))
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What its times begin with.
    pub begins: Vec<String>,
    /// It ends before this moment.
    pub end: Time,
}

/// All time up to the stretch of `latest`, newest first.
pub fn windows(latest: Time) -> Vec<Window> {
    let digits = digits(latest);
    let number = |text: &str| i64::from_str_radix(text, 16).unwrap_or_default();
    let end = |text: &str, more: i64| {
        let rest = u32::try_from(4 * (DIGITS - text.len())).unwrap_or_default();
        Time::from_micros((number(text) + more) << (BITS + rest))
    };
    let mut windows = vec![Window { begins: vec![digits.clone()], end: end(&digits, 1) }];
    for level in (0..DIGITS).rev() {
        let (before, here) = (&digits[..level], &digits[..=level]);
        let begins: Vec<String> = (0..number(&digits[level..=level])).rev().map(|n| format!("{before}{n:x}")).collect();
        if !begins.is_empty() {
            windows.push(Window { begins, end: end(here, 0) });
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_stretch_ends_where_the_one_after_it_begins() {
        let told = windows(Time::from_micros((0x12 << BITS) + 5));
        assert_eq!(told[0], Window { begins: vec!["0000012".to_owned()], end: Time::from_micros(0x13 << BITS) });
        assert_eq!(told[1].begins, ["0000011", "0000010"]);
        assert_eq!((told[1].end, told[2].end), (Time::from_micros(0x12 << BITS), Time::from_micros(0x10 << BITS)));
        assert_eq!((told[2].begins.as_slice(), told.len()), (&["000000".to_owned()][..], 3));
    }

    proptest! {
        #[test]
        fn every_time_up_to_the_latest_is_in_one_stretch(latest in 0..4_000_000_000_000_000_i64, back in 0..4_000_000_000_000_000_i64) {
            let time = Time::from_micros((latest - back).max(0));
            let (digits, windows) = (digits(time), windows(Time::from_micros(latest)));
            let holding = windows.iter().filter(|one| one.begins.iter().any(|begin| digits.starts_with(begin)));
            prop_assert_eq!(holding.clone().count(), 1);
            prop_assert!(holding.clone().all(|one| time < one.end));
            prop_assert!(windows.len() <= DIGITS + 1);
        }
    }
}
