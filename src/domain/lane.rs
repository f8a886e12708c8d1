//! The lanes: where what follows from an event is done (Q01), and how they stand.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{
    id::{EventId, RecordId},
    named::named,
    time::Time,
};

named! {
    /// A lane of durable work.
    Lane {
        /// To the live connections, at once.
        Realtime = "realtime",
        /// From one part of the product to another, or to the outside.
        CrossDomain = "cross_domain",
        /// Everything that can wait.
        General = "general",
    }
}

named! {
    /// How urgent a record is; the more urgent is taken first, then the older (Q11).
    Priority {
        /// Before everything else.
        Critical = "critical",
        /// Before ordinary work.
        High = "high",
        /// Ordinary.
        Normal = "normal",
        /// When there is nothing else.
        Low = "low",
    }
}

impl Priority {
    /// As stored: the lower is taken first.
    pub const fn rank(self) -> i64 {
        match self {
            Self::Critical => 10,
            Self::High => 50,
            Self::Normal => 100,
            Self::Low => 200,
        }
    }
}

/// The families of events that clients and the assistant wait for.
const AT_ONCE: [&str; 2] = ["assistant", "feed"];

impl Lane {
    /// Where an event goes (E04): the first of these that says something decides.
    pub fn route(explicit: Option<Self>, name: &str, to_domain: Option<&str>, priority: Priority) -> Self {
        let family = name.split('.').next().unwrap_or_default();
        match explicit {
            Some(lane) => lane,
            None if AT_ONCE.contains(&family) => Self::Realtime,
            None if to_domain.is_some() => Self::CrossDomain,
            None if priority <= Priority::High => Self::Realtime,
            None => Self::General,
        }
    }
}

/// The widest a lane can be set, in handlers at work at once in one process.
pub const WIDEST: i64 = 64;
/// Dead letters on one page.
pub const LETTERS_PAGE: i64 = 50;

/// How a lane stands (Q07), over all processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneStatus {
    /// Which.
    pub lane: Lane,
    /// Whether nothing is begun.
    pub paused: bool,
    /// How many handlers may be at work at once in one process.
    pub width: i64,
    /// Records that wait for their first attempt, which is due.
    pub pending: i64,
    /// Records for later, such as reminders: nobody takes them before their time.
    pub planned: i64,
    /// Records that some process holds.
    pub processing: i64,
    /// Records that wait for another attempt.
    pub retrying: i64,
    /// Records that nobody tries any more.
    pub dead: i64,
    /// Records finished in the last 60 seconds, about.
    pub done_per_minute: i64,
    /// How long the oldest record that is neither dead nor planned has been here, in microseconds.
    pub oldest: Option<i64>,
}

/// A record that failed too often (Q14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Which.
    pub id: RecordId,
    /// Its lane.
    pub lane: Lane,
    /// The handler that failed; empty when it was for nobody in particular.
    pub handler: String,
    /// The event it follows.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// The kind of thing that kept it in order.
    pub topic_kind: String,
    /// Which.
    pub topic: uuid::Uuid,
    /// Its place there.
    pub seq: i64,
    /// Where it was to be sent, host and path, if it was for a webhook that is still there.
    pub address: Option<String>,
    /// The address of that webhook's community, for whoever manages its webhooks.
    pub community: Option<String>,
    /// What it carries; `null` when the event log says all.
    pub payload: Json,
    /// The part of the product it came from.
    pub from_domain: Option<String>,
    /// The part of the product it was for.
    pub to_domain: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// The W3C trace it belongs to.
    pub trace: Option<String>,
    /// When it came.
    pub created_at: Time,
    /// When it was given up.
    pub died_at: Time,
}

/// Where a page of dead letters ends: the next begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterCursor {
    /// When the last one was given up.
    pub died_at: Time,
    /// The last one.
    pub id: RecordId,
}

/// Dead letters, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPage {
    /// At most [`LETTERS_PAGE`].
    pub letters: Vec<DeadLetter>,
    /// Where the next page begins, if there is one.
    pub next: Option<LetterCursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    // E04
    #[test]
    fn the_first_thing_that_says_something_routes_an_event() {
        let route = |explicit, name, to, priority| Lane::route(explicit, name, to, priority);
        assert_eq!(route(Some(Lane::General), "feed.tick", Some("chat"), Priority::Critical), Lane::General);
        assert_eq!(route(None, "assistant.answered", Some("chat"), Priority::Low), Lane::Realtime);
        assert_eq!(route(None, "feed.tick", None, Priority::Normal), Lane::Realtime);
        assert_eq!(route(None, "feeder.tick", None, Priority::Normal), Lane::General, "a family is a whole word");
        assert_eq!(route(None, "agent.moved", Some("chat"), Priority::Critical), Lane::CrossDomain);
        assert_eq!(route(None, "agent.moved", None, Priority::Critical), Lane::Realtime);
        assert_eq!(route(None, "agent.moved", None, Priority::High), Lane::Realtime);
        assert_eq!(route(None, "agent.moved", None, Priority::Normal), Lane::General);
        assert_eq!(route(None, "agent.moved", None, Priority::Low), Lane::General);
    }
}
