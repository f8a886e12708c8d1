//! Who holds a session, remembered for a moment: a browser asks for a page, its parts and the feed at once, and a sender
//! posts many times a second.

use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache;

use crate::domain::{
    Action, Time,
    account::{Held, SessionToken},
};

/// How long an answer is good, in microseconds. A session that is ended by another process may be used here so much
/// longer; what is ended by this process is forgotten with the commit.
const GOOD_FOR: i64 = Time::SECOND;
/// How many answers are remembered at most.
const MOST: u64 = 10_000;

pub(super) struct Identities {
    held: Cache<SessionToken, (Held, Time)>,
    changes: AtomicU64,
}

/// A moment between two changes to accounts and sessions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(u64);

impl Default for Identities {
    fn default() -> Self {
        Self { held: Cache::new(MOST), changes: AtomicU64::default() }
    }
}

impl Identities {
    pub fn get(&self, token: &SessionToken, now: Time) -> Option<Held> {
        let (held, since) = self.held.get(token)?;
        (0..GOOD_FOR).contains(&now.since(since)).then_some(held)
    }

    /// To be taken before asking who it is.
    pub fn moment(&self) -> Moment {
        Moment(self.changes.load(Ordering::SeqCst))
    }

    /// Remembers an answer, unless anything has changed since it was asked for.
    pub fn keep(&self, token: &SessionToken, held: &Held, now: Time, asked: Moment) {
        self.held.insert(token.clone(), (held.clone(), now));
        if self.moment() != asked {
            self.held.invalidate(token);
        }
    }

    /// Forgets everything if `action`, which was just committed, may have changed who somebody is.
    pub fn after(&self, action: Action) {
        if action.is_about_accounts() {
            self.changes.fetch_add(1, Ordering::SeqCst);
            self.held.invalidate_all();
        }
    }
}

impl std::fmt::Debug for Identities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identities").field("held", &self.held.entry_count()).finish_non_exhaustive()
    }
}
