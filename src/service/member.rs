//! What members are, and who may say so (R02).

use serde_json::json;

use super::{Asking, Command, Outcome, Query, Tools, Work, channel, community, ranks::Ranks, viewer};
use crate::{
    domain::{
        Action, Actor, CommunityId, Error, Event, Identity, PersonId, Result, Role, Topic,
        command::{ChangeRole, HandOver},
        community::COMMUNITIES_OWNED,
        member::{MemberRights, MemberView, ROLES_GIVEN},
        person::PersonKind,
        query::ReadMember,
    },
    policy::{Judge, Scoped, Target},
    store::{
        Conn, Shard, bans, channels,
        communities::{self, Standing},
        flags,
        members::{self, Member},
    },
};

/// A member as the actor stands to them.
pub struct MemberScope {
    pub(super) standing: Standing,
    pub(super) member: Member,
    target: Target,
}

impl Scoped for MemberScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl MemberScope {
    pub(super) async fn load(
        conn: &mut Conn<'_>,
        actor: &Actor,
        community: CommunityId,
        person: PersonId,
    ) -> Outcome<Self> {
        let standing = communities::standing(conn, community, viewer(actor)).await?.ok_or(Error::NotFound)?;
        // The server itself is nobody's to manage.
        let member = members::standing(conn, community, person).await?.filter(|who| who.kind != PersonKind::System);
        let member = member.ok_or(Error::NotFound)?;
        let ranks = Ranks::of(conn, community, &[standing.custom_roles, member.custom_roles]).await?;
        let target = Target {
            person_role: member.role,
            standing: ranks.highest(standing.custom_roles),
            person_standing: ranks.highest(member.custom_roles),
            ..standing.target()
        };
        Ok(Self { standing, member, target })
    }

    /// Has nobody else change who is what until the transaction ends, and decides once more on what they are by then:
    /// what the grant was given for may have changed since.
    pub(super) async fn hold<C>(&mut self, work: &mut Work<'_, '_, C>) -> Outcome<()> {
        let (community, person) = (self.standing.id, self.member.id);
        members::hold(work.conn, work.grant, community).await?;
        let now = Self::load(work.conn, work.actor, community, person).await?;
        let target = Target { given: self.target.given, ..now.target };
        if !work.policy.allows(work.actor, work.grant.action(), &target) {
            return Err(Error::conflict("Somebody changed a role meanwhile. Look again.").into());
        }
        *self = Self { target, ..now };
        Ok(())
    }

    /// The role they have; who is no member has none.
    pub(super) fn role(&self) -> Outcome<Role> {
        Ok(self.member.role.ok_or(Error::NotFound)?)
    }
}

/// What `actor` may do about the person that `target` is about, who is `theirs` in a community.
pub(super) fn rights(policy: Judge<'_>, actor: &Actor, target: &Target) -> MemberRights {
    let theirs = target.person_role;
    let may = |action| policy.allows(actor, action, target);
    let member = theirs.is_some();
    let gives = |role: &Role| {
        let given = Target { given: Some(*role), ..target.clone() };
        member && theirs != Some(Role::Bot) && policy.allows(actor, Action::ManageRoles, &given)
    };
    MemberRights {
        roles: ROLES_GIVEN.into_iter().filter(gives).collect(),
        hand_over: member && may(Action::HandOver),
        kick: member && may(Action::KickMember),
        ban: may(Action::BanMember),
        time_out: member && may(Action::TimeOutMember),
        clear: may(Action::ClearMessages),
    }
}

/// Tells somebody what they are in a community now, and what they may do there.
pub(super) async fn tell_standing<C>(work: &mut Work<'_, '_, C>, id: CommunityId, person: PersonId) -> Outcome<()> {
    let standing = communities::standing(work.conn, id, person).await?.ok_or(Error::NotFound)?;
    let member = members::standing(work.conn, id, person).await?.ok_or(Error::NotFound)?;
    let identity = Identity::Person { person: member.summary(), session: None, server_owner: member.server_owner };
    let reader = Actor::with(identity, work.actor.surface);
    let may = community::rights(work.policy, &reader, &standing.target());
    let silenced_until = standing.silenced_until.filter(|until| *until > work.now);
    let judges = work.policy.allows(&reader, Action::JudgeMessage, &standing.target());
    let flagged = if judges { Some(flags::open(work.conn, id).await?) } else { None };
    let community = Box::new(standing.summary());
    work.tell(person, Event::StandingChanged { community, may, silenced_until, flagged }).await
}

/// Gives a role, and tells everybody.
async fn give<C>(work: &mut Work<'_, '_, C>, id: CommunityId, person: PersonId, role: Role) -> Outcome<()> {
    members::set_role(work.conn, work.grant, id, person, role).await?;
    work.emit(Topic::Community(id), Event::MemberRoleChanged { person, role }).await?;
    tell_standing(work, id, person).await
}

impl Command for ChangeRole {
    type Prepared = ();
    type Scope = MemberScope;
    type Output = ();
    const ACTION: Action = Action::ManageRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if !ROLES_GIVEN.contains(&self.role) {
            return Err(Error::invalid("role", "must be guest, member, moderator or admin"));
        }
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        let mut scope = MemberScope::load(conn, actor, self.community, self.person).await?;
        scope.target.given = Some(self.role);
        Ok(scope)
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: MemberScope, (): ()) -> Outcome<()> {
        work.about("person", self.person);
        scope.hold(work).await?;
        let before = scope.role()?;
        work.note(json!({ "community": self.community, "before": before, "after": self.role }));
        if before == Role::Bot {
            return Err(Error::conflict(format!("{} is a bot, and stays one.", scope.member.name)).into());
        }
        if before == self.role {
            return Ok(());
        }
        give(work, self.community, self.person, self.role).await
    }
}

impl Command for HandOver {
    type Prepared = ();
    type Scope = MemberScope;
    type Output = ();
    const ACTION: Action = Action::HandOver;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        MemberScope::load(conn, actor, self.community, self.person).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: MemberScope, (): ()) -> Outcome<()> {
        work.about("community", self.community);
        scope.hold(work).await?;
        let (before, me, name) = (scope.role()?, work.person()?.id, &scope.member.name);
        work.note(json!({ "person": self.person, "before": before }));
        if scope.member.kind != PersonKind::Person {
            return Err(Error::conflict(format!("{name} cannot sign in, and so cannot own a community.")).into());
        }
        if communities::owned(work.conn, self.person).await? >= COMMUNITIES_OWNED {
            let full = format!("{name} owns {COMMUNITIES_OWNED} communities; that is the limit.");
            return Err(Error::conflict(full).into());
        }
        members::set_owner(work.conn, work.grant, self.community, self.person).await?;
        for channel in channels::vacant(work.conn, self.community).await? {
            work.tell(me, Event::ChannelLeft { channel, community: self.community }).await?;
            channel::leave_to(work, channel, self.person).await?;
        }
        give(work, self.community, me, Role::Admin).await?;
        give(work, self.community, self.person, Role::Owner).await
    }
}

impl Query for ReadMember {
    type Scope = MemberScope;
    type Output = MemberView;

    fn action(&self) -> Action {
        Action::ReadCommunity
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<MemberScope> {
        MemberScope::load(asking.conn, asking.actor, self.community, self.person).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: MemberScope) -> Outcome<MemberView> {
        let MemberScope { member, target, .. } = scope;
        let mut may = rights(asking.policy, asking.actor, &target);
        may.hand_over &= member.kind == PersonKind::Person;
        if member.role.is_none() && !may.ban {
            return Err(Error::NotFound.into());
        }
        let ranks = Ranks::read(asking.conn, self.community).await?;
        let target = Target { standing: ranks.highest(target.custom_roles), ..target };
        let custom_roles = match member.role {
            Some(_) => ranks.to_member(asking.policy, asking.actor, &target, member.custom_roles),
            None => Vec::new(),
        };
        let ban = if may.ban { bans::find(asking.conn, self.community, self.person).await? } else { None };
        Ok(MemberView {
            person: member.summary(),
            role: member.role,
            joined_at: member.joined_at,
            silenced_until: member.silenced_until.filter(|until| may.time_out && *until > asking.now),
            ban,
            may,
            custom_roles,
        })
    }
}
