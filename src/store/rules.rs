//! Rules of communities' own, beside the built-in ones.

use serde_json::{Value as Json, json};

use super::{Conn, Sql, StoreError, custom_roles};
use crate::{
    domain::{
        Action, CommunityId, RuleId, Time,
        rule::{Effect, OwnRule, RuleDraft, RuleScope},
    },
    policy::{Condition, Expression, Grant, Origin, Rule},
    row, sql,
};

/// The columns of a rule.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, name, effect, scope, actions, expression, priority, active FROM rules ", $rest)
    };
}

sql! {
    /// All of them.
    ALL_RULES = Sql::both(select!("ORDER BY created_at, id"));
    /// A community's, in the order they are asked as far as priority goes.
    OF_COMMUNITY = Sql::both(select!("WHERE community = $1 ORDER BY priority, created_at, id"));
    /// One of a community's.
    FIND = Sql::both(select!("WHERE community = $1 AND id = $2"));
    /// Whose a rule is.
    WHOSE = Sql::both("SELECT community FROM rules WHERE id = $1");
    /// Another rule of this scope with this name.
    NAMESAKE = Sql::both("SELECT id FROM rules WHERE scope = $1 AND name = $2 AND id <> $3");
    /// A new one.
    INSERT = Sql::both("INSERT INTO rules (id, community, channel, name, effect, scope, actions, condition, expression, \
        priority, active, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    /// It says something else.
    UPDATE = Sql::both("UPDATE rules SET channel = $3, name = $4, effect = $5, scope = $6, actions = $7, expression = $8, \
        priority = $9, active = $10 WHERE community = $1 AND id = $2");
    /// Gone.
    DELETE = Sql::both("DELETE FROM rules WHERE community = $1 AND id = $2");
}

struct Row {
    id: RuleId,
    name: String,
    effect: String,
    scope: Json,
    actions: Json,
    expression: String,
    priority: i64,
    active: bool,
}

row! { Row { id, name, effect, scope, actions, expression, priority, active } }

impl Row {
    /// A rule whose parts cannot be read stops the start: ignoring a denial would open a door.
    fn rule(self) -> Result<OwnRule, StoreError> {
        let unreadable = |cause: &dyn std::fmt::Display| {
            StoreError::other(format!("the rule {} ({}) cannot be read: {cause}", self.name, self.id))
        };
        let effect = self.effect.parse::<Effect>().map_err(|cause| unreadable(&cause))?;
        let scope: RuleScope = serde_json::from_value(self.scope.clone()).map_err(|cause| unreadable(&cause))?;
        let actions: Vec<Action> = serde_json::from_value(self.actions.clone()).map_err(|cause| unreadable(&cause))?;
        let draft = RuleDraft {
            name: self.name,
            effect,
            scope,
            actions,
            condition: self.expression,
            priority: self.priority,
            active: self.active,
        };
        Ok(OwnRule { id: self.id, draft })
    }
}

/// A rule as the policy asks it. One whose condition can no longer be compiled refuses whatever it speaks of.
pub fn compiled(id: RuleId, draft: RuleDraft) -> Rule {
    let condition = match draft.condition.as_str() {
        "" => Condition::Facts(Vec::new()),
        source => Condition::Expression(Expression::stored(source)),
    };
    Rule {
        id: Some(id),
        origin: Origin::Own,
        name: draft.name,
        effect: draft.effect,
        scope: draft.scope,
        actions: draft.actions,
        condition,
        // Held by the table to 1-1000.
        priority: u16::try_from(draft.priority).unwrap_or(u16::MAX),
        active: draft.active,
    }
}

/// All of them, in the order they were made.
pub async fn all(conn: &mut Conn<'_>) -> Result<Vec<Rule>, StoreError> {
    let rows: Vec<Row> = conn.all(ALL_RULES, ()).await?;
    rows.into_iter().map(|row| row.rule().map(|rule| compiled(rule.id, rule.draft))).collect()
}

/// All that is asked beside the built-in ones: communities' own rules, and what their own roles allow.
pub async fn in_force(conn: &mut Conn<'_>) -> Result<Vec<Rule>, StoreError> {
    let mut rules = all(conn).await?;
    rules.extend(custom_roles::rules(conn).await?);
    Ok(rules)
}

/// A community's, by priority.
pub async fn of_community(conn: &mut Conn<'_>, community: CommunityId) -> Result<Vec<OwnRule>, StoreError> {
    let rows: Vec<Row> = conn.all(OF_COMMUNITY, (community,)).await?;
    rows.into_iter().map(Row::rule).collect()
}

/// One of a community's.
pub async fn find(conn: &mut Conn<'_>, community: CommunityId, id: RuleId) -> Result<Option<OwnRule>, StoreError> {
    conn.maybe::<Row>(FIND, (community, id)).await?.map(Row::rule).transpose()
}

/// Whose the rule with this id is, if there is one.
pub async fn whose(conn: &mut Conn<'_>, id: RuleId) -> Result<Option<CommunityId>, StoreError> {
    conn.maybe(WHOSE, (id,)).await
}

/// Whether another rule than `id` has this scope and name.
pub async fn is_named(conn: &mut Conn<'_>, scope: RuleScope, name: &str, id: RuleId) -> Result<bool, StoreError> {
    Ok(conn.maybe::<RuleId>(NAMESAKE, (json!(scope), name, id)).await?.is_some())
}

/// Stores a rule.
pub async fn insert<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    rule: &OwnRule,
    now: Time,
) -> Result<(), StoreError> {
    let OwnRule { id, draft } = rule;
    let values = (
        *id,
        community,
        channel(draft.scope),
        draft.name.as_str(),
        draft.effect.as_str(),
        json!(draft.scope),
        json!(draft.actions),
        json!([]),
        draft.condition.as_str(),
        draft.priority,
        draft.active,
        now,
    );
    conn.run(INSERT, values).await.map(drop)
}

/// Has a rule say something else; `false` when there is none.
pub async fn update<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    rule: &OwnRule,
) -> Result<bool, StoreError> {
    let OwnRule { id, draft } = rule;
    let values = (
        community,
        *id,
        channel(draft.scope),
        draft.name.as_str(),
        draft.effect.as_str(),
        json!(draft.scope),
        json!(draft.actions),
        draft.condition.as_str(),
        draft.priority,
        draft.active,
    );
    Ok(conn.run(UPDATE, values).await? == 1)
}

/// Removes a rule; `false` when there is none.
pub async fn delete<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    id: RuleId,
) -> Result<bool, StoreError> {
    Ok(conn.run(DELETE, (community, id)).await? == 1)
}

const fn channel(scope: RuleScope) -> Option<crate::domain::ChannelId> {
    match scope {
        RuleScope::Channel(id) => Some(id),
        RuleScope::Everything | RuleScope::Community(_) | RuleScope::Role(..) => None,
    }
}
