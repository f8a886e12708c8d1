//! How long something has been there, in one unit: an operator looks at the order of it.

use thunderline::domain::Time;

/// "3 min": the time in its largest unit that is at least one. `micros` below a second is "under 1 s".
pub fn elapsed(micros: i64) -> String {
    const HOUR: i64 = 60 * Time::MINUTE;
    match micros {
        i64::MIN..Time::SECOND => "under 1 s".to_owned(),
        Time::SECOND..Time::MINUTE => format!("{} s", micros / Time::SECOND),
        Time::MINUTE..HOUR => format!("{} min", micros / Time::MINUTE),
        HOUR..Time::DAY => format!("{} h", micros / HOUR),
        Time::DAY..=i64::MAX => format!("{} d", micros / Time::DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_its_largest_unit() {
        assert_eq!(elapsed(-1), "under 1 s");
        assert_eq!(elapsed(999_999), "under 1 s");
        assert_eq!(elapsed(59 * Time::SECOND), "59 s");
        assert_eq!(elapsed(61 * Time::SECOND), "1 min");
        assert_eq!(elapsed(60 * Time::MINUTE), "1 h");
        assert_eq!(elapsed(Time::DAY + 1), "1 d");
    }
}
