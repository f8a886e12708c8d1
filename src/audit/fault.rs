use std::fmt;

use super::Link;
use crate::domain::{AuditId, Time, audit::Digest};

/// What is wrong with an entry, or with a place where one should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Its content is not what was sealed.
    Changed,
    /// The entry that stood here is gone.
    Removed,
    /// The entry that belongs here stands elsewhere.
    Moved,
    /// It was put in after its neighbours were sealed.
    Inserted,
    /// Nobody sealed it within a minute.
    Unsealed,
    /// It was let go without an entry that says so.
    Unaccounted,
}

/// Where an entry stands now.
#[derive(Clone, Copy, Debug)]
pub struct Stands {
    /// Its number there, if it has one.
    pub number: Option<i64>,
    /// Which entry it is.
    pub id: AuditId,
    /// When it was written.
    pub at: Time,
}

/// The first bad place of a chain.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The number of the place; 0 for an entry that has none yet.
    pub number: i64,
    /// The entry, where it can be named.
    pub id: Option<AuditId>,
    /// When it was written.
    pub at: Option<Time>,
    /// What is wrong.
    pub wrong: Wrong,
    /// The seal that the entry which belongs here follows.
    pub follows: Option<Digest>,
    /// Where that entry stands instead.
    pub stands: Option<i64>,
}

impl Fault {
    pub(super) fn at_place(number: i64, wrong: Wrong, follows: Digest) -> Self {
        Self { number, id: None, at: None, wrong, follows: Some(follows), stands: None }
    }

    /// What is wrong with an entry that can be named.
    pub fn of(link: &Link, wrong: Wrong) -> Self {
        Self { number: link.number, id: link.id, at: link.at, wrong, follows: None, stands: None }
    }

    /// What is wrong with an entry that stands nowhere yet.
    pub fn unsealed(id: AuditId, at: Time) -> Self {
        Self { number: 0, id: Some(id), at: Some(at), wrong: Wrong::Unsealed, follows: None, stands: None }
    }

    /// Names the entry that belongs here, now that somebody has looked for the one that [follows](Self::follows).
    #[must_use]
    pub fn found(self, belongs: Option<Stands>) -> Self {
        match belongs {
            Some(entry) if self.wrong == Wrong::Removed => {
                Self { id: Some(entry.id), at: Some(entry.at), wrong: Wrong::Moved, stands: entry.number, ..self }
            }
            _ => self,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str("an entry")?,
            number => write!(f, "entry {number}")?,
        }
        match (self.id, self.at) {
            (Some(id), Some(at)) => write!(f, " ({id}, written {})", at.rfc3339())?,
            (Some(id), None) => write!(f, " ({id})")?,
            (None, _) => {}
        }
        match (self.wrong, self.stands) {
            (Wrong::Changed, _) => f.write_str(" was changed: its content or its seal is not what was sealed"),
            (Wrong::Removed, _) => write!(
                f,
                " was removed: no entry follows entry {} here, or that one was rewritten with a seal of its own",
                self.number - 1
            ),
            (Wrong::Moved, Some(number)) => write!(f, " was moved: it stands at number {number}"),
            (Wrong::Moved, None) => f.write_str(" was moved: it stands without a number"),
            (Wrong::Inserted, _) => f.write_str(" was inserted: its neighbours were sealed without it"),
            (Wrong::Unsealed, _) => f.write_str(" is not sealed after more than a minute; is the server running?"),
            (Wrong::Unaccounted, _) => {
                f.write_str(" and those before it were let go, but no entry says that they were archived")
            }
        }
    }
}
