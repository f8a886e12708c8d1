use super::{
    defaults,
    grant::Grant,
    rule::{Effect, Rule},
    target::Target,
};
use crate::domain::{Action, Actor, Time};

/// One rule that was asked, and whether it applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule's name.
    pub rule: String,
    /// Whether its condition held.
    pub applied: bool,
}

/// The answer to "may this actor do this here?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the action may go on.
    pub allowed: bool,
    /// The rule that decided; `None` when none applied, which refuses.
    pub rule: Option<String>,
}

impl Decision {
    /// The name of the rule that refused.
    pub fn refusal(&self) -> String {
        self.rule.clone().unwrap_or_else(|| "no rule allows this".to_owned())
    }
}

/// Rules in the order they are asked, by action. Immutable: a change makes a new one.
#[derive(Debug)]
pub struct PolicySet {
    by_action: Vec<Vec<Rule>>,
}

/// Rules, and the moment at which they are asked: some things are so only until a time.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'p> {
    set: &'p PolicySet,
    now: Time,
}

impl Judge<'_> {
    /// As [`PolicySet::decide`], at this moment.
    pub fn decide(self, actor: &Actor, action: Action, target: &Target) -> Decision {
        self.set.decide(actor, action, &self.present(target))
    }

    /// As [`PolicySet::allows`], at this moment.
    pub fn allows(self, actor: &Actor, action: Action, target: &Target) -> bool {
        self.set.allows(actor, action, &self.present(target))
    }

    /// As [`PolicySet::grant`], at this moment.
    pub fn grant<C>(self, actor: &Actor, action: Action, target: &Target) -> Result<Grant<C>, Decision> {
        self.set.grant(actor, action, &self.present(target))
    }

    fn present(self, target: &Target) -> Target {
        Target { now: self.now, ..target.clone() }
    }
}

impl Default for PolicySet {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl PolicySet {
    /// The built-in rules and `own` ones, ordered by priority, then from narrow to wide, denials first.
    pub fn new(own: Vec<Rule>) -> Self {
        let mut rules = defaults::rules();
        rules.extend(own);
        rules.retain(|rule| rule.active);
        rules.sort_by_key(|rule| (rule.priority, std::cmp::Reverse(rule.scope), rule.effect == Effect::Allow));
        let by_action = Action::ALL
            .iter()
            .map(|action| rules.iter().filter(|rule| rule.actions.contains(action)).cloned().collect())
            .collect();
        Self { by_action }
    }

    /// These rules at the moment `now`.
    pub const fn at(&self, now: Time) -> Judge<'_> {
        Judge { set: self, now }
    }

    /// The first rule that covers the target and whose condition holds decides; none refuses.
    pub fn decide(&self, actor: &Actor, action: Action, target: &Target) -> Decision {
        let first = self.asked(action).find(|rule| rule.scope.covers(target) && rule.condition.holds(actor, target));
        Decision {
            allowed: first.is_some_and(|rule| rule.effect == Effect::Allow),
            rule: first.map(|rule| rule.name.clone()),
        }
    }

    /// Whether [`decide`](Self::decide) allows; for lists and buttons, without the words.
    pub fn allows(&self, actor: &Actor, action: Action, target: &Target) -> bool {
        self.asked(action)
            .find(|rule| rule.scope.covers(target) && rule.condition.holds(actor, target))
            .is_some_and(|rule| rule.effect == Effect::Allow)
    }

    /// A grant for `C`, or the decision that refused it. The only way to get one.
    pub fn grant<C>(&self, actor: &Actor, action: Action, target: &Target) -> Result<Grant<C>, Decision> {
        let decision = self.decide(actor, action, target);
        if decision.allowed { Ok(Grant::new(action, decision.rule)) } else { Err(decision) }
    }

    /// Every rule that was asked, in order, up to the one that decided (S07).
    pub fn explain(&self, actor: &Actor, action: Action, target: &Target) -> Vec<Step> {
        let mut steps = Vec::new();
        for rule in self.asked(action).filter(|rule| rule.scope.covers(target)) {
            let applied = rule.condition.holds(actor, target);
            steps.push(Step { rule: rule.name.clone(), applied });
            if applied {
                break;
            }
        }
        steps
    }

    fn asked(&self, action: Action) -> impl Iterator<Item = &Rule> {
        self.by_action[action as usize].iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ChannelId, CommunityId, Role, Surface, Visibility},
        policy::{Condition, Fact, RuleScope},
    };

    fn rule(name: &str, effect: Effect, scope: RuleScope, priority: u16) -> Rule {
        Rule {
            name: name.to_owned(),
            effect,
            scope,
            actions: vec![Action::Post],
            condition: Condition(vec![Fact::Participant]),
            priority,
            active: true,
        }
    }

    fn place() -> Target {
        Target {
            community: Some(CommunityId::fresh()),
            channel: Some(ChannelId::fresh()),
            role: Some(Role::Member),
            visibility: Some(Visibility::Public),
            participant: true,
            ..Target::default()
        }
    }

    // S01
    #[test]
    fn the_lower_priority_number_is_asked_first() {
        let target = place();
        let set = PolicySet::new(vec![
            rule("late denial", Effect::Deny, RuleScope::Everything, 60),
            rule("early allowance", Effect::Allow, RuleScope::Everything, 50),
        ]);
        let decision = set.decide(&Actor::visitor(Surface::Page), Action::Post, &target);
        assert!(decision.allowed);
        assert_eq!(decision.rule.as_deref(), Some("early allowance"));
    }

    // S01
    #[test]
    fn at_equal_priority_the_narrow_rule_is_asked_first() {
        let target = place();
        let here = RuleScope::Channel(target.channel.unwrap());
        let set = PolicySet::new(vec![
            rule("wide", Effect::Deny, RuleScope::Everything, 50),
            rule("narrow", Effect::Allow, here, 50),
        ]);
        assert!(set.allows(&Actor::visitor(Surface::Page), Action::Post, &target));
        let elsewhere = Target { channel: Some(ChannelId::fresh()), ..target };
        assert!(!set.allows(&Actor::visitor(Surface::Page), Action::Post, &elsewhere));
    }

    // S01
    #[test]
    fn what_no_rule_allows_is_refused() {
        let decision = PolicySet::default().decide(&Actor::visitor(Surface::Page), Action::Post, &Target::default());
        assert_eq!(decision, Decision { allowed: false, rule: None });
        assert_eq!(decision.refusal(), "no rule allows this");
    }

    // S01
    #[test]
    fn a_rule_that_is_switched_off_is_not_asked() {
        let target = place();
        let mut off = rule("off", Effect::Allow, RuleScope::Everything, 1);
        off.active = false;
        assert!(!PolicySet::new(vec![off]).allows(&Actor::visitor(Surface::Page), Action::Post, &target));
    }

    // S07
    #[test]
    fn an_explanation_ends_with_the_rule_that_decided() {
        let target = place();
        let set = PolicySet::new(vec![rule("mine", Effect::Allow, RuleScope::Everything, 500)]);
        let steps = set.explain(&Actor::visitor(Surface::Page), Action::Post, &target);
        assert_eq!(steps.last(), Some(&Step { rule: "mine".to_owned(), applied: true }));
        assert!(steps.iter().rev().skip(1).all(|step| !step.applied));
    }
}
