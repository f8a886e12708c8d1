//! Links by which people join a community (R03).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{id::InviteLinkId, person::PersonSummary, time::Time};

/// How long a link may work, in seconds: a minute to a year.
pub const WORKS_WITHIN: RangeInclusive<i64> = 60..=365 * 86_400;
/// How many people one link may bring in, if it is bounded.
pub const USES_WITHIN: RangeInclusive<i64> = 1..=10_000;
/// The most links a community has at a time.
pub const LINKS_PER_COMMUNITY: i64 = 100;

/// A link, for those who manage them. The code is not known any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLink {
    /// Which.
    pub id: InviteLinkId,
    /// Who made it.
    pub inviter: PersonSummary,
    /// When.
    pub created_at: Time,
    /// Until when it works; `None`: until it is revoked.
    pub expires_at: Option<Time>,
    /// How many people it may bring in; `None`: any number.
    pub max_uses: Option<i64>,
    /// How many it has brought in.
    pub uses: i64,
    /// Whether it still works.
    pub works: bool,
}

/// What somebody who holds a link may know of where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The community's name.
    pub community: String,
    /// A line about it; may be empty.
    pub description: String,
    /// How many members it has.
    pub members: i64,
    /// The name of whoever made the link.
    pub inviter: String,
    /// Its address, for whoever is a member already.
    pub slug: Option<String>,
}
