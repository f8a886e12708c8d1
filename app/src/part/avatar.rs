//! Round marks of people and communities: initials on a hue that is always the same for the same id.

use leptos::prelude::*;
use thunderline::domain::{CommunityId, PersonId, Presence};
use uuid::Uuid;

/// How many hues the style knows.
const HUES: u8 = 12;

/// The hue of an id, as `data-hue`.
pub fn hue(id: impl Into<Uuid>) -> String {
    let [.., last] = *id.into().as_bytes();
    (last % HUES).to_string()
}

/// At most two letters that stand for a name; the style shows them large.
pub fn initials(name: &str) -> String {
    let mut words = name.split(separates).filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).take(2).collect()
}

/// Whether it stands between words: spaces and what is written with them. All the rest is a letter, as the tables that
/// know better would be a part of the first load.
fn separates(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '\u{2000}'..='\u{206f}')
}

/// A person's avatar. The name always stands beside it as text.
#[component]
pub fn Avatar(
    /// Whose.
    id: PersonId,
    /// Their name.
    #[prop(into)]
    name: Signal<String>,
    /// `s`, `xs` or `l`; without it the middle one.
    #[prop(optional)]
    size: Option<&'static str>,
    /// Shows the dot.
    #[prop(optional, into)]
    presence: Option<Signal<Presence>>,
) -> impl IntoView {
    let state = move || presence.and_then(|presence| dot(presence.get()));
    view! {
        <span class="avatar" data-hue=hue(id) data-size=size data-presence=state aria-hidden="true">
            {move || name.with(|name| initials(name))}
        </span>
    }
}

/// The `data-presence` of a state.
const fn dot(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Offline => None,
        Presence::Away | Presence::DoNotDisturb => Some("away"),
        Presence::Online => Some("online"),
    }
}

/// A community's mark.
#[component]
pub fn CommunityMark(
    /// Whose.
    id: CommunityId,
    /// Its name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="community-mark" data-hue=hue(id) aria-hidden="true">
            {initials(&name)}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_the_first_and_last_word() {
        assert_eq!(initials("Ana María Kovač"), "AK");
        assert_eq!(initials("mira"), "m");
        assert_eq!(initials("élan vital"), "év");
        assert_eq!(initials("…"), "");
    }
}
