//! Pauses between messages, in words.

/// "10 seconds", "minute", "5 minutes", "hour": what follows "every".
pub fn span(seconds: i64) -> String {
    match seconds {
        60 => "minute".to_owned(),
        3_600 => "hour".to_owned(),
        seconds if seconds > 60 && seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C05
    #[test]
    fn a_pause_is_said_in_its_largest_unit() {
        let said = [5, 60, 300, 3_600].map(span);
        assert_eq!(said, ["5 seconds", "minute", "5 minutes", "hour"]);
    }
}
