//! Slack's channels. Public ones stay public, groups become private channels.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;
use thunderline::domain::{
    Time,
    command::ImportedChannel,
    text::{Line, Slug},
};

use super::{
    ids::Ids,
    markup::{self, Names},
    users::{People, shown},
};
use crate::import::Tally;

/// A record of channels.json or groups.json.
#[derive(Debug, Deserialize)]
pub(super) struct Channel {
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    created: Option<i64>,
    #[serde(default)]
    is_archived: Option<bool>,
    #[serde(default)]
    members: Option<Vec<String>>,
    #[serde(default)]
    topic: Option<Text>,
    #[serde(default)]
    purpose: Option<Text>,
    #[serde(default)]
    pub pins: Option<Vec<Value>>,
}

#[derive(Debug, Deserialize)]
struct Text {
    #[serde(default)]
    value: String,
}

/// Gives each channel a name whose address no other channel of the export has: else two would be poured into one.
#[derive(Debug, Default)]
pub(super) struct Addresses(HashSet<String>);

impl Addresses {
    fn name(&mut self, wished: &str, id: &str) -> String {
        let name = shown(wished).unwrap_or_else(|| id.to_owned());
        // A name without a letter a-z or digit has no address of its own; its id helps out.
        let name = if Slug::from_name(&name).is_some() { name } else { format!("{name} {}", id.to_ascii_lowercase()) };
        let mut given = name.clone();
        for number in 2.. {
            let Some(slug) = Slug::from_name(&given) else { break };
            if self.0.insert(slug.as_str().to_owned()) {
                break;
            }
            let stem: String = name.chars().take(40).collect();
            given = format!("{stem} {number}");
        }
        given
    }
}

impl Channel {
    /// As it will stand here, and how many of its members nobody knows.
    pub fn imported(
        &self,
        private: bool,
        ids: Ids,
        names: &Names<'_>,
        people: &People,
        addresses: &mut Addresses,
        tally: &mut Tally,
    ) -> ImportedChannel {
        let members = self.members.as_deref().unwrap_or_default();
        let participants: Vec<_> = members.iter().filter_map(|key| people.get(key)).map(|known| known.id).collect();
        let unknown = members.len() - participants.len();
        tally.leave_out("channel members who are not in users.json", unknown as u64);
        let said = [&self.topic, &self.purpose].into_iter().flatten().map(|text| text.value.trim());
        let topic = said.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let created = self.created.unwrap_or_default().clamp(0, super::messages::LAST_SECOND);
        ImportedChannel {
            id: ids.channel(&self.id),
            name: addresses.name(&self.name, &self.id),
            topic: line(&markup::plain(topic, names), tally),
            private,
            archived: self.is_archived == Some(true),
            created_at: Time::from_micros(created * Time::SECOND),
            participants,
        }
    }
}

/// A topic as a [`Line`] may be.
fn line(text: &str, tally: &mut Tally) -> String {
    let bad = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let flat: String = text.chars().map(|c| if bad(c) { ' ' } else { c }).collect();
    let cut: String = flat.trim().chars().take(500).collect();
    if cut.len() < flat.trim().len() {
        tally.leave_out("ends of channel topics beyond 500 characters", 1);
    }
    Line::parse("topic", &cut).map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    // O06, C05
    #[test]
    fn no_two_channels_of_an_export_get_the_same_address() {
        let mut addresses = Addresses::default();
        let long = "a".repeat(79);
        let given: Vec<String> =
            [("general", "C1"), ("日本", "C2"), ("日本-a", "C3"), ("a", "C4"), (&*long, "C5"), (&*long, "C6")]
                .into_iter()
                .map(|(name, id)| addresses.name(name, id))
                .collect();
        let slugs: HashSet<_> = given.iter().filter_map(|name| Slug::from_name(name)).collect();
        assert_eq!(slugs.len(), 6, "{given:?}");
        assert_eq!(given[..2], ["general", "日本 c2"]);
    }
}
