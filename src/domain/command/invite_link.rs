//! Links by which people join a community.

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, InviteLinkId};

/// Make a link. Answers its code, which is shown once.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MakeInviteLink {
    /// To which community.
    pub community: CommunityId,
    /// For how long from now it works, in seconds within
    /// [`WORKS_WITHIN`](crate::domain::invite_link::WORKS_WITHIN); without it, until it is revoked.
    #[serde(default)]
    pub expires_in: Option<i64>,
    /// How many people it brings in, within [`USES_WITHIN`](crate::domain::invite_link::USES_WITHIN); without it, any
    /// number.
    #[serde(default)]
    pub max_uses: Option<i64>,
}

/// Have a link work no more. Nothing when it is gone already.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RevokeInviteLink {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub link: InviteLinkId,
}

/// Become a member by a link; whoever is one already uses nothing up. Answers the community's summary.
#[derive(Clone, Serialize, Deserialize)]
pub struct JoinByLink {
    /// The code of the link.
    pub code: String,
}

impl std::fmt::Debug for JoinByLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JoinByLink(…)")
    }
}
