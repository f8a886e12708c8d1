//! Communities.

use serde::{Deserialize, Serialize};

use crate::domain::CommunityId;

/// Make a community with #general and #announcements (R01). Answers its summary.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateCommunity {
    /// Made by the sender, so that a repeat is the same community.
    pub id: CommunityId,
    /// The name shown.
    pub name: String,
    /// The address; made from the name when empty.
    #[serde(default)]
    pub slug: String,
    /// A line about it.
    #[serde(default)]
    pub description: String,
    /// Whether anybody signed in may find, read and join it. A form's checkbox: absent is no.
    #[serde(default)]
    pub public: bool,
}

/// Become a member, and take part in #general and #announcements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JoinCommunity {
    /// Which.
    pub community: CommunityId,
}

/// Stop being a member, and leave all its channels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaveCommunity {
    /// Which.
    pub community: CommunityId,
}
