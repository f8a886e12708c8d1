//! Communities.

use serde::{Deserialize, Serialize};

use super::{id::CommunityId, role::Role};

/// The most communities one person may own.
pub const COMMUNITIES_OWNED: i64 = 50;
/// The most channels a community may have.
pub const CHANNELS_PER_COMMUNITY: i64 = 1_000;

/// What the actor may do in a community: the same decisions the commands would meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one decision each")]
pub struct CommunityRights {
    /// Make channels.
    #[serde(default)]
    pub create_channel: bool,
    /// Manage its webhooks.
    #[serde(default)]
    pub manage_webhooks: bool,
    /// Make, see and revoke the links by which people join.
    #[serde(default)]
    pub invite: bool,
    /// Manage its rules.
    #[serde(default)]
    pub manage_rules: bool,
    /// See why somebody may or may not do something there.
    #[serde(default)]
    pub explain_rules: bool,
    /// See and change what its messages are judged by.
    #[serde(default)]
    pub manage_moderation: bool,
    /// Keep order: see who is banned, and act on those below oneself.
    #[serde(default)]
    pub moderate: bool,
}

/// A community as its members' rail and the discovery page show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunitySummary {
    /// Which.
    pub id: CommunityId,
    /// The address: `/c/<slug>`.
    pub slug: String,
    /// The name shown.
    pub name: String,
    /// A line about it; may be empty.
    pub description: String,
    /// Whether anybody signed in may find, read and join it.
    pub public: bool,
    /// How many members it has.
    pub members: i64,
    /// What the actor is in it; `None` when not a member.
    pub role: Option<Role>,
}
