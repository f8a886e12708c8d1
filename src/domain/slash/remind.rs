use super::{Errand, Plan, Slash, wrong};
use crate::domain::{Error, PersonSummary, Result, Time};

/// The shortest somebody can wait to be reminded, in microseconds: a minute.
const SHORTEST: i64 = Time::MINUTE;
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
        let (after, of) = parse(words).filter(|(_, of)| !of.is_empty()).ok_or_else(|| wrong(self.usage()))?;
        if !(SHORTEST..=LONGEST).contains(&after) {
            let (least, days, usage) = (SHORTEST / Time::MINUTE, LONGEST / Time::DAY, self.usage());
            let limits = format!("must wait at least {least} minute and at most {days} days; it is written {usage}");
            return Err(Error::invalid("body", limits));
        }
        Ok(Plan::Errand(Errand::Remind { after, of }))
    }
}

/// `in 10m tea`, `in 10 minutes tea`: how long, in microseconds, and of what. What is too long for a number is as long as
/// can be.
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
    if number.is_empty() {
        return None;
    }
    // Digits only: what does not fit is too large.
    let after = number.parse().unwrap_or(i64::MAX).saturating_mul(unit);
    Some((after, words.collect::<Vec<_>>().join(" ")))
}
