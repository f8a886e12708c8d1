//! Roles of a community's own (R02).

use serde::{Deserialize, Serialize};

use crate::domain::{
    CommunityId, CustomRoleId, PersonId,
    custom_role::{Permission, RoleColour},
};

/// Make a role. It stands below all others. The id is made by whoever makes it: the same form sent twice makes one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateCustomRole {
    /// Which.
    pub id: CustomRoleId,
    /// Whose.
    pub community: CommunityId,
    /// 1–32 characters; unique in the community whatever the case of its letters.
    pub name: String,
    /// The colour of its badge.
    pub colour: RoleColour,
    /// What it allows.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

/// Have a role be called or coloured otherwise, or allow something else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditCustomRole {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub custom_role: CustomRoleId,
    /// As in [`CreateCustomRole`].
    pub name: String,
    /// The colour of its badge.
    pub colour: RoleColour,
    /// What it allows from now on.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

/// Have a role stand higher or lower among the others.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MoveCustomRole {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub custom_role: CustomRoleId,
    /// Where: 1 is the lowest; beyond the highest is the highest.
    pub position: i64,
}

/// Remove a role, from everybody who has it as well. Nothing when it is gone already.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DeleteCustomRole {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub custom_role: CustomRoleId,
}

/// Give a member a role of the community's own, beside what they are. Nothing when they have it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct GiveCustomRole {
    /// In which community.
    pub community: CommunityId,
    /// Whom.
    pub person: PersonId,
    /// Which.
    pub custom_role: CustomRoleId,
}

/// Take such a role from a member. Nothing when they do not have it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TakeCustomRole {
    /// In which community.
    pub community: CommunityId,
    /// From whom.
    pub person: PersonId,
    /// Which.
    pub custom_role: CustomRoleId,
}
