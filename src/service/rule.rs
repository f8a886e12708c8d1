//! The rules of a community (S01, S02).

use serde_json::{Value as Json, json};

use super::{Asking, Command, Outcome, Query, Tools, Work, community::CommunityScope, explain::as_actor, viewer};
use crate::{
    domain::{
        Action, Actor, CommunityId, Error, Event, Result, RuleId, Topic,
        command::{AddRule, EditRule, OrderRule, RemoveRule, SwitchRule},
        query::ListRules,
        rule::{Effect, ONLY_DENIED, OwnRule, PRIORITIES, RULED, RULES_PER_SCOPE, RuleDraft, RuleScope, Rules},
        text::Name,
    },
    policy::{Expression, Judge, PolicySet, Target},
    store::{Conn, Shard, channels, communities, members, people, rules},
};

/// A draft as it is kept, or what is wrong with each field of it.
pub(super) fn checked(draft: &RuleDraft) -> Result<RuleDraft> {
    let name = Name::parse("name", &draft.name)?;
    let mut actions = draft.actions.clone();
    actions.sort_unstable();
    actions.dedup();
    if actions.is_empty() {
        return Err(Error::invalid("actions", "must be at least one"));
    }
    if let Some(other) = actions.iter().find(|action| !RULED.contains(action)) {
        return Err(Error::invalid("actions", format!("must be what rules can speak of, which {other} is not")));
    }
    if let Some(denied) = actions.iter().find(|action| draft.effect == Effect::Allow && ONLY_DENIED.contains(action)) {
        return Err(Error::invalid("actions", format!("must be what a rule can allow; {denied} can only be denied")));
    }
    if !PRIORITIES.contains(&draft.priority) {
        return Err(Error::invalid("priority", "must be a whole number from 1 to 1000"));
    }
    let condition = draft.condition.trim();
    if !condition.is_empty() {
        Expression::parse(condition).map_err(|cause| Error::invalid("condition", cause))?;
    }
    Ok(RuleDraft { name: name.as_str().to_owned(), actions, condition: condition.to_owned(), ..draft.clone() })
}

/// Whether the actor can see what a rule of `community` covers.
pub(super) async fn sees(
    conn: &mut Conn<'_>,
    policy: Judge<'_>,
    actor: &Actor,
    community: CommunityId,
    scope: RuleScope,
) -> Outcome<bool> {
    Ok(match scope {
        RuleScope::Everything => false,
        RuleScope::Community(id) | RuleScope::Role(id, _) => id == community,
        RuleScope::Channel(id) => {
            let there = channels::standing(conn, id, viewer(actor)).await?;
            let there = there.filter(|there| there.community == community);
            there.is_some_and(|there| policy.allows(actor, Action::ReadChannel, &there.target()))
        }
    })
}

/// A rule that covers what is not there covers nothing; the error names `scope`.
pub(super) fn nowhere() -> Error {
    Error::invalid("scope", "must be this community, a role in it or a channel of it that you can see")
}

/// Whoever owns a community manages its rules whatever they say; a rule that says otherwise would only mislead.
async fn spares_owner<C>(work: &mut Work<'_, '_, C>, community: CommunityId, rule: &OwnRule) -> Outcome<()> {
    let RuleDraft { effect, ref actions, active, .. } = rule.draft;
    if effect != Effect::Deny || !active || !actions.contains(&Action::ManageRules) {
        return Ok(());
    }
    let standing = communities::standing(work.conn, community, work.person()?.id).await?.ok_or(Error::NotFound)?;
    let owner = as_actor(people::find(work.conn, standing.owner).await?.ok_or(Error::NotFound)?);
    let theirs = communities::standing(work.conn, community, standing.owner).await?.ok_or(Error::NotFound)?;
    let target = Target { now: work.now, ..theirs.target() };
    let compiled = rules::compiled(rule.id, rule.draft.clone());
    if compiled.scope.covers(&target) && compiled.condition.holds(&owner, &target) != Ok(false) {
        let message = "would keep the owner from managing rules, which no rule does; leave them out by the condition \
            actor.role != 'owner'";
        return Err(Error::invalid("condition", message).into());
    }
    Ok(())
}

/// The last checks of a rule, when nobody else can change one.
async fn settles<C>(work: &mut Work<'_, '_, C>, community: CommunityId, rule: &OwnRule) -> Outcome<()> {
    if !sees(work.conn, work.policy, work.actor, community, rule.draft.scope).await? {
        return Err(nowhere().into());
    }
    if rules::is_named(work.conn, rule.draft.scope, &rule.draft.name, rule.id).await? {
        return Err(Error::invalid("name", "is the name of another rule for the same; choose another").into());
    }
    spares_owner(work, community, rule).await
}

/// What the audit log keeps of a rule: its name and its condition can be anybody's words.
fn noted<C>(work: &Work<'_, '_, C>, draft: &RuleDraft) -> Json {
    json!({
        "name": work.fingerprint(&draft.name),
        "effect": draft.effect,
        "scope": draft.scope,
        "actions": draft.actions,
        "condition": work.fingerprint(&draft.condition),
        "priority": draft.priority,
        "active": draft.active,
    })
}

/// One of the community's rules, when nobody else can change one. Of a channel that the actor cannot see there is none.
async fn held<C>(work: &mut Work<'_, '_, C>, community: CommunityId, id: RuleId) -> Outcome<Option<OwnRule>> {
    members::hold(work.conn, work.grant, community).await?;
    let Some(rule) = rules::find(work.conn, community, id).await? else { return Ok(None) };
    let seen = sees(work.conn, work.policy, work.actor, community, rule.draft.scope).await?;
    Ok(Some(rule).filter(|_| seen))
}

async fn tell<C>(work: &mut Work<'_, '_, C>, community: CommunityId) -> Outcome<()> {
    work.emit(Topic::Community(community), Event::RulesChanged { community }).await.map(drop)
}

/// Puts `after` in the place of `before`, and tells whoever should hear of it; nothing when they say the same.
async fn revise<C>(
    work: &mut Work<'_, '_, C>,
    community: CommunityId,
    before: OwnRule,
    draft: RuleDraft,
) -> Outcome<()> {
    let after = OwnRule { id: before.id, draft };
    work.note(json!({
        "community": community, "before": noted(work, &before.draft), "after": noted(work, &after.draft),
    }));
    if after == before {
        return Ok(());
    }
    settles(work, community, &after).await?;
    rules::update(work.conn, work.grant, community, &after).await?;
    tell(work, community).await
}

impl Command for AddRule {
    type Prepared = RuleDraft;
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageRules;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<RuleDraft> {
        checked(&self.draft)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, draft: RuleDraft) -> Outcome<()> {
        work.about("rule", self.id);
        work.note(json!({ "community": self.community, "after": noted(work, &draft) }));
        members::hold(work.conn, work.grant, self.community).await?;
        if rules::whose(work.conn, self.id).await?.is_some() {
            // The same form sent twice, or else an id that is not free.
            let known = held(work, self.community, self.id).await?.ok_or(Error::NotFound)?;
            let other = "This rule was kept before, with other words. Open it to change it.";
            return if known.draft == draft { Ok(()) } else { Err(Error::conflict(other).into()) };
        }
        // For each scope: rules of a channel that its owner cannot see leave room for others.
        let all = rules::of_community(work.conn, self.community).await?;
        if all.iter().filter(|rule| rule.draft.scope == draft.scope).count() >= RULES_PER_SCOPE {
            let full = format!("There are {RULES_PER_SCOPE} rules for the same; that is the limit.");
            return Err(Error::conflict(full).into());
        }
        let rule = OwnRule { id: self.id, draft };
        settles(work, self.community, &rule).await?;
        rules::insert(work.conn, work.grant, self.community, &rule, work.now).await?;
        tell(work, self.community).await
    }
}

impl Command for EditRule {
    type Prepared = RuleDraft;
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageRules;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<RuleDraft> {
        checked(&self.draft)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, draft: RuleDraft) -> Outcome<()> {
        work.about("rule", self.rule);
        let before = held(work, self.community, self.rule).await?.ok_or(Error::NotFound)?;
        revise(work, self.community, before, draft).await
    }
}

impl Command for OrderRule {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageRules;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if PRIORITIES.contains(&self.priority) {
            return Ok(());
        }
        Err(Error::invalid("priority", "must be a whole number from 1 to 1000"))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<()> {
        work.about("rule", self.rule);
        let before = held(work, self.community, self.rule).await?.ok_or(Error::NotFound)?;
        let draft = RuleDraft { priority: self.priority, ..before.draft.clone() };
        revise(work, self.community, before, draft).await
    }
}

impl Command for SwitchRule {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageRules;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<()> {
        work.about("rule", self.rule);
        let before = held(work, self.community, self.rule).await?.ok_or(Error::NotFound)?;
        let draft = RuleDraft { active: self.active, ..before.draft.clone() };
        revise(work, self.community, before, draft).await
    }
}

impl Command for RemoveRule {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageRules;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<()> {
        work.about("rule", self.rule);
        work.note(json!({ "community": self.community }));
        let Some(before) = held(work, self.community, self.rule).await? else { return Ok(()) };
        work.note(json!({ "community": self.community, "before": noted(work, &before.draft) }));
        rules::delete(work.conn, work.grant, self.community, self.rule).await?;
        tell(work, self.community).await
    }
}

impl Query for ListRules {
    type Scope = CommunityScope;
    type Output = Rules;

    fn action(&self) -> Action {
        Action::ManageRules
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<Rules> {
        let mut own = Vec::new();
        for rule in rules::of_community(asking.conn, self.community).await? {
            if sees(asking.conn, asking.policy, asking.actor, self.community, rule.draft.scope).await? {
                own.push(rule);
            }
        }
        Ok(Rules { own, built_in: PolicySet::built_in() })
    }
}
