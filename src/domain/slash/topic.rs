use super::{Errand, Plan, Slash, wrong};
use crate::domain::{PersonSummary, Result};

/// `/topic the launch`.
pub struct Topic;

impl Slash for Topic {
    fn name(&self) -> &'static str {
        "topic"
    }

    fn usage(&self) -> &'static str {
        "/topic <text>"
    }

    fn does(&self) -> &'static str {
        "says what this channel is about"
    }

    fn plan(&self, words: &str, _: &PersonSummary) -> Result<Plan> {
        if words.is_empty() {
            return Err(wrong(self.usage()));
        }
        Ok(Plan::Errand(Errand::SetTopic(words.to_owned())))
    }
}
