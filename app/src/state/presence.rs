//! Who is there.

use leptos::prelude::*;
use thunderline::domain::{PersonId, Presence};

use super::Client;

impl Client {
    /// Whether a person is there.
    pub fn presence(&self, person: PersonId) -> Signal<Presence> {
        Signal::from(self.presence_of(person))
    }

    fn presence_of(self, person: PersonId) -> ArcRwSignal<Presence> {
        self.people
            .try_update_value(|people| {
                people.entry(person).or_insert_with(|| ArcRwSignal::new(Presence::Offline)).clone()
            })
            .unwrap_or_else(|| ArcRwSignal::new(Presence::Offline))
    }

    /// What a page read; the feed knows better as soon as it speaks.
    pub fn seed_presence(&self, person: PersonId, state: Presence) {
        let known = self.people.with_value(|people| people.contains_key(&person));
        if !known {
            self.presence_of(person).set(state);
        }
    }

    pub(super) fn set_presence(self, person: PersonId, state: Presence) {
        let signal = self.presence_of(person);
        if signal.get_untracked() != state {
            signal.set(state);
        }
    }

    /// Everybody who is there; who is not named is not.
    pub(super) fn set_roster(self, there: &[(PersonId, Presence)]) {
        let known: Vec<PersonId> = self.people.with_value(|people| people.keys().copied().collect());
        for person in known.into_iter().filter(|person| !there.iter().any(|(named, _)| named == person)) {
            self.set_presence(person, Presence::Offline);
        }
        for (person, state) in there {
            self.set_presence(*person, *state);
        }
    }
}
