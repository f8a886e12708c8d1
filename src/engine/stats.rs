use std::time::Duration;

use crate::{
    domain::{Action, Error, Event, Lane, Result},
    store::outbox::Committed,
    watching::{Counter, Histogram},
};

/// Upper bounds of a command's time, from the door to the durable answer.
const COMMAND_SECONDS: &[f64] = &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How a command ended, as whoever watches the server wants to tell endings apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was carried out.
    Done,
    /// The actor may not, or must not see the target, or is nobody.
    Refused,
    /// The input was wrong, or the present state did not allow it.
    Invalid,
    /// The store could not answer now.
    Unavailable,
    /// A fault of ours.
    Fault,
}

impl Ending {
    pub(super) const ALL: [Self; 5] = [Self::Done, Self::Refused, Self::Invalid, Self::Unavailable, Self::Fault];

    pub(super) fn of<T>(answer: &Result<T>) -> Self {
        match answer {
            Ok(_) => Self::Done,
            Err(Error::NotFound | Error::SignedOut | Error::Forbidden { .. } | Error::TooMany { .. }) => Self::Refused,
            Err(Error::Invalid { .. } | Error::Conflict { .. } | Error::TooLarge { .. }) => Self::Invalid,
            Err(Error::Unavailable) => Self::Unavailable,
            Err(Error::Internal { .. }) => Self::Fault,
        }
    }

    /// As it stands in spans and figures.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Invalid => "invalid",
            Self::Unavailable => "unavailable",
            Self::Fault => "fault",
        }
    }
}

/// What one committed command sent on its way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    events: u64,
    records: u64,
    posts: u64,
}

impl Sent {
    pub fn of(committed: &Committed) -> Self {
        // Every event has one record for the hub, and one for each handler that wants it.
        let told = committed.records.iter().filter(|handed| handed.record.lane == Lane::Realtime);
        let events = told.filter_map(|handed| handed.envelope.as_ref()).map(|envelope| &envelope.event);
        let posts = events.filter(|event| matches!(event, Event::MessagePosted { .. })).count() as u64;
        Self { events: committed.published, records: committed.records.len() as u64, posts }
    }
}

/// What the engine has done since it was opened.
#[derive(Debug)]
pub(super) struct Stats {
    /// By action, then by ending.
    commands: Vec<[Counter; Ending::ALL.len()]>,
    pub took: Histogram,
    pub published: Counter,
    pub enqueued: Counter,
    pub posts: Counter,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            commands: Action::ALL.iter().map(|_| Default::default()).collect(),
            took: Histogram::new(COMMAND_SECONDS),
            published: Counter::default(),
            enqueued: Counter::default(),
            posts: Counter::default(),
        }
    }
}

impl Stats {
    pub fn ended(&self, action: Action, ending: Ending, took: Duration) {
        self.commands[action as usize][ending as usize].one();
        // Nobody waits for housekeeping, and its steps are long.
        if action != Action::Tidy {
            self.took.took(took);
        }
    }

    pub fn sent(&self, sent: &Sent) {
        self.published.add(sent.events);
        self.enqueued.add(sent.records);
        self.posts.add(sent.posts);
    }

    /// Every action and ending that occurred, and how often.
    pub fn commands(&self) -> Vec<(Action, Ending, u64)> {
        let actions = Action::ALL.iter().zip(&self.commands);
        actions
            .flat_map(|(action, counts)| {
                Ending::ALL.into_iter().zip(counts).map(|(ending, count)| (*action, ending, count.get()))
            })
            .filter(|(.., count)| *count > 0)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_and_ending_has_a_counter_of_its_own() {
        let stats = Stats::default();
        for action in Action::ALL {
            for ending in Ending::ALL {
                stats.ended(*action, ending, Duration::ZERO);
            }
        }
        let counts = stats.commands();
        assert_eq!(counts.len(), Action::ALL.len() * Ending::ALL.len());
        assert!(counts.iter().all(|(.., count)| *count == 1));
    }
}
