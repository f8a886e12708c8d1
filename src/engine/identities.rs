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
    held: Cache<SessionToken, (Held, Time, Moment)>,
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
        let (held, since, asked) = self.held.get(token)?;
        (asked == self.moment() && (0..GOOD_FOR).contains(&now.since(since))).then_some(held)
    }

    /// To be taken before asking who it is.
    pub fn moment(&self) -> Moment {
        Moment(self.changes.load(Ordering::SeqCst))
    }

    /// Remembers an answer, which is good until anything changes.
    pub fn keep(&self, token: &SessionToken, held: &Held, now: Time, asked: Moment) {
        self.held.insert(token.clone(), (held.clone(), now, asked));
    }

    /// Forgets everything, when this is dropped, if `action` may change who somebody is: also when whoever asked for it
    /// does not wait for its end.
    pub fn after(&self, action: Action) -> Afterwards<'_> {
        Afterwards { identities: self, action }
    }
}

/// See [`Identities::after`].
pub(super) struct Afterwards<'i> {
    identities: &'i Identities,
    action: Action,
}

impl Drop for Afterwards<'_> {
    fn drop(&mut self) {
        if self.action.is_about_accounts() {
            self.identities.changes.fetch_add(1, Ordering::SeqCst);
            self.identities.held.invalidate_all();
        }
    }
}

impl std::fmt::Debug for Identities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identities").field("held", &self.held.entry_count()).finish_non_exhaustive()
    }
}
