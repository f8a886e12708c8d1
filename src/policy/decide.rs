use super::{
    defaults,
    grant::Grant,
    rule::{Effect, Origin, Rule},
    target::Target,
};
use crate::domain::{
    Action, Actor, Time,
    rule::{BuiltInRule, ExplainedStep, Step},
};

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
    own: Vec<Rule>,
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

    /// As [`PolicySet::explain`], at this moment.
    pub fn explain(self, actor: &Actor, action: Action, target: &Target) -> Vec<ExplainedStep> {
        self.set.explain(actor, action, &self.present(target))
    }

    /// The same rules at another moment.
    #[must_use]
    pub const fn then(self, now: Time) -> Self {
        Self { set: self.set, now }
    }

    /// The same rules with `rule` among them, in place of the one it has the id of.
    pub fn with(self, rule: Rule) -> PolicySet {
        let others: Vec<Rule> = self.set.own.iter().filter(|known| known.id != rule.id).cloned().collect();
        PolicySet::new(others.into_iter().chain([rule]).collect())
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
    /// The built-in rules and `own` ones, in the order they are asked.
    pub fn new(own: Vec<Rule>) -> Self {
        let mut rules = defaults::rules();
        rules.extend(own.iter().cloned());
        rules.retain(|rule| rule.active);
        rules.sort_by_key(place);
        let by_action = Action::ALL
            .iter()
            .map(|action| rules.iter().filter(|rule| rule.actions.contains(action)).cloned().collect())
            .collect();
        Self { own, by_action }
    }

    /// The built-in rules in words, in the order they are asked.
    pub fn built_in() -> Vec<BuiltInRule> {
        let mut rules = defaults::rules();
        rules.sort_by_key(place);
        rules.into_iter().map(Rule::in_words).collect()
    }

    /// These rules at the moment `now`.
    pub const fn at(&self, now: Time) -> Judge<'_> {
        Judge { set: self, now }
    }

    /// The first rule that applies decides; none refuses.
    pub fn decide(&self, actor: &Actor, action: Action, target: &Target) -> Decision {
        let Some((rule, step)) = self.first(actor, action, target) else {
            return Decision { allowed: false, rule: None };
        };
        let name = match step {
            Step::Fails => format!("{} (its condition cannot be evaluated)", rule.name),
            _ => rule.name.clone(),
        };
        Decision { allowed: step == Step::Allows, rule: Some(name) }
    }

    /// Whether [`decide`](Self::decide) allows; for lists and buttons, without the words.
    pub fn allows(&self, actor: &Actor, action: Action, target: &Target) -> bool {
        self.first(actor, action, target).is_some_and(|(_, step)| step == Step::Allows)
    }

    /// A grant for `C`, or the decision that refused it. The only way to get one.
    pub fn grant<C>(&self, actor: &Actor, action: Action, target: &Target) -> Result<Grant<C>, Decision> {
        let decision = self.decide(actor, action, target);
        if decision.allowed { Ok(Grant::new(action, decision.rule)) } else { Err(decision) }
    }

    /// Every rule that was asked, in order, up to the one that decided (S07).
    pub fn explain(&self, actor: &Actor, action: Action, target: &Target) -> Vec<ExplainedStep> {
        let mut steps = Vec::new();
        for rule in self.asked(action, target) {
            let step = rule.step(actor, target);
            let why = if step == Step::Passes { rule.condition.lacking(actor, target) } else { String::new() };
            steps.push(ExplainedStep { rule: rule.name.clone(), origin: rule.origin, step, why });
            if step.decides() {
                break;
            }
        }
        steps
    }

    fn first(&self, actor: &Actor, action: Action, target: &Target) -> Option<(&Rule, Step)> {
        let mut asked = self.asked(action, target).map(|rule| (rule, rule.step(actor, target)));
        asked.find(|(_, step)| step.decides())
    }

    fn asked<'s>(&'s self, action: Action, target: &Target) -> impl Iterator<Item = &'s Rule> {
        self.by_action[action as usize].iter().filter(|rule| rule.scope.covers(target))
    }
}

/// When a rule is asked: safety before all others, see [the floor](super).
fn place(rule: &Rule) -> impl Ord + use<> {
    (rule.origin != Origin::Safety, rule.priority, std::cmp::Reverse(rule.scope), rule.effect == Effect::Allow)
}

impl Step {
    /// Whether nothing is asked after it.
    const fn decides(self) -> bool {
        !matches!(self, Self::Passes | Self::OutOfReach)
    }
}

impl Rule {
    /// What becomes of it when it is asked.
    fn step(&self, actor: &Actor, target: &Target) -> Step {
        match self.condition.holds(actor, target) {
            Err(_) => Step::Fails,
            Ok(false) => Step::Passes,
            Ok(true) if self.effect == Effect::Deny => Step::Refuses,
            Ok(true) if self.reaches(target) => Step::Allows,
            Ok(true) => Step::OutOfReach,
        }
    }

    fn in_words(self) -> BuiltInRule {
        BuiltInRule {
            when: self.condition.in_words(),
            name: self.name,
            effect: self.effect,
            origin: self.origin,
            actions: self.actions,
            priority: self.priority,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ChannelId, CommunityId, Role, RuleId, Surface, Visibility},
        policy::{Condition, Fact, RuleScope},
    };

    fn rule(name: &str, effect: Effect, scope: RuleScope, priority: u16) -> Rule {
        Rule {
            id: Some(RuleId::fresh()),
            origin: Origin::Own,
            name: name.to_owned(),
            effect,
            scope,
            actions: vec![Action::Post],
            condition: Condition::Facts(vec![Fact::Participant]),
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
        let last = steps.last().unwrap();
        assert_eq!((last.rule.as_str(), last.origin, last.step), ("mine", Origin::Own, Step::Allows));
        assert!(steps.iter().rev().skip(1).all(|step| step.step == Step::Passes && !step.why.is_empty()));
    }

    // S05
    #[test]
    fn nothing_that_a_community_writes_outranks_a_ban_a_time_out_or_an_archive() {
        let actor = Actor::visitor(Surface::Page);
        let target = place();
        let here = RuleScope::Channel(target.channel.unwrap());
        let set = PolicySet::new(vec![rule("anything goes", Effect::Allow, here, 1)]);
        assert!(set.allows(&actor, Action::Post, &target), "the premise: it allows");
        let silenced = Target { silenced_until: Some(Time::from_micros(2)), ..target.clone() };
        for refused in [
            Target { banned: true, ..target.clone() },
            Target { now: Time::from_micros(1), ..silenced },
            Target { status: Some(crate::domain::ChannelStatus::Archived), ..target.clone() },
            Target { status: Some(crate::domain::ChannelStatus::Locked), ..target.clone() },
        ] {
            assert!(!set.allows(&actor, Action::Post, &refused), "{refused:?}");
        }
    }

    // S03
    #[test]
    fn what_is_built_in_and_no_safety_is_outranked() {
        let actor = Actor::visitor(Surface::Page);
        let news = Target { kind: Some(crate::domain::ChannelKind::Announcement), ..place() };
        assert!(!PolicySet::default().allows(&actor, Action::Post, &news));
        let scope = RuleScope::Community(news.community.unwrap());
        let set = PolicySet::new(vec![rule("everybody announces", Effect::Allow, scope, 100)]);
        assert!(set.allows(&actor, Action::Post, &news));
    }

    // S08
    #[test]
    fn a_communitys_own_rule_allows_only_those_who_are_in() {
        let actor = Actor::visitor(Surface::Page);
        let target = place();
        let mut open = rule("open to all", Effect::Allow, RuleScope::Channel(target.channel.unwrap()), 1);
        open.condition = Condition::Facts(Vec::new());
        let set = PolicySet::new(vec![open]);
        assert!(set.allows(&actor, Action::Post, &target));
        for outside in [Target { participant: false, ..target.clone() }, Target { role: None, ..target }] {
            let steps = set.explain(&actor, Action::Post, &outside);
            assert!(steps.iter().any(|step| step.step == Step::OutOfReach), "{steps:?}");
            assert!(!set.allows(&actor, Action::Post, &Target { participant: false, ..outside }));
        }
    }

    // S01
    #[test]
    fn a_rule_for_a_role_covers_nobody_else() {
        let target = place();
        let scope = RuleScope::Role(target.community.unwrap(), Role::Member);
        assert!(scope.covers(&target));
        assert!(!scope.covers(&Target { role: Some(Role::Guest), ..target.clone() }));
        assert!(!scope.covers(&Target { community: Some(CommunityId::fresh()), ..target }));
    }
}
