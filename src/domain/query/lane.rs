//! The lanes.

use serde::{Deserialize, Serialize};

use crate::domain::{Lane, RecordId, lane::LetterCursor};

/// How each lane stands. Answers a list of [`LaneStatus`](crate::domain::lane::LaneStatus).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadLanes {}

/// Dead letters, the latest first. Answers a [`LetterPage`](crate::domain::lane::LetterPage).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ListDeadLetters {
    /// Of this lane; of all without it.
    #[serde(default)]
    pub lane: Option<Lane>,
    /// Where the page before ended.
    #[serde(default)]
    pub after: Option<LetterCursor>,
}

/// One dead letter. Answers a [`DeadLetter`](crate::domain::lane::DeadLetter).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadDeadLetter {
    /// Which.
    pub record: RecordId,
}
