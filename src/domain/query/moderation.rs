//! What a community has its messages judged by.

use serde::{Deserialize, Serialize};

use crate::domain::CommunityId;

/// By what a community has its messages judged. Answers a
/// [`ModerationSettings`](crate::domain::moderation::ModerationSettings).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadModeration {
    /// Which community.
    pub community: CommunityId,
}
