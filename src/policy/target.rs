use crate::domain::{ChannelId, ChannelKind, ChannelStatus, CommunityId, Role, Time, Visibility, custom_role::RoleSet};

/// The facts about what an action aims at, as the actor stands to it. Rules read nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact that a rule can name")]
pub struct Target {
    /// The community it happens in.
    pub community: Option<CommunityId>,
    /// Whether anybody signed in may find that community.
    pub public_community: bool,
    /// What the actor is there; `None` when not a member.
    pub role: Option<Role>,
    /// The channel it happens in.
    pub channel: Option<ChannelId>,
    /// Who can see that channel.
    pub visibility: Option<Visibility>,
    /// What that channel is for.
    pub kind: Option<ChannelKind>,
    /// Whether that channel takes messages.
    pub status: Option<ChannelStatus>,
    /// Whether the actor takes part in that channel.
    pub participant: bool,
    /// Whether nobody takes part in that channel, though only who does can see it.
    pub vacant: bool,
    /// Whether the actor wrote the message it is about.
    pub author: bool,
    /// Whether it is about the actor's own account.
    pub own: bool,
    /// What the person it is about is in that community; `None` when it is about nobody, or no member.
    pub person_role: Option<Role>,
    /// The role that is to be given.
    pub given: Option<Role>,
    /// The roles of its own that the community gave the actor.
    pub custom_roles: RoleSet,
    /// Where the highest of these stands among the community's own; 0 without any.
    pub standing: i64,
    /// The same of the person it is about.
    pub person_standing: i64,
    /// Where the role of the community's own that it is about stands.
    pub role_position: Option<i64>,
    /// Whether it would give what the actor may not do themselves.
    pub exceeds: bool,
    /// Whether the actor holds a link by which people join that community.
    pub invited: bool,
    /// Whether the actor is banned from that community.
    pub banned: bool,
    /// Until when the actor only reads in that community; may be over.
    pub silenced_until: Option<Time>,
    /// When it is; set by whoever decides, see [`Judge`](super::Judge).
    pub now: Time,
}

/// What a command's or query's scope must tell the policy.
pub trait Scoped {
    /// The facts the decision rests on.
    fn target(&self) -> &Target;
}

impl Scoped for Target {
    fn target(&self) -> &Target {
        self
    }
}

impl<T: Scoped> Scoped for Box<T> {
    fn target(&self) -> &Target {
        (**self).target()
    }
}
