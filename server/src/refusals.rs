//! Refusals on their way to the audit log that are made before anything is asked of the engine: by the rate limits, and of
//! forms that another site sent. Whoever is refused goes on trying, so not each of them is noted: of one key the first at
//! once, and how many there were a minute later. An entry costs its cause a minute, and of many keys at the same time only
//! so many have entries of their own.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use thunderline::{
    domain::{Action, Actor, Surface, Time},
    engine::TurnedAway,
};

/// For how long the refusals of one key are counted together, in microseconds.
const WINDOW: i64 = Time::MINUTE;
/// Of how many keys at the same time; what comes beyond is counted together, rule by rule.
const KEYS: usize = 1_000;

/// A rule, and by whom it was met: an address, a name, a person.
type Key = (String, String);

/// What was refused lately.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<HashMap<Key, TurnedAway>>);

impl Refusals {
    /// Counts a refusal. Answers the first of its key, which is to be noted at once.
    pub fn count(&self, key: Key, action: Action, actor: Actor, now: Time) -> Option<TurnedAway> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rule = key.0.clone();
        let crowded = windows.len() >= KEYS && !windows.contains_key(&key);
        let (key, actor) = if crowded { ((key.0, String::new()), Actor::visitor(Surface::Page)) } else { (key, actor) };
        let window = windows.entry(key).or_insert(TurnedAway { actor, action, rule, refused: 0, since: now });
        window.refused += 1;
        (window.refused == 1).then(|| window.clone())
    }

    /// Ends the windows that are over, or all of them. Answers those with more than the one that was noted.
    pub fn over(&self, now: Time, all: bool) -> Vec<TurnedAway> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = windows.extract_if(|_, window| all || now.since(window.since) >= WINDOW);
        over.map(|(_, window)| window).filter(|window| window.refused > 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(refusals: &Refusals, key: &str, now: i64) -> Option<u64> {
        let (actor, now) = (Actor::visitor(Surface::Page), Time::from_micros(now));
        refusals.count(("a rule".to_owned(), key.to_owned()), Action::SignIn, actor, now).map(|turned| turned.refused)
    }

    fn over(refusals: &Refusals, now: i64) -> Vec<u64> {
        let mut counts: Vec<u64> =
            refusals.over(Time::from_micros(now), false).iter().map(|turned| turned.refused).collect();
        counts.sort_unstable();
        counts
    }

    // L07
    #[test]
    fn of_one_key_the_first_refusal_is_noted_and_then_how_many_there_were() {
        let refusals = Refusals::default();
        assert_eq!(refuse(&refusals, "a", 0), Some(1));
        assert!((1..500).all(|now| refuse(&refusals, "a", now).is_none()));
        assert_eq!(refuse(&refusals, "b", 500), Some(1), "another key has a first of its own");
        assert_eq!(over(&refusals, WINDOW - 1), [0; 0]);
        assert_eq!(over(&refusals, WINDOW), [500]);
        assert_eq!(over(&refusals, 2 * WINDOW), [0; 0], "of b there is no more to say than was noted");
        assert_eq!(refuse(&refusals, "a", 2 * WINDOW), Some(1), "and it begins anew");
    }

    // L07
    #[test]
    fn who_comes_from_everywhere_does_not_fill_the_log() {
        let refusals = Refusals::default();
        let noted = (0..50_000).filter(|n| refuse(&refusals, &n.to_string(), 0).is_some()).count();
        assert_eq!(noted, KEYS + 1);
        assert_eq!(over(&refusals, WINDOW), [50_000 - KEYS as u64], "what has no entry of its own is counted");
    }
}
