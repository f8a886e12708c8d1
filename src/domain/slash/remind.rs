use super::{Errand, Plan, Slash, wrong};
use crate::domain::{PersonSummary, Result, Time};

/// The longest somebody can wait to be reminded, in microseconds: a year.
const LONGEST: i64 = 365 * Time::DAY;

/// `/remind in 10m the tea`.
pub struct Remind;

impl Slash for Remind {
    fn name(&self) -> &'static str {
        "remind"
    }

    fn usage(&self) -> &'static str {
        "/remind in 10m|2h|3 days <of what>"
    }

    fn does(&self) -> &'static str {
        "reminds you in your inbox, within a year"
    }

    fn plan(&self, words: &str, _: &PersonSummary) -> Result<Plan> {
        let parsed = parse(words).filter(|(after, of)| (Time::MINUTE..=LONGEST).contains(after) && !of.is_empty());
        let (after, of) = parsed.ok_or_else(|| wrong(self.usage()))?;
        Ok(Plan::Errand(Errand::Remind { after, of }))
    }
}

/// `in 10m tea`, `in 10 minutes tea`: how long, in microseconds, and of what.
fn parse(words: &str) -> Option<(i64, String)> {
    let mut words = words.split_whitespace();
    words.next().filter(|word| word.eq_ignore_ascii_case("in"))?;
    let first = words.next()?;
    let digits = first.find(|c: char| !c.is_ascii_digit()).unwrap_or(first.len());
    let (number, unit) = first.split_at(digits);
    let unit = if unit.is_empty() { words.next()? } else { unit };
    let unit = match unit.to_ascii_lowercase().as_str() {
        "m" | "min" | "mins" | "minute" | "minutes" => Time::MINUTE,
        "h" | "hour" | "hours" => 60 * Time::MINUTE,
        "d" | "day" | "days" => Time::DAY,
        _ => return None,
    };
    let after = number.parse::<i64>().ok()?.checked_mul(unit)?;
    Some((after, words.collect::<Vec<_>>().join(" ")))
}
