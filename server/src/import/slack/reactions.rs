//! Emoji that people put on messages.

use serde::Deserialize;
use serde_json::Value;
use thunderline::domain::{command::ImportedReaction, reaction::EMOJI_PER_MESSAGE};

use super::users::People;
use crate::import::Tally;

/// People who put the same emoji on a message.
#[derive(Deserialize)]
struct Reaction {
    /// Its short name; `wave::skin-tone-2` for one with a tone.
    name: String,
    #[serde(default)]
    users: Vec<String>,
    /// How many there are, of whom `users` may be only the first.
    #[serde(default)]
    count: u64,
}

impl Reaction {
    /// The name without a skin tone, which is an emoji of its own in Slack, and none elsewhere.
    fn name(&self) -> &str {
        match self.name.split("::").next().unwrap_or_default() {
            "simple_smile" => "slightly_smiling_face",
            name => name,
        }
    }
}

/// What can be kept of a message's reactions; the rest is counted, with the reason.
pub(super) fn read(source: &Value, people: &People, tally: &mut Tally) -> Vec<ImportedReaction> {
    let mut kept: Vec<ImportedReaction> = Vec::new();
    for reaction in source.as_array().map_or(&[][..], Vec::as_slice) {
        let Ok(reaction) = Reaction::deserialize(reaction) else {
            tally.leave_out("reactions that cannot be read", 1);
            continue;
        };
        let here: Vec<_> = reaction.users.iter().filter_map(|user| people.get(user)).map(|known| known.id).collect();
        let all = reaction.count.max(reaction.users.len() as u64);
        let Ok(emoji) = thunderline::service::emoji(&format!(":{}:", reaction.name())) else {
            tally.leave_out("reactions with emoji of Slack's own or the team's", all);
            continue;
        };
        tally.leave_out("reactions of people whom the export does not name", all - here.len() as u64);
        if let Some(known) = kept.iter_mut().find(|known| known.emoji == emoji) {
            known.people.extend(here);
        } else if i64::try_from(kept.len()).unwrap_or(i64::MAX) >= EMOJI_PER_MESSAGE {
            tally.leave_out(format!("reactions beyond {EMOJI_PER_MESSAGE} different emoji on a message"), all);
        } else if !here.is_empty() {
            kept.push(ImportedReaction { emoji: emoji.to_owned(), people: here });
        }
    }
    kept
}
