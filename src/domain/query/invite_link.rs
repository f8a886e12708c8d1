//! Links by which people join a community.

use serde::{Deserialize, Serialize};

use crate::domain::CommunityId;

/// The links of a community, the latest first. Answers a list of
/// [`InviteLink`](crate::domain::invite_link::InviteLink).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListInviteLinks {
    /// Which community.
    pub community: CommunityId,
}

/// Where does this link lead? Answers an [`Invited`](crate::domain::invite_link::Invited), also to a visitor; a link that
/// works no more is as one that never was.
#[derive(Clone, Serialize, Deserialize)]
pub struct ReadInviteLink {
    /// The code of the link.
    pub code: String,
}

impl std::fmt::Debug for ReadInviteLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadInviteLink(…)")
    }
}
