use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use super::{connection::Connection, typing::Typed};
use crate::domain::{CommunityId, PersonId, Presence, SessionId};

/// Seconds somebody is still shown after their last connection closed, so that a reload does not blink (U03).
pub const GRACE: u32 = 5;
/// The most people of a community whose comings and goings are told one by one. In a larger crowd nobody is: ten
/// thousand arrivals told to ten thousand watchers would be all the server does.
pub const CROWD: usize = 200;
/// A crowd that shrinks to this is told one by one again, beginning with a fresh roster.
const CROWD_OVER: usize = 150;

/// Everybody who is connected, or was a moment ago.
#[derive(Debug, Default)]
pub(super) struct People {
    known: HashMap<PersonId, Present>,
    crowds: HashMap<CommunityId, Crowd>,
    /// Whose shown presence may have to sink.
    settling: HashSet<PersonId>,
}

/// One person who is there.
#[derive(Debug)]
pub(super) struct Present {
    pub(super) connections: Vec<Arc<Connection>>,
    communities: BTreeSet<CommunityId>,
    /// What others were told.
    shown: Presence,
    /// The second from which a lower presence is told.
    settles_at: u32,
    /// Counts what was heard of this person's memberships, so that a read made before is not believed after.
    changes: u64,
    pub(super) typed: Typed,
}

#[derive(Debug, Default)]
struct Crowd {
    present: HashMap<PersonId, Presence>,
    hushed: bool,
}

/// What the watchers of a community are to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// One person's state.
    Presence(CommunityId, PersonId, Presence),
    /// Who is there, afresh.
    Roster(CommunityId),
}

impl People {
    pub(super) fn arrive(&mut self, connection: Arc<Connection>) -> Vec<Told> {
        let person = connection.person();
        let present = self.known.entry(person).or_insert_with(|| Present {
            connections: Vec::new(),
            communities: BTreeSet::new(),
            shown: Presence::Offline,
            settles_at: 0,
            changes: 0,
            typed: Typed::default(),
        });
        present.connections.push(connection);
        self.raise(person)
    }

    pub(super) fn depart(&mut self, connection: &Arc<Connection>, second: u32) {
        let person = connection.person();
        if let Some(present) = self.known.get_mut(&person) {
            present.connections.retain(|other| !Arc::ptr_eq(other, connection));
            present.settles_at = second + GRACE;
            self.settling.insert(person);
        }
    }

    /// A person said how they are on one of their connections.
    pub(super) fn declare(&mut self, person: PersonId) -> Vec<Told> {
        self.known.get(&person).map(Present::best).map_or_else(Vec::new, |best| self.show(person, best))
    }

    /// Tells the lower presence of those whose grace is over, and lets go of who is gone.
    pub(super) fn settle(&mut self, second: u32) -> Vec<Told> {
        let due: Vec<PersonId> = self
            .settling
            .iter()
            .filter(|person| self.known.get(person).is_none_or(|present| present.settles_at <= second))
            .copied()
            .collect();
        let mut told = Vec::new();
        for person in due {
            self.settling.remove(&person);
            let Some(present) = self.known.get(&person) else { continue };
            let (best, alone) = (present.best(), present.connections.is_empty());
            told.append(&mut self.show(person, best));
            if alone {
                self.known.remove(&person);
            }
        }
        told
    }

    pub(super) fn get(&self, person: PersonId) -> Option<&Present> {
        self.known.get(&person)
    }

    pub(super) fn get_mut(&mut self, person: PersonId) -> Option<&mut Present> {
        self.known.get_mut(&person)
    }

    pub(super) fn connections(&self) -> impl Iterator<Item = &Arc<Connection>> {
        self.known.values().flat_map(|present| &present.connections)
    }

    pub(super) fn of_session(&self, session: SessionId) -> impl Iterator<Item = &Arc<Connection>> {
        self.connections().filter(move |connection| connection.session() == Some(session))
    }

    /// The number of membership changes heard of; see [`enroll`](Self::enroll).
    pub(super) fn changes(&self, person: PersonId) -> u64 {
        self.known.get(&person).map_or(0, |present| present.changes)
    }

    pub(super) fn changed(&mut self, person: PersonId) {
        if let Some(present) = self.known.get_mut(&person) {
            present.changes += 1;
        }
    }

    /// Sets the communities a person is a member of.
    pub(super) fn enroll(&mut self, person: PersonId, communities: &BTreeSet<CommunityId>) -> Vec<Told> {
        let Some(present) = self.known.get_mut(&person) else { return Vec::new() };
        let shown = present.shown;
        let before = std::mem::replace(&mut present.communities, communities.clone());
        let left = before.difference(communities).map(|community| (*community, Presence::Offline));
        let come = communities.difference(&before).map(|community| (*community, shown));
        left.chain(come).filter_map(|(community, state)| self.mark(community, person, state)).collect()
    }

    pub(super) fn join(&mut self, person: PersonId, community: CommunityId) -> Vec<Told> {
        let Some(present) = self.known.get_mut(&person) else { return Vec::new() };
        present.communities.insert(community);
        let shown = present.shown;
        self.mark(community, person, shown).into_iter().collect()
    }

    pub(super) fn leave(&mut self, person: PersonId, community: CommunityId) -> Vec<Told> {
        let Some(present) = self.known.get_mut(&person) else { return Vec::new() };
        present.communities.remove(&community);
        self.mark(community, person, Presence::Offline).into_iter().collect()
    }

    /// Everybody of a community who is there, at most [`CROWD`].
    pub(super) fn roster(&self, community: CommunityId) -> Vec<(PersonId, Presence)> {
        let Some(crowd) = self.crowds.get(&community) else { return Vec::new() };
        crowd.present.iter().take(CROWD).map(|(person, state)| (*person, *state)).collect()
    }

    pub(super) fn check_invariants(&self) {
        for (person, present) in &self.known {
            assert!(
                !present.connections.is_empty() || self.settling.contains(person),
                "who has no connection is about to be let go"
            );
            for community in &present.communities {
                let marked = self.crowds.get(community).and_then(|crowd| crowd.present.get(person)).copied();
                assert_eq!(marked.unwrap_or(Presence::Offline), present.shown, "a crowd shows what was told");
            }
        }
        for (community, crowd) in &self.crowds {
            assert!(!crowd.present.is_empty(), "an empty crowd is let go");
            for person in crowd.present.keys() {
                let there = self.known.get(person).is_some_and(|present| present.communities.contains(community));
                assert!(there, "a crowd holds only members who are there");
            }
        }
    }

    /// A higher presence is told at once, a lower one after the grace.
    fn raise(&mut self, person: PersonId) -> Vec<Told> {
        let Some(present) = self.known.get(&person) else { return Vec::new() };
        let best = present.best();
        if best > present.shown { self.show(person, best) } else { Vec::new() }
    }

    fn show(&mut self, person: PersonId, state: Presence) -> Vec<Told> {
        let Some(present) = self.known.get_mut(&person) else { return Vec::new() };
        if present.shown == state {
            return Vec::new();
        }
        present.shown = state;
        let communities = present.communities.clone();
        communities.into_iter().filter_map(|community| self.mark(community, person, state)).collect()
    }

    fn mark(&mut self, community: CommunityId, person: PersonId, state: Presence) -> Option<Told> {
        let crowd = self.crowds.entry(community).or_default();
        let before = if state == Presence::Offline {
            crowd.present.remove(&person)
        } else {
            crowd.present.insert(person, state)
        };
        let now = crowd.present.len();
        let changed = before.unwrap_or(Presence::Offline) != state;
        let was_hushed = crowd.hushed;
        crowd.hushed = now > if was_hushed { CROWD_OVER } else { CROWD };
        let hushed = crowd.hushed;
        if now == 0 {
            self.crowds.remove(&community);
        }
        match (was_hushed, hushed) {
            (true, false) => Some(Told::Roster(community)),
            (_, true) => None,
            (false, false) => changed.then_some(Told::Presence(community, person, state)),
        }
    }
}

impl Present {
    pub(super) fn connections(&self) -> usize {
        self.connections.len()
    }

    /// What others were told.
    pub(super) const fn shown(&self) -> Presence {
        self.shown
    }

    /// The most available of the person's connections.
    fn best(&self) -> Presence {
        self.connections.iter().map(|connection| connection.presence()).max().unwrap_or(Presence::Offline)
    }
}
