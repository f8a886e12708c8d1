//! Members of a community, as those who manage them see them (R02, R04).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{custom_role::MemberRole, named::named, person::PersonSummary, role::Role, time::Time};

/// The roles that can be given; an owner comes to be by handing over, and a bot is one from the start.
pub const ROLES_GIVEN: [Role; 4] = [Role::Guest, Role::Member, Role::Moderator, Role::Admin];

/// How long a time-out may last, in seconds: a minute to 28 days.
pub const TIMED_OUT_WITHIN: RangeInclusive<i64> = 60..=28 * 86_400;
/// How far back what somebody wrote can be deleted at once, in seconds: a minute to 7 days.
pub const CLEARED_WITHIN: RangeInclusive<i64> = 60..=7 * 86_400;
/// The most messages that are deleted in one transaction: everybody's writes wait for it.
pub const CLEARED_AT_ONCE: usize = 25;
/// Of each channel, so many of the latest messages are looked through for somebody's.
pub const LOOKED_THROUGH: i64 = 10_000;
/// The most bans one page lists.
pub const BANS_PAGE: i64 = 50;

named! {
    /// How somebody came to be no member any more.
    Departure {
        /// They left.
        Left = "left",
        /// They were removed, and may come back.
        Kicked = "kicked",
        /// They were banned.
        Banned = "banned",
    }
}

/// A ban (R04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// Of whom.
    pub person: PersonSummary,
    /// By whom.
    pub moderator: PersonSummary,
    /// Why, in at most 500 characters; may be empty. Who is banned is told.
    pub reason: String,
    /// When.
    pub created_at: Time,
}

/// What the actor may do about a member: the same decisions the commands would meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one decision each")]
pub struct MemberRights {
    /// The roles the actor may give them, the present one among them; empty when they may not change it.
    pub roles: Vec<Role>,
    /// Whether they may be made the owner.
    pub hand_over: bool,
    /// Whether they may be removed.
    pub kick: bool,
    /// Whether they may be banned, or let in again.
    pub ban: bool,
    /// Whether they may be given a time-out.
    pub time_out: bool,
    /// Whether what they wrote lately may be deleted.
    pub clear: bool,
}

impl MemberRights {
    /// Whether the actor may do anything at all.
    pub const fn any(&self) -> bool {
        !self.roles.is_empty() || self.hand_over || self.kick || self.ban || self.time_out || self.clear
    }
}

/// One person of a community, for whoever manages its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// Who.
    pub person: PersonSummary,
    /// What they are in the community; `None` when they are no member.
    pub role: Option<Role>,
    /// When they joined, if they are a member.
    pub joined_at: Option<Time>,
    /// Until when they only read, if they do.
    pub silenced_until: Option<Time>,
    /// That they are banned, and why.
    pub ban: Option<Ban>,
    /// What the actor may do about them.
    pub may: MemberRights,
    /// The roles of the community's own that they have, and those that the actor may give them; the highest first.
    #[serde(default)]
    pub custom_roles: Vec<MemberRole>,
}

/// What came of deleting somebody's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// How many were deleted.
    pub removed: usize,
    /// Whether there are more.
    pub more: bool,
}

/// A page of bans, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanPage {
    /// At most [`BANS_PAGE`].
    pub bans: Vec<Ban>,
    /// Whether more follow.
    pub more: bool,
}
