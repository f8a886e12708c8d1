//! What a rule is.

#[cfg(feature = "engine")]
use super::expression::Expression;
use super::{Fact, Target};
pub use crate::domain::rule::{Effect, Origin, RuleScope};
use crate::domain::{Action, Actor, RuleId};

impl RuleScope {
    /// Whether `target` lies within.
    pub fn covers(self, target: &Target) -> bool {
        match self {
            Self::Everything => true,
            Self::Community(id) => target.community == Some(id),
            Self::Role(id, role) => target.community == Some(id) && target.role == Some(role),
            Self::Channel(id) => target.channel == Some(id),
        }
    }
}

/// A condition that could not be evaluated, and why. Who asked is refused: a denial that cannot be evaluated must not open
/// a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered(pub String);

/// When a rule applies.
#[derive(Clone, Debug)]
pub enum Condition {
    /// When all of these facts hold; none: always. Of the built-in rules.
    Facts(Vec<Fact>),
    /// When this is true. Of a community's own rules, on the server.
    #[cfg(feature = "engine")]
    Expression(Expression),
}

impl Condition {
    /// Whether it applies.
    pub fn holds(&self, actor: &Actor, target: &Target) -> Result<bool, Unanswered> {
        match self {
            Self::Facts(facts) => Ok(facts.iter().all(|fact| fact.holds(actor, target))),
            #[cfg(feature = "engine")]
            Self::Expression(expression) => expression.holds(actor, target),
        }
    }

    /// What has to be so, in words.
    pub(super) fn in_words(&self) -> Vec<String> {
        match self {
            Self::Facts(facts) => facts.iter().map(|fact| fact.words()).collect(),
            #[cfg(feature = "engine")]
            Self::Expression(expression) => vec![expression.source().to_owned()],
        }
    }

    /// What is not so, of a condition that does not hold.
    pub fn lacking(&self, actor: &Actor, target: &Target) -> String {
        match self {
            Self::Facts(facts) => {
                let lacking = facts.iter().filter(|fact| !fact.holds(actor, target));
                lacking.map(|fact| fact.words()).collect::<Vec<_>>().join("; ")
            }
            #[cfg(feature = "engine")]
            Self::Expression(expression) => expression.source().to_owned(),
        }
    }
}

/// One rule (S01).
#[derive(Clone, Debug)]
pub struct Rule {
    /// Which, if it is a community's own.
    pub id: Option<RuleId>,
    /// Where it comes from.
    pub origin: Origin,
    /// A sentence that a refused person can read; unique within its scope.
    pub name: String,
    /// What it says.
    pub effect: Effect,
    /// What it covers.
    pub scope: RuleScope,
    /// The actions it speaks of.
    pub actions: Vec<Action>,
    /// When it applies.
    pub condition: Condition,
    /// 1–1000; the lower is asked first. 100 unless there is a reason.
    pub priority: u16,
    /// Whether it is asked at all.
    pub active: bool,
}

impl Rule {
    /// Whether what it allows reaches this actor: a community's own rule allows only those who are in already. Members
    /// for what concerns the community, participants for what happens in a channel; so no rule lets anybody touch what
    /// they cannot see (S08).
    pub(super) fn reaches(&self, target: &Target) -> bool {
        let within = target.role.is_some() && (target.channel.is_none() || target.participant);
        self.effect == Effect::Deny || self.origin != Origin::Own || within
    }
}
