//! Members of a community.

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, PersonId, Role};

/// Give a member another role (R02).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ChangeRole {
    /// In which community.
    pub community: CommunityId,
    /// Whom.
    pub person: PersonId,
    /// One of [`ROLES_GIVEN`](crate::domain::member::ROLES_GIVEN).
    pub role: Role,
}

/// Make another member the owner. Whoever was it is an admin from then on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct HandOver {
    /// Which community.
    pub community: CommunityId,
    /// To whom.
    pub person: PersonId,
}
