//! What built-in rules can ask.

use super::target::Target;
use crate::domain::{Actor, ChannelKind, ChannelStatus, Identity, Role, Visibility, custom_role::RoleBit};

/// One thing that is true or not of an actor and a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The channel is a conversation of fixed people.
    Conversation,
    /// The channel is in this state.
    Status(ChannelStatus),
    /// The actor takes part in the channel.
    Participant,
    /// Nobody takes part in the channel, though only who does can see it.
    Vacant,
    /// The actor wrote the message.
    Author,
    /// The actor did not write the message.
    SomebodyElses,
    /// It is the actor's own account.
    Own,
    /// The person it is about is as high in the community as the actor, or higher: nobody outranks themselves.
    Outranked,
    /// The role that is to be given is as high as the actor's, or higher.
    GivesOwnRole,
    /// The community gave the actor this role of its own.
    CustomRole(RoleBit),
    /// The role of the community's own that it is about stands as high as the actor's highest, or higher.
    RoleTooHigh,
    /// It would give what the actor may not do themselves.
    Exceeds,
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
            Self::Conversation => target.kind.is_some_and(ChannelKind::is_conversation),
            Self::Status(status) => target.status == Some(status),
            Self::Participant => target.participant,
            Self::Vacant => target.vacant,
            Self::Author => target.author,
            Self::SomebodyElses => !target.author,
            Self::Own => target.own,
            Self::Outranked => is_outranked(target),
            Self::CustomRole(bit) => target.custom_roles.contains(bit),
            Self::RoleTooHigh => target.role_position.is_some_and(|position| position >= target.standing),
            Self::Exceeds => target.exceeds,
            Self::Invited => target.invited,
            Self::Banned => target.banned,
            Self::TimedOut => target.silenced_until.is_some_and(|until| until > target.now),
            Self::GivesOwnRole => is_at_most(target.role, target.given),
        }
    }

    /// The fact in words, as what has to be so.
    pub fn words(self) -> String {
        let words = match self {
            Self::SignedIn => "is signed in",
            Self::ServerOwner => "owns this server",
            Self::System => "is the server itself",
            Self::Member => "is a member of the community",
            Self::AtLeast(role) => return format!("is {role} or above"),
            Self::Below(role) => return format!("is below {role}"),
            Self::PublicCommunity => "the community is public",
            Self::PublicChannel => "the channel is public",
            Self::Kind(kind) => return format!("the channel is for {kind}"),
            Self::Conversation => "it is a direct conversation",
            Self::Status(status) => return format!("the channel is {status}"),
            Self::Participant => "takes part in the channel",
            Self::Vacant => "the channel is private and nobody is in it any more",
            Self::Author => "wrote the message",
            Self::SomebodyElses => "did not write the message",
            Self::Own => "it is their own account",
            Self::Outranked => "the person it is about is as high or higher",
            Self::GivesOwnRole => "the role to be given is as high as their own or higher",
            Self::CustomRole(_) => "has the role",
            Self::RoleTooHigh => "the role is as high as their highest or higher",
            Self::Exceeds => "it is about a permission they do not have",
            Self::Invited => "holds an invitation",
            Self::Banned => "is banned",
            Self::TimedOut => "is in a time-out",
        };
        words.to_owned()
    }
}

/// Whether the person it is about is as high as the actor, or higher. Between two of the same built-in role, below those
/// who keep order by it, the community's own roles decide.
fn is_outranked(target: &Target) -> bool {
    if target.role.is_some_and(|mine| mine < Role::Moderator) && target.role == target.person_role {
        return target.standing <= target.person_standing;
    }
    is_at_most(target.role, target.person_role)
}

/// Whether there is another role, and `mine` is not above it.
fn is_at_most(mine: Option<Role>, other: Option<Role>) -> bool {
    other.is_some_and(|other| mine.is_none_or(|mine| mine <= other))
}
