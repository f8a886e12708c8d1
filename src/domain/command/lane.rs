//! The lanes: publishing from outside, dead letters, and how a lane is set.

use serde::{Deserialize, Serialize};

use crate::domain::{Lane, RecordId, foreign::Brought};

/// Publish events from outside: all of them in one transaction, or none (E01, E03, E06). The same events under the same
/// correlation are a repeat and get the first answer, for 30 days and on any node: whoever heard no answer sends them
/// again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishEvents {
    /// What ties them together: a UUID of version 7. They are kept in their order.
    pub correlation: String,
    /// At most 1,000.
    pub events: Vec<Brought>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Taken.
    pub published: u64,
    /// Left out for their faults; only where faulty events are dropped.
    pub dropped: u64,
}

/// Try a dead letter again, from its first attempt (Q14).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayDeadLetter {
    /// Which.
    pub record: RecordId,
}

/// Try all dead letters again. Answers how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayDeadLetters {
    /// Of this lane; of all without it.
    #[serde(default)]
    pub lane: Option<Lane>,
}

/// Remove a dead letter for good.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PurgeDeadLetter {
    /// Which.
    pub record: RecordId,
}

/// Remove all dead letters for good. Answers how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PurgeDeadLetters {
    /// Of this lane; of all without it.
    #[serde(default)]
    pub lane: Option<Lane>,
}

/// Begin nothing more in a lane, in any process; what is under way ends (Q15).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PauseLane {
    /// Which.
    pub lane: Lane,
}

/// Go on with a lane.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResumeLane {
    /// Which.
    pub lane: Lane,
}

/// Set how many handlers of a lane may be at work at once in one process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetLaneWidth {
    /// Which.
    pub lane: Lane,
    /// 1–64.
    pub width: i64,
}
