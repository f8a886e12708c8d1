//! What moderators do about people (R02, R04).

use serde::{Deserialize, Serialize};

use crate::domain::{
    CommunityId, PersonId,
    moderation::{Consequence, LinksFrom},
};

/// End somebody's membership and all their participations. They may come back.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct KickMember {
    /// From which community.
    pub community: CommunityId,
    /// Whom.
    pub person: PersonId,
}

/// Keep somebody out, by any way; a member is no member any more. Once more gives another reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BanMember {
    /// Of which community.
    pub community: CommunityId,
    /// Whom.
    pub person: PersonId,
    /// Why: at most 500 characters, may be empty. They are told.
    #[serde(default)]
    pub reason: String,
}

/// Let somebody join again. Nothing when they were not banned.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct LiftBan {
    /// Which community.
    pub community: CommunityId,
    /// Who.
    pub person: PersonId,
}

/// Have a member only read for a while; it ends by itself, and not by leaving and coming back.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TimeOutMember {
    /// In which community.
    pub community: CommunityId,
    /// Whom.
    pub person: PersonId,
    /// For how long from now, within [`TIMED_OUT_WITHIN`](crate::domain::member::TIMED_OUT_WITHIN); without it, the one
    /// they are in ends now.
    #[serde(default)]
    pub seconds: Option<i64>,
}

/// Delete what somebody wrote in the community lately, in whichever channel; at most
/// [`CLEARED_AT_ONCE`](crate::domain::member::CLEARED_AT_ONCE) messages, of one channel. Ask again while there are more.
/// Answers a [`Cleared`](crate::domain::member::Cleared).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ClearMessages {
    /// In which community.
    pub community: CommunityId,
    /// Whose.
    pub person: PersonId,
    /// How far back, in seconds, within [`CLEARED_WITHIN`](crate::domain::member::CLEARED_WITHIN).
    pub within: i64,
}

/// Say by what a community has its messages judged (M07). Lists come as they are typed, one entry a line; an error names
/// the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetModeration {
    /// Which community.
    pub community: CommunityId,
    /// Words whose messages are flagged, at most [`LIST_WORDS`](crate::domain::moderation::LIST_WORDS).
    #[serde(default)]
    pub flagged: String,
    /// Words whose messages are held.
    #[serde(default)]
    pub held: String,
    /// Words whose messages are refused.
    #[serde(default)]
    pub refused: String,
    /// Who may post links.
    pub links_from: LinksFrom,
    /// After how many days as a member, where that is asked.
    #[serde(default)]
    pub link_days: i64,
    /// What becomes of a message with a link that its author may not post.
    pub links: Consequence,
    /// Hosts to which everybody may link, at most [`HOSTS`](crate::domain::moderation::HOSTS).
    #[serde(default)]
    pub hosts: String,
}
