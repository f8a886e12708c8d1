//! Slack's people, as placeholders.

use std::collections::HashMap;

use serde::Deserialize;
use thunderline::domain::{PersonId, command::ImportedPerson, person::PersonKind};

use super::ids::Ids;

/// A record of users.json, and the short form of it that messages carry.
#[derive(Debug, Default, Deserialize)]
pub(super) struct User {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    real_name: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    is_bot: Option<bool>,
    #[serde(default)]
    profile: Option<Profile>,
}

#[derive(Debug, Default, Deserialize)]
struct Profile {
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    real_name: Option<String>,
}

impl User {
    /// As they will stand here.
    pub fn placeholder(&self, ids: Ids, key: &str) -> ImportedPerson {
        let profile = self.profile.as_ref();
        let wishes = [
            profile.and_then(|profile| profile.display_name.as_deref()),
            self.display_name.as_deref(),
            profile.and_then(|profile| profile.real_name.as_deref()),
            self.real_name.as_deref(),
            self.name.as_deref(),
        ];
        let name = wishes.into_iter().flatten().find_map(shown);
        // Slackbot is not marked as what it is.
        let bot = self.is_bot == Some(true) || key == "USLACKBOT";
        let handle = self.name.as_deref().or(name.as_deref()).unwrap_or_default();
        ImportedPerson {
            id: ids.person(key),
            handle: handle_from(handle, key),
            name: name.unwrap_or_else(|| format!("unknown-{key}")),
            kind: if bot { PersonKind::Bot } else { PersonKind::Placeholder },
        }
    }

    /// Whether it says anything about who this is.
    pub fn is_named(&self) -> bool {
        self.name.is_some() || self.real_name.is_some() || self.profile.is_some()
    }
}

/// Somebody of whom only this is known.
pub(super) fn stranger(ids: Ids, key: &str, name: Option<&str>, kind: PersonKind) -> ImportedPerson {
    let name = name.and_then(shown).unwrap_or_else(|| shown(&format!("unknown-{key}")).unwrap_or_default());
    ImportedPerson { id: ids.person(key), handle: handle_from(&name, key), name, kind }
}

/// A name as a [`Name`](thunderline::domain::text::Name) may be, if anything is left of it.
pub(super) fn shown(name: &str) -> Option<String> {
    let bad = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let cleaned: String = name.chars().map(|c| if bad(c) { ' ' } else { c }).collect();
    let cut: String = cleaned.trim().chars().take(100).collect();
    thunderline::domain::text::Name::parse("name", &cut).ok().map(String::from)
}

/// A sign-in name as a [`Handle`](thunderline::domain::text::Handle) may be.
pub(super) fn handle_from(name: &str, key: &str) -> String {
    let clean = |text: &str| {
        let mut handle = String::new();
        for c in text.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
                handle.push(c);
            } else if !handle.ends_with('-') {
                handle.push('-');
            }
        }
        let mut handle = handle.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
        handle.truncate(32);
        handle.truncate(handle.trim_end_matches('-').len());
        handle
    };
    let handle = clean(name);
    if handle.len() >= 2 { handle } else { clean(&format!("user-{key}")) }
}

/// Whom the export knows.
#[derive(Debug, Default)]
pub(super) struct People {
    by_key: HashMap<String, Known>,
}

/// Somebody whom the export knows.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub id: PersonId,
    pub handle: String,
}

impl People {
    pub fn add(&mut self, key: String, id: PersonId, handle: String) -> bool {
        self.by_key.insert(key, Known { id, handle }).is_none()
    }

    pub fn get(&self, key: &str) -> Option<&Known> {
        self.by_key.get(key)
    }

    /// Takes over the sign-in names under which they stand here: a wished one may have been taken.
    pub fn rename(&mut self, here: &HashMap<PersonId, String>) {
        for known in self.by_key.values_mut() {
            if let Some(handle) = here.get(&known.id) {
                known.handle.clone_from(handle);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use thunderline::domain::text::Handle;

    use super::*;

    // O06
    #[test]
    fn any_name_makes_a_sign_in_name() {
        for (name, key, wanted) in [
            ("Ada.Brook", "U1", "ada.brook"),
            ("Zoë  Ünal", "U1", "zo-nal"),
            ("x", "U1", "user-u1"),
            ("日本", "U0A", "user-u0a"),
            ("-_.", "U1", "user-u1"),
            (&"long".repeat(20), "U1", &"long".repeat(8)),
            ("", "bot:B1:Hook ☃", "user-bot-b1-hook"),
        ] {
            let handle = handle_from(name, key);
            assert_eq!(handle, wanted);
            assert_eq!(Handle::parse("handle", &handle).map(String::from), Ok(handle));
        }
    }

    // O06
    #[test]
    fn a_name_is_cleaned_not_refused() {
        assert_eq!(shown(" Ada\u{202E}\tBrook "), Some("Ada  Brook".to_owned()));
        assert_eq!(shown("\u{200B}"), None);
        assert_eq!(shown(&"é".repeat(300)).map(|name| name.chars().count()), Some(100));
    }
}
