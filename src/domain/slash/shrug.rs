use super::{Plan, Slash};
use crate::domain::{PersonSummary, Result};

/// The figure, in Markdown that shows it whole.
const FIGURE: &str = r"¯\\\_(ツ)\_/¯";

/// `/shrug who knows`.
pub struct Shrug;

impl Slash for Shrug {
    fn name(&self) -> &'static str {
        "shrug"
    }

    fn usage(&self) -> &'static str {
        "/shrug [words]"
    }

    fn does(&self) -> &'static str {
        "puts ¯\\_(ツ)_/¯ behind your words"
    }

    fn plan(&self, words: &str, _: &PersonSummary) -> Result<Plan> {
        Ok(Plan::Post(if words.is_empty() { FIGURE.to_owned() } else { [words, " ", FIGURE].concat() }))
    }
}
