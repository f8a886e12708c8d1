//! The rules of a community.

#![expect(
    missing_docs,
    clippy::too_many_arguments,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    Action, CommunityId, RuleId,
    query::AuditCursor,
    rule::{Effect, Explanation, Rules, Trial},
};

use super::Fault;

/// A rule as it stands in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub name: String,
    pub effect: Effect,
    pub scope: String,
    #[serde(default)]
    pub actions: Vec<Action>,
    #[serde(default)]
    pub condition: String,
    pub priority: String,
    #[serde(default)]
    pub active: bool,
}

#[cfg(feature = "ssr")]
impl Typed {
    fn draft(self) -> thunderline::domain::Result<thunderline::domain::rule::RuleDraft> {
        let Self { name, effect, scope, actions, condition, priority, active } = self;
        let (scope, priority) = (scope.parse()?, number(&priority)?);
        Ok(thunderline::domain::rule::RuleDraft { name, effect, scope, actions, condition, priority, active })
    }
}

/// A priority as it is typed.
#[cfg(feature = "ssr")]
fn number(text: &str) -> thunderline::domain::Result<i64> {
    use thunderline::domain::Error;

    text.trim().parse().map_err(|_| Error::invalid("priority", "must be a whole number from 1 to 1000"))
}

/// Leads to the list of rules.
#[cfg(feature = "ssr")]
fn lead_to_list(address: &str, done: &str) {
    let path = format!("/c/{}/settings/rules?done={done}", super::next::encode(address));
    leptos_axum::redirect(&super::next::local(&path));
}

/// Adds a rule, and leads to the list.
#[server(endpoint = "add_rule")]
pub async fn add_rule(
    id: RuleId,
    community: CommunityId,
    /// The community's address.
    address: String,
    #[server(default)] name: String,
    effect: Effect,
    #[server(default)] scope: String,
    #[server(default)] actions: Vec<Action>,
    #[server(default)] condition: String,
    #[server(default)] priority: String,
    #[server(default)] active: bool,
) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    let draft = answer(Typed { name, effect, scope, actions, condition, priority, active }.draft())?;
    answer(execute(command::AddRule { id, community, draft }).await)?;
    lead_to_list(&address, "added");
    Ok(())
}

/// Has a rule say something else, and leads to the list.
#[server(endpoint = "edit_rule")]
pub async fn edit_rule(
    rule: RuleId,
    community: CommunityId,
    /// The community's address.
    address: String,
    #[server(default)] name: String,
    effect: Effect,
    #[server(default)] scope: String,
    #[server(default)] actions: Vec<Action>,
    #[server(default)] condition: String,
    #[server(default)] priority: String,
    #[server(default)] active: bool,
) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    let draft = answer(Typed { name, effect, scope, actions, condition, priority, active }.draft())?;
    answer(execute(command::EditRule { community, rule, draft }).await)?;
    lead_to_list(&address, "saved");
    Ok(())
}

/// Has a rule asked earlier or later.
#[server(endpoint = "order_rule")]
pub async fn order_rule(
    community: CommunityId,
    rule: RuleId,
    #[server(default)] priority: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let priority = answer(number(&priority))?;
    answer(execute(command::OrderRule { community, rule, priority }).await)?;
    lead_back("done=ordered", "main");
    Ok(())
}

/// Switches a rule on or off.
#[server(endpoint = "switch_rule")]
pub async fn switch_rule(community: CommunityId, rule: RuleId, #[server(default)] active: bool) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::SwitchRule { community, rule, active }).await)?;
    lead_back("done=switched", "main");
    Ok(())
}

/// Removes a rule.
#[server(endpoint = "remove_rule")]
pub async fn remove_rule(community: CommunityId, rule: RuleId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::RemoveRule { community, rule }).await)?;
    lead_back("done=removed", "main");
    Ok(())
}

/// The rules of a community.
#[server(endpoint = "list_rules")]
pub async fn list_rules(community: CommunityId) -> Result<Rules, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListRules { community }).await)
}

/// What a rule would have changed.
#[server(endpoint = "try_rule")]
pub async fn try_rule(
    community: CommunityId,
    #[server(default)] rule: Option<RuleId>,
    typed: Typed,
    #[server(default)] after: Option<AuditCursor>,
) -> Result<Trial, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    let draft = answer(typed.draft())?;
    answer(ask(query::TryRule { community, rule, draft, after }).await)
}

/// Why somebody may or may not do something.
#[server(endpoint = "explain_rules")]
pub async fn explain_rules(
    community: CommunityId,
    handle: String,
    action: Action,
    #[server(default)] channel: String,
    #[server(default)] own_message: bool,
) -> Result<Explanation, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ExplainRules { community, handle, action, channel, own_message }).await)
}
