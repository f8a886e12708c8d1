use super::{Plan, Slash, wrong};
use crate::domain::{PersonSummary, Result};

/// `/me waves`: what somebody does, as they would tell it of themselves.
pub struct Me;

impl Slash for Me {
    fn name(&self) -> &'static str {
        "me"
    }

    fn usage(&self) -> &'static str {
        "/me <what you do>"
    }

    fn does(&self) -> &'static str {
        "says what you do"
    }

    fn plan(&self, words: &str, author: &PersonSummary) -> Result<Plan> {
        if words.is_empty() {
            return Err(wrong(self.usage()));
        }
        // One line: emphasis does not reach over the end of a paragraph.
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Plan::Post(format!("_{} {line}_", literally(&author.name))))
    }
}

/// Markdown that shows as `text`.
fn literally(text: &str) -> String {
    let escaped = |c: char| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]);
    text.chars().flat_map(escaped).collect()
}
