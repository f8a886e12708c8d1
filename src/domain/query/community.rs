//! Communities.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::{
    ChannelId, ChannelSummary, CommunityId, CommunitySummary, PersonId, Seq, Time, community::CommunityRights,
    custom_role::RoleBadge, person::MemberSummary,
};

/// The most members one page lists.
pub const MEMBERS_PAGE: i64 = 100;

/// The communities I am in, and public ones I could join. Answers [`Directory`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListCommunities {}

/// Communities, mine and others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Those I am a member of, by name.
    pub mine: Vec<CommunitySummary>,
    /// Public ones I am not a member of, the largest first, at most 50.
    pub others: Vec<CommunitySummary>,
    /// My own topic's latest event, for the feed.
    pub cursor: Seq,
    /// How many notifications I have not read, as of that event.
    #[serde(default)]
    pub notifications: i64,
}

/// One community with the channels I can see. Answers [`CommunityView`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenCommunity {
    /// Its address.
    pub slug: String,
}

/// A community as its column shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityView {
    /// The community, with my role.
    pub community: CommunitySummary,
    /// The channels I can see, by name, with my participation.
    pub channels: Vec<ChannelSummary>,
    /// The community topic's latest event, for the feed.
    pub cursor: Seq,
    /// What I may do in it.
    pub may: CommunityRights,
    /// Until when I only read here, if I do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silenced_until: Option<Time>,
    /// How many flagged messages wait to be judged; `None` when that is not mine to do.
    #[serde(default)]
    pub flagged: Option<i64>,
    /// In which channels I have begun to write something, there or in a thread.
    #[serde(default)]
    pub drafted: BTreeSet<ChannelId>,
}

/// The members, by role (highest first), then name, a page at a time. Answers [`MemberPage`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListMembers {
    /// Which community.
    pub community: CommunityId,
    /// Shows only names or handles that begin with this; empty shows all.
    #[serde(default)]
    pub begins: String,
    /// How many to pass over.
    #[serde(default)]
    pub offset: i64,
}

/// A page of members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    /// At most [`MEMBERS_PAGE`] members.
    pub members: Vec<MemberSummary>,
    /// Whether more follow.
    pub more: bool,
    /// Whether I may invite somebody to claim an imported person.
    pub may_invite: bool,
    /// Those about whom I may do something.
    #[serde(default)]
    pub manageable: BTreeSet<PersonId>,
    /// The roles of the community's own, of those who have some; the highest first.
    #[serde(default)]
    pub badges: Vec<(PersonId, Vec<RoleBadge>)>,
    /// Whether I may manage these roles.
    #[serde(default)]
    pub may_manage_roles: bool,
}

/// Who is banned, the latest first. Answers a [`BanPage`](crate::domain::member::BanPage).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListBans {
    /// Of which community.
    pub community: CommunityId,
    /// How many to pass over.
    #[serde(default)]
    pub offset: i64,
}

/// One person of a community, and what I may do about them. Answers a
/// [`MemberView`](crate::domain::member::MemberView).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadMember {
    /// Of which community.
    pub community: CommunityId,
    /// Who.
    pub person: PersonId,
}
