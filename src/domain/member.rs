//! Members of a community, as those who manage them see them (R02, R04).

use serde::{Deserialize, Serialize};

use super::{person::PersonSummary, role::Role, time::Time};

/// The roles that can be given; an owner comes to be by handing over, and a bot is one from the start.
pub const ROLES_GIVEN: [Role; 4] = [Role::Guest, Role::Member, Role::Moderator, Role::Admin];

/// What the actor may do about a member: the same decisions the commands would meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRights {
    /// The roles the actor may give them, the present one among them; empty when they may not change it.
    pub roles: Vec<Role>,
    /// Whether they may be made the owner.
    pub hand_over: bool,
}

impl MemberRights {
    /// Whether the actor may do anything at all.
    pub const fn any(&self) -> bool {
        !self.roles.is_empty() || self.hand_over
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
    /// What the actor may do about them.
    pub may: MemberRights,
}
