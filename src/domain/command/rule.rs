//! The rules of a community (S01, S02).

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, RuleId, rule::RuleDraft};

/// Add a rule. The id is made by whoever adds it: the same form sent twice adds one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddRule {
    /// Which.
    pub id: RuleId,
    /// Whose.
    pub community: CommunityId,
    /// What it says.
    #[serde(flatten)]
    pub draft: RuleDraft,
}

/// Have a rule say something else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditRule {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub rule: RuleId,
    /// What it says from now on.
    #[serde(flatten)]
    pub draft: RuleDraft,
}

/// Have a rule asked earlier or later.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct OrderRule {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub rule: RuleId,
    /// Within [`PRIORITIES`](crate::domain::rule::PRIORITIES); the lower is asked first.
    pub priority: i64,
}

/// Switch a rule on or off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SwitchRule {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub rule: RuleId,
    /// Whether it is asked from now on.
    pub active: bool,
}

/// Remove a rule. Nothing when it is gone already.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RemoveRule {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub rule: RuleId,
}
