//! Flags.

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, Seq, Topic};

/// What waits to be judged in a community. Answers a [`Queue`](crate::domain::flag::Queue).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListFlagged {
    /// Which community.
    pub community: CommunityId,
}

/// Whom is this event to tell of which flag? Only the server itself asks. Answers the
/// [`NotifyFlag`](crate::domain::command::NotifyFlag) to be carried out, or nothing when there is nobody to tell any more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadFlag {
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
}
