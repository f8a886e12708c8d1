//! Rules as data: who may do what in a community beyond the built-in rules (S01, S02, S07).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    Action, ChannelId, CommunityId, Error, PersonSummary, Role, RuleId, Time, named::named, query::audit::AuditCursor,
};

/// The priorities a rule can have; the lower is asked first.
pub const PRIORITIES: RangeInclusive<i64> = 1..=1_000;
/// The priority of a rule of which nobody says anything else.
pub const PRIORITY: i64 = 100;
/// The most rules for one scope: a community, a role in it, a channel.
pub const RULES_PER_SCOPE: usize = 100;
/// The most characters of a condition: what it costs is bounded by its length.
pub const CONDITION_CHARS: usize = 500;
/// How far back a rule is tried, in days.
pub const TRIED_DAYS: i64 = 30;
/// The most examples that one trial shows.
pub const EXAMPLES: usize = 20;

/// What a community's own rules can speak of. Not reading: lists are read by the database, which knows no rules of a
/// community's own. Not joining, leaving and handing over either: who belongs to a community is not a matter of rules.
pub const RULED: [Action; 22] = [
    Action::Post,
    Action::RunCommand,
    Action::EditMessage,
    Action::DeleteMessage,
    Action::React,
    Action::PinMessage,
    Action::FlagMessage,
    Action::CreateChannel,
    Action::JoinChannel,
    Action::AddToChannel,
    Action::RemoveFromChannel,
    Action::SetTopic,
    Action::ManageChannel,
    Action::DeleteChannel,
    Action::ManageInviteLinks,
    Action::KickMember,
    Action::BanMember,
    Action::TimeOutMember,
    Action::ClearMessages,
    Action::ManageWebhooks,
    Action::ManageRules,
    Action::ExplainRules,
];

/// What a community's own rules can only deny: allowed to more people, the first would put words into others' mouths, the
/// second show what one may not read, the third send it elsewhere.
pub const ONLY_DENIED: [Action; 3] = [Action::EditMessage, Action::JoinChannel, Action::ManageWebhooks];

/// What can be explained beside what is [`RULED`].
pub const ALSO_EXPLAINED: [Action; 4] =
    [Action::ReadChannel, Action::LeaveChannel, Action::ReadHistory, Action::JudgeMessage];

named! {
    /// What a rule says when it applies.
    Effect {
        /// The action may go on.
        Allow = "allow",
        /// The action is refused.
        Deny = "deny",
    }
}

/// What a rule covers; declared from wide to narrow, and at equal priority the narrow one is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleScope {
    /// Everything on this server; only of built-in rules.
    Everything,
    /// One community and all that is in it.
    Community(CommunityId),
    /// Those who have this role in a community.
    Role(CommunityId, Role),
    /// One channel.
    Channel(ChannelId),
}

/// A rule as it is written: fields as they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDraft {
    /// A sentence that a refused person can read, 1–100 characters; unique within the scope.
    pub name: String,
    /// What it says.
    pub effect: Effect,
    /// What it covers: the community, a role in it or a channel of it.
    pub scope: RuleScope,
    /// The actions it speaks of, out of [`RULED`].
    pub actions: Vec<Action>,
    /// When it applies, in CEL over `actor`, `channel`, `community`, `message` and `now`; empty: always.
    #[serde(default)]
    pub condition: String,
    /// Within [`PRIORITIES`].
    pub priority: i64,
    /// Whether it is asked at all.
    pub active: bool,
}

/// A community's own rule, as those who manage rules see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRule {
    /// Which.
    pub id: RuleId,
    /// What it says.
    #[serde(flatten)]
    pub draft: RuleDraft,
}

named! {
    /// Where a rule comes from, and with it when it is asked.
    Origin {
        /// Built in, and asked before all others: nothing outranks it.
        Safety = "safety",
        /// Built in; the community's own rules can outrank it.
        BuiltIn = "built_in",
        /// The community's own.
        Own = "own",
        /// What a role of the community's own allows.
        Role = "role",
    }
}

/// A built-in rule in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltInRule {
    /// Its name.
    pub name: String,
    /// What it says.
    pub effect: Effect,
    /// Whether nothing outranks it.
    pub origin: Origin,
    /// The actions it speaks of.
    pub actions: Vec<Action>,
    /// When it applies: all of these are so; empty: always.
    pub when: Vec<String>,
    /// Its priority.
    pub priority: u16,
}

/// The rules of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Its own, in the order they are asked; without those of channels one cannot see.
    pub own: Vec<OwnRule>,
    /// Those that every community has, in the order they are asked.
    pub built_in: Vec<BuiltInRule>,
}

named! {
    /// What became of a rule that was asked.
    Step {
        /// It applies and allows.
        Allows = "allows",
        /// It applies and refuses.
        Refuses = "refuses",
        /// It does not apply.
        Passes = "passes",
        /// It allows, but not to whoever is no member, or takes no part in the channel.
        OutOfReach = "out_of_reach",
        /// Its condition cannot be evaluated, which refuses.
        Fails = "fails",
    }
}

/// One rule that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedStep {
    /// Its name.
    pub rule: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What became of it.
    pub step: Step,
    /// Why it does not apply: what is not so.
    pub why: String,
}

/// Why somebody may or may not do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Who.
    pub person: PersonSummary,
    /// What they are in the community.
    pub role: Option<Role>,
    /// What.
    pub action: Action,
    /// The name of the channel, if it is about one.
    pub channel: Option<String>,
    /// Whether they may.
    pub allowed: bool,
    /// The rule that decided; `None` when none applied, which refuses.
    pub rule: Option<String>,
    /// The rules that were asked, in order, up to the one that decided.
    pub steps: Vec<ExplainedStep>,
}

/// Something that a rule would have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Who.
    pub person: PersonSummary,
    /// What.
    pub action: Action,
    /// The name of the channel, if it was in one.
    pub channel: Option<String>,
    /// When.
    pub at: Time,
    /// Whether it was allowed; with the rule it would be the other way round.
    pub was_allowed: bool,
}

/// What a rule would have changed of what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// How many things were judged.
    pub judged: i64,
    /// Of these, how many were allowed and would be refused.
    pub refused: i64,
    /// How many were refused and would be allowed.
    pub allowed: i64,
    /// How many could not be judged: whom or what they were about is gone or has changed since, so that today's facts do
    /// not lead to what was decided then.
    pub unknown: i64,
    /// The latest of what would change, at most [`EXAMPLES`].
    pub examples: Vec<Example>,
    /// Where to go on, when there is more to be looked at.
    pub next: Option<AuditCursor>,
}

impl std::fmt::Display for RuleScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everything => f.write_str("everything"),
            Self::Community(id) => write!(f, "community:{id}"),
            Self::Role(id, role) => write!(f, "role:{id}:{role}"),
            Self::Channel(id) => write!(f, "channel:{id}"),
        }
    }
}

/// As it stands in a form: the reverse of the text it is shown as.
impl std::str::FromStr for RuleScope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::invalid("scope", "must be the community, a role or a channel");
        let id = |text: &str| uuid::Uuid::parse_str(text).map_err(|_| unknown());
        let mut parts = text.split(':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("community"), Some(community), None) => Ok(Self::Community(id(community)?.into())),
            (Some("channel"), Some(channel), None) => Ok(Self::Channel(id(channel)?.into())),
            (Some("role"), Some(community), Some(role)) => {
                Ok(Self::Role(id(community)?.into(), role.parse().map_err(|_| unknown())?))
            }
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // S01
    #[test]
    fn a_scope_reads_as_it_is_written() {
        let community = CommunityId::fresh();
        let scopes = [
            RuleScope::Community(community),
            RuleScope::Role(community, Role::Guest),
            RuleScope::Channel(ChannelId::fresh()),
        ];
        for scope in scopes {
            assert_eq!(scope.to_string().parse::<RuleScope>(), Ok(scope));
        }
        for wrong in ["", "everything", "role:x:guest", "community:", "channel:x"] {
            assert!(wrong.parse::<RuleScope>().unwrap_err().of_field("scope").is_some(), "{wrong}");
        }
    }

    // S01
    #[test]
    fn reading_is_not_a_matter_of_a_communitys_own_rules() {
        let reads = [Action::ReadChannel, Action::ReadCommunity, Action::ReadHistory, Action::JudgeMessage];
        assert!(reads.iter().all(|action| !RULED.contains(action)), "lists would not follow");
        assert!(ONLY_DENIED.iter().all(|action| RULED.contains(action)));
    }
}
