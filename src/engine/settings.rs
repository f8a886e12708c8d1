//! How an engine is opened.

use std::time::Duration;

use crate::{
    domain::{Clock, Lane, Time, foreign::ForeignMode},
    lane::outgoing::Limits,
    queue::Pace,
    service::Cost,
    store::Durability,
};

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:<path>` or `postgres://…`.
    pub database: String,
    /// Tells the time.
    pub clock: Clock,
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// What an acknowledged write survives.
    pub durability: Durability,
    /// What becomes of foreign events with faults (E03).
    pub foreign: ForeignMode,
    /// How this process goes about each lane; without it, it does nothing in the lanes: a command line leaves that to
    /// the server.
    pub lanes: Option<fn(Lane) -> Pace>,
    /// Whether webhooks may be sent to private, loopback and other closed addresses.
    pub private_webhooks: bool,
    /// How long one attempt at a webhook may take as a whole.
    pub webhook_wait: Duration,
    /// The runtime of the live connections, where what is published is handed out; the engine's own without it.
    pub feed: Option<tokio::runtime::Handle>,
}

impl Settings {
    /// As a server runs: the system's clock, full durability.
    pub fn new(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            clock: system_clock(),
            password_cost: Cost::Owasp,
            durability: Durability::Full,
            foreign: ForeignMode::Reject,
            lanes: Some(Pace::of),
            private_webhooks: false,
            webhook_wait: Limits::default().whole,
            feed: None,
        }
    }
}

/// The clock of the machine.
#[expect(clippy::disallowed_methods, reason = "the one place the machine's clock is read")]
pub fn system_clock() -> Clock {
    Clock::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Time::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    })
}
