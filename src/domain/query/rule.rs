//! The rules of a community, and what they come to (S01, S07).

use serde::{Deserialize, Serialize};

use super::audit::AuditCursor;
use crate::domain::{Action, CommunityId, RuleId, rule::RuleDraft};

/// The rules of a community. Answers [`Rules`](crate::domain::rule::Rules).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListRules {
    /// Which community.
    pub community: CommunityId,
}

/// May somebody do something here, and why? Answers an [`Explanation`](crate::domain::rule::Explanation). Who asks
/// learns nothing of channels they cannot see; of a member, whether they are in a time-out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExplainRules {
    /// Where.
    pub community: CommunityId,
    /// The sign-in name of a member.
    pub handle: String,
    /// What they would do, out of [`RULED`](crate::domain::rule::RULED) and
    /// [`ALSO_EXPLAINED`](crate::domain::rule::ALSO_EXPLAINED).
    pub action: Action,
    /// The address of the channel they would do it in; empty: in none.
    #[serde(default)]
    pub channel: String,
    /// Whether the message it is about is their own.
    #[serde(default)]
    pub own_message: bool,
}

/// What would a rule have changed of what happened in the last
/// [`TRIED_DAYS`](crate::domain::rule::TRIED_DAYS) days? Answers a [`Trial`](crate::domain::rule::Trial) of a bounded
/// stretch of the audit log, the latest first: of channels that who asks can see.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TryRule {
    /// Where.
    pub community: CommunityId,
    /// The rule that it would take the place of; `None` for a new one.
    #[serde(default)]
    pub rule: Option<RuleId>,
    /// What it would say.
    #[serde(flatten)]
    pub draft: RuleDraft,
    /// Only what is older than this.
    #[serde(default)]
    pub after: Option<AuditCursor>,
}
