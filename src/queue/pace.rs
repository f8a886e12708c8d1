use std::time::Duration;

use crate::domain::{Lane, Time};

/// How a lane goes about its work.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often to look for what other processes left behind (Q03).
    pub poll: Duration,
    /// How often what is finished is written while there is little of it.
    pub write: Duration,
    /// How long a record belongs to whoever took it, in microseconds.
    pub lease: i64,
    /// How long a stopping lane goes on with what it holds.
    pub drain: Duration,
}

impl Pace {
    /// A lane's own.
    pub const fn of(lane: Lane) -> Self {
        let poll = match lane {
            Lane::Realtime => Duration::from_millis(100),
            Lane::CrossDomain => Duration::from_millis(800),
            Lane::General => Duration::from_secs(1),
        };
        Self { poll, write: Duration::from_millis(250), lease: 30 * Time::SECOND, drain: Duration::from_secs(5) }
    }
}
