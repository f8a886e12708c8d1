//! Communities (R01).

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work, channel, conversation, flag, held, member, participants,
    ranks::{self, Ranks},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelKind, ChannelSummary, CommunityId, CommunitySummary, Error, Event, PersonId,
        PersonSummary, Result, Role, Topic, Visibility,
        command::{CreateCommunity, JoinCommunity, LeaveCommunity},
        community::{COMMUNITIES_OWNED, CommunityRights},
        member::Departure,
        person::MemberSummary,
        query::{
            CommunityView, Directory, ListCommunities, ListMembers, MemberPage, OpenCommunity, community::MEMBERS_PAGE,
        },
        text::{Line, Name, Slug},
    },
    policy::{Judge, Scoped, Target},
    store::{
        Conn, Shard, bans, channels,
        communities::{self, NewCommunity, Standing},
        custom_roles, drafts, members, notifications, people,
    },
};

/// A community as the actor stands to it.
pub struct CommunityScope {
    pub(super) standing: Standing,
    target: Target,
}

impl Scoped for CommunityScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl CommunityScope {
    pub(super) async fn load(conn: &mut Conn<'_>, actor: &Actor, id: CommunityId) -> Outcome<Self> {
        Self::of(communities::standing(conn, id, viewer(actor)).await?)
    }

    pub(super) async fn by_slug(conn: &mut Conn<'_>, actor: &Actor, slug: &str) -> Outcome<Self> {
        Self::of(communities::standing_by_slug(conn, slug, viewer(actor)).await?)
    }

    fn of(standing: Option<Standing>) -> Outcome<Self> {
        let standing = standing.ok_or(Error::NotFound)?;
        Ok(Self { target: standing.target(), standing })
    }
}

/// A community's texts, checked.
#[derive(Clone)]
pub struct Founding {
    name: Name,
    slug: Slug,
    description: Line,
}

impl Command for CreateCommunity {
    type Prepared = Founding;
    type Scope = Target;
    type Output = CommunitySummary;
    const ACTION: Action = Action::CreateCommunity;

    fn shard(&self) -> Shard {
        Shard::of(self.id.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Founding> {
        let name = Name::parse("name", &self.name)?;
        let slug = if self.slug.trim().is_empty() {
            Slug::from_name(name.as_str())
                .ok_or_else(|| Error::invalid("slug", "cannot be made from this name; choose an address"))?
        } else {
            Slug::parse("slug", &self.slug)?
        };
        Ok(Founding { name, slug, description: Line::parse("description", &self.description)? })
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, new: Founding) -> Outcome<CommunitySummary> {
        let owner = work.person()?.clone();
        work.about("community", self.id);
        if let Some(known) = communities::standing(work.conn, self.id, owner.id).await? {
            // The same form sent twice: the first answer again.
            return if known.owner == owner.id { Ok(known.summary()) } else { Err(Error::NotFound.into()) };
        }
        if communities::owned(work.conn, owner.id).await? >= COMMUNITIES_OWNED {
            return Err(Error::conflict(format!("You own {COMMUNITIES_OWNED} communities; that is the limit.")).into());
        }
        let community = NewCommunity {
            id: self.id,
            slug: new.slug.as_str(),
            name: new.name.as_str(),
            description: new.description.as_str(),
            public: self.public,
            owner: owner.id,
            created_at: work.now,
        };
        if !communities::insert(work.conn, work.grant, &community).await? {
            return Err(Error::invalid("slug", "is taken; choose another address").into());
        }
        let mut founded = Vec::new();
        for (name, kind) in [("general", ChannelKind::Text), ("announcements", ChannelKind::Announcement)] {
            let id = ChannelId::fresh();
            channel::found(work, self.id, id, name, kind).await?;
            founded.push(id);
        }
        work.note(json!({ "slug": new.slug.as_str(), "public": self.public, "channels": founded }));
        admit(work, self.id, &owner, Role::Owner, founded).await
    }
}

/// Makes `person` a member and a participant of `channels`, and tells whoever should hear of it.
pub(super) async fn admit<C>(
    work: &mut Work<'_, '_, C>,
    id: CommunityId,
    person: &PersonSummary,
    role: Role,
    founded: Vec<ChannelId>,
) -> Outcome<CommunitySummary> {
    members::hold(work.conn, work.grant, id).await?;
    if bans::banned(work.conn, id, person.id).await? {
        return Err(Error::NotFound.into());
    }
    let new = communities::add_member(work.conn, work.grant, id, person.id, role, work.now).await?;
    if new {
        let members = communities::count_members(work.conn, work.grant, id, 1).await?;
        let member = communities::member(work.conn, id, person.id).await?.ok_or(Error::NotFound)?;
        work.emit(Topic::Community(id), Event::MemberJoined { member, members }).await?;
        let standing = communities::standing(work.conn, id, person.id).await?.ok_or(Error::NotFound)?;
        work.tell(person.id, Event::CommunityJoined { community: Box::new(standing.summary()) }).await?;
        for channel in founded {
            channel::admit(work, channel, person).await?;
        }
        // A tab that had it open before may do more there now, or is in a time-out still.
        member::tell_standing(work, id, person.id).await?;
    }
    let standing = communities::standing(work.conn, id, person.id).await?.ok_or(Error::NotFound)?;
    Ok(standing.summary())
}

impl Command for JoinCommunity {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = CommunitySummary;
    const ACTION: Action = Action::JoinCommunity;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<CommunitySummary> {
        work.about("community", self.community);
        let person = work.person()?.clone();
        let founding = channels::founding(work.conn, self.community).await?;
        admit(work, self.community, &person, Role::Member, founding).await
    }
}

impl Command for LeaveCommunity {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::LeaveCommunity;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: CommunityScope, (): ()) -> Outcome<()> {
        work.about("community", self.community);
        let person = work.person()?.id;
        if scope.standing.owner == person {
            return Err(Error::conflict("You own this community. Hand it over before you leave.").into());
        }
        depart(work, self.community, person, Departure::Left, "").await
    }
}

/// Ends a membership and all participations that go with it, if there is one, and tells whoever should hear of it.
pub(super) async fn depart<C>(
    work: &mut Work<'_, '_, C>,
    id: CommunityId,
    person: PersonId,
    departure: Departure,
    reason: &str,
) -> Outcome<()> {
    // First: nobody can take part any more, and what they took part in until now is found.
    let gone = communities::remove_member(work.conn, work.grant, id, person).await?;
    // Before they hear of each channel, so that what shows one does not ask for it again. Who had left before has heard
    // of it; who is banned from outside hears why what they look at ends.
    if gone || departure == Departure::Banned {
        work.tell(person, Event::CommunityLeft { community: id, departure, reason: reason.to_owned() }).await?;
    }
    if gone {
        for channel in channels::taken_part(work.conn, id, person).await? {
            channel::dismiss(work, id, channel, person).await?;
        }
        // And what waits where they had left before.
        held::clear(work, id, person).await?;
        let members = communities::count_members(work.conn, work.grant, id, -1).await?;
        work.emit(Topic::Community(id), Event::MemberLeft { person, members }).await?;
    }
    Ok(())
}

impl Query for ListCommunities {
    type Scope = Target;
    type Output = Directory;

    fn action(&self) -> Action {
        Action::ListCommunities
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Directory> {
        let person = viewer(asking.actor);
        let summaries = |rows: Vec<Standing>| rows.iter().map(Standing::summary).collect();
        Ok(Directory {
            mine: summaries(communities::of_member(asking.conn, person).await?),
            others: summaries(communities::to_discover(asking.conn, person).await?),
            cursor: people::head(asking.conn, person).await?.unwrap_or_default(),
            notifications: notifications::unread(asking.conn, person).await?,
        })
    }
}

impl Query for OpenCommunity {
    type Scope = CommunityScope;
    type Output = CommunityView;

    fn action(&self) -> Action {
        Action::ReadCommunity
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        let slug = self.slug.to_ascii_lowercase();
        CommunityScope::by_slug(asking.conn, asking.actor, &slug).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: CommunityScope) -> Outcome<CommunityView> {
        let flagged = flag::open(asking, &scope).await?;
        let rows = channels::visible(asking.conn, scope.standing.id, viewer(asking.actor)).await?;
        let mut channels: Vec<ChannelSummary> = rows.iter().map(channels::Standing::summary).collect();
        conversation::named(asking.conn, viewer(asking.actor), &mut channels).await?;
        Ok(CommunityView {
            community: scope.standing.summary(),
            channels,
            cursor: scope.standing.seq,
            may: rights(asking.policy, asking.actor, &scope.target),
            silenced_until: scope.standing.silenced_until.filter(|until| *until > asking.now),
            flagged,
            drafted: drafts::drafted(asking.conn, viewer(asking.actor), scope.standing.id).await?.into_iter().collect(),
        })
    }
}

impl Query for ListMembers {
    type Scope = CommunityScope;
    type Output = MemberPage;

    fn action(&self) -> Action {
        Action::ReadCommunity
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: CommunityScope) -> Outcome<MemberPage> {
        let offset = self.offset.max(0);
        let mut members =
            communities::members(asking.conn, self.community, &self.begins, MEMBERS_PAGE + 1, offset).await?;
        let more = participants::cut(&mut members, MEMBERS_PAGE);
        let people = members.iter().map(|member| member.person.id).collect();
        let held = custom_roles::held(asking.conn, self.community, people).await?;
        let ranks = Ranks::read(asking.conn, self.community).await?;
        let standing = ranks.highest(scope.standing.custom_roles);
        let may_manage_roles = asking.policy.allows(asking.actor, Action::ManageCustomRoles, &scope.target);
        let actors = Target { standing, ..scope.target.clone() };
        let may_give = ranks.all().iter().any(|role| ranks::manages(asking.policy, asking.actor, &actors, role));
        let is_manageable = |member: &&MemberSummary| {
            let theirs = held.get(&member.person.id).copied().unwrap_or_default();
            let (person_role, person_standing) = (Some(member.role), ranks.highest(theirs));
            let target = Target { person_role, person_standing, ..actors.clone() };
            may_give || member::rights(asking.policy, asking.actor, &target).any()
        };
        let manageable = members.iter().filter(is_manageable);
        let badges =
            members.iter().filter_map(|member| Some((member.person.id, ranks.badges(*held.get(&member.person.id)?))));
        Ok(MemberPage {
            manageable: manageable.map(|member| member.person.id).collect(),
            badges: badges.collect(),
            may_manage_roles,
            more,
            members,
            may_invite: asking.policy.allows(asking.actor, Action::InvitePerson, &scope.target),
        })
    }
}

/// What `actor` may do in a community.
pub(super) fn rights(policy: Judge<'_>, actor: &Actor, target: &Target) -> CommunityRights {
    let may = |action| policy.allows(actor, action, target);
    CommunityRights {
        create_channel: may(Action::CreateChannel),
        manage_webhooks: may(Action::ManageWebhooks),
        moderate: may(Action::BanMember),
        invite: may(Action::ManageInviteLinks),
        manage_moderation: may(Action::ManageModeration),
        manage_rules: may(Action::ManageRules),
        explain_rules: may(Action::ExplainRules),
    }
}

/// Which visibility a form's "private" means.
pub(super) const fn visibility(private: bool) -> Visibility {
    if private { Visibility::Private } else { Visibility::Public }
}
