//! Roles of a community's own (R02).

use serde::{Deserialize, Serialize};

use crate::domain::CommunityId;

/// The roles of a community's own. Answers [`CustomRoles`](crate::domain::custom_role::CustomRoles).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListCustomRoles {
    /// Which community.
    pub community: CommunityId,
}
