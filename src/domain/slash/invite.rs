use super::{Errand, Plan, Slash, wrong};
use crate::domain::{PersonSummary, Result};

/// `/invite @bo`.
pub struct Invite;

impl Slash for Invite {
    fn name(&self) -> &'static str {
        "invite"
    }

    fn usage(&self) -> &'static str {
        "/invite @handle"
    }

    fn does(&self) -> &'static str {
        "brings a member of the community into this channel"
    }

    fn plan(&self, words: &str, _: &PersonSummary) -> Result<Plan> {
        let handle = words.strip_prefix('@').unwrap_or(words);
        if handle.is_empty() || handle.contains(char::is_whitespace) {
            return Err(wrong(self.usage()));
        }
        Ok(Plan::Errand(Errand::Invite { handle: handle.to_owned() }))
    }
}
