use serde::{Deserialize, Serialize};

use super::target::Target;
use crate::domain::{Action, Actor, ChannelId, ChannelKind, ChannelStatus, CommunityId, Identity, Role, Visibility};

/// What a rule says when it applies (S01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The action may go on.
    Allow,
    /// The action is refused.
    Deny,
}

/// What a rule covers; declared from wide to narrow, and at equal priority the narrow one is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleScope {
    /// Everything on this server.
    Everything,
    /// One community and all that is in it.
    Community(CommunityId),
    /// One channel.
    Channel(ChannelId),
}

impl RuleScope {
    /// Whether `target` lies within.
    pub fn covers(self, target: &Target) -> bool {
        match self {
            Self::Everything => true,
            Self::Community(id) => target.community == Some(id),
            Self::Channel(id) => target.channel == Some(id),
        }
    }
}

/// One thing that is true or not of an actor and a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Somebody is signed in.
    SignedIn,
    /// The actor owns the whole server.
    ServerOwner,
    /// The actor is the server itself.
    System,
    /// The actor is a member of the community.
    Member,
    /// The actor is at least this in the community.
    AtLeast(Role),
    /// The actor is less than this in the community, or not in it.
    Below(Role),
    /// The community can be found by anybody.
    PublicCommunity,
    /// The channel is public.
    PublicChannel,
    /// The channel is of this kind.
    Kind(ChannelKind),
    /// The channel is in this state.
    Status(ChannelStatus),
    /// The actor takes part in the channel.
    Participant,
    /// The actor wrote the message.
    Author,
    /// It is the actor's own account.
    Own,
    /// The person it is about is as high in the community as the actor, or higher: nobody outranks themselves.
    Outranked,
    /// The role that is to be given is as high as the actor's, or higher.
    GivesOwnRole,
    /// The actor holds a link by which people join the community.
    Invited,
    /// The actor is banned from the community.
    Banned,
    /// The actor only reads in the community until a time that has not come yet.
    TimedOut,
}

impl Fact {
    /// Whether it holds.
    pub fn holds(self, actor: &Actor, target: &Target) -> bool {
        match self {
            Self::SignedIn => actor.id().is_some(),
            Self::ServerOwner => matches!(actor.identity, Identity::Person { server_owner: true, .. }),
            Self::System => actor.identity == Identity::System,
            Self::Member => target.role.is_some(),
            Self::AtLeast(role) => target.role.is_some_and(|mine| mine >= role),
            Self::Below(role) => target.role.is_none_or(|mine| mine < role),
            Self::PublicCommunity => target.public_community,
            Self::PublicChannel => target.visibility == Some(Visibility::Public),
            Self::Kind(kind) => target.kind == Some(kind),
            Self::Status(status) => target.status == Some(status),
            Self::Participant => target.participant,
            Self::Author => target.author,
            Self::Own => target.own,
            Self::Outranked => is_at_most(target.role, target.person_role),
            Self::Invited => target.invited,
            Self::Banned => target.banned,
            Self::TimedOut => target.silenced_until.is_some_and(|until| until > target.now),
            Self::GivesOwnRole => is_at_most(target.role, target.given),
        }
    }
}

/// Whether there is another role, and `mine` is not above it.
fn is_at_most(mine: Option<Role>, other: Option<Role>) -> bool {
    other.is_some_and(|other| mine.is_none_or(|mine| mine <= other))
}

/// When a rule applies: when all of these facts hold. Empty: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Condition(pub Vec<Fact>);

impl Condition {
    /// Whether every fact holds.
    pub fn holds(&self, actor: &Actor, target: &Target) -> bool {
        self.0.iter().all(|fact| fact.holds(actor, target))
    }
}

/// One rule (S01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
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
