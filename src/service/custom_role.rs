//! Roles of a community's own: made, changed, ordered and given (R02).

use serde_json::{Value as Json, json};

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    community::CommunityScope,
    member::tell_standing,
    ranks::{self, Ranks},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, CommunityId, CustomRoleId, Error, Event, PersonId, Result, Topic,
        command::{CreateCustomRole, DeleteCustomRole, EditCustomRole, GiveCustomRole, MoveCustomRole, TakeCustomRole},
        custom_role::{CUSTOM_ROLES, CustomRoles, ManagedRole, Permission, RoleBit, RoleColour},
        person::PersonKind,
        query::ListCustomRoles,
        text::RoleName,
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, communities,
        custom_roles::{self, NewRole, Stored},
        members,
    },
};

/// The roles of a community's own as the actor stands to them, and the one it is about.
pub struct RoleScope {
    community: CommunityId,
    ranks: Ranks,
    role: Option<Stored>,
    target: Target,
}

impl Scoped for RoleScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl RoleScope {
    async fn load(
        conn: &mut Conn<'_>,
        actor: &Actor,
        community: CommunityId,
        role: Option<CustomRoleId>,
    ) -> Outcome<Self> {
        let standing = communities::standing(conn, community, viewer(actor)).await?.ok_or(Error::NotFound)?;
        let ranks = Ranks::read(conn, community).await?;
        let role = role.and_then(|id| ranks.find(id)).cloned();
        let target = Target {
            standing: ranks.highest(standing.custom_roles),
            role_position: role.as_ref().map(|stored| stored.role.position),
            ..standing.target()
        };
        Ok(Self { community, ranks, role, target })
    }

    /// What is to be given is no more than the actor has.
    fn giving(mut self, permissions: &[Permission]) -> Self {
        let before = self.role.as_ref().map_or(&[][..], |stored| &stored.role.permissions);
        let new: Vec<Permission> = permissions.iter().copied().filter(|new| !before.contains(new)).collect();
        self.target.exceeds = self.ranks.exceeds(&self.target, &new);
        self
    }

    /// The role it is about.
    fn role(&self) -> Outcome<&Stored> {
        Ok(self.role.as_ref().ok_or(Error::NotFound)?)
    }
}

/// The scope of `command` when nobody else can change who is what or what roles allow, decided on once more.
async fn held<C>(work: &mut Work<'_, '_, C>, command: &C, community: CommunityId) -> Outcome<RoleScope>
where
    C: Command<Scope = RoleScope>,
{
    members::hold(work.conn, work.grant, community).await?;
    let now = command.scope(work.actor, work.conn).await?;
    if !work.policy.allows(work.actor, C::ACTION, now.target()) {
        return Err(Error::conflict("Somebody changed a role meanwhile. Look again.").into());
    }
    Ok(now)
}

async fn tell<C>(work: &mut Work<'_, '_, C>, community: CommunityId, person: Option<PersonId>) -> Outcome<()> {
    work.emit(Topic::Community(community), Event::RolesChanged { community, person }).await.map(drop)
}

/// A role as it was written, checked.
#[derive(Clone)]
pub struct Draft {
    name: RoleName,
    folded: String,
    colour: RoleColour,
    permissions: Vec<Permission>,
}

impl Draft {
    fn parse(name: &str, colour: RoleColour, permissions: &[Permission]) -> Result<Self> {
        let name = RoleName::parse("name", name)?;
        // Upper case first: ß is SS there, and both forms of the Greek sigma are one.
        let folded = name.as_str().to_uppercase().to_lowercase();
        let mut permissions = permissions.to_vec();
        permissions.sort_unstable();
        permissions.dedup();
        Ok(Self { name, folded, colour, permissions })
    }

    fn of(&self, id: CustomRoleId) -> NewRole<'_> {
        let (name, folded) = (self.name.as_str(), self.folded.as_str());
        NewRole { id, name, folded, colour: self.colour, permissions: &self.permissions }
    }

    fn is(&self, stored: &Stored) -> bool {
        let role = &stored.role;
        (role.name.as_str(), role.colour, &role.permissions) == (self.name.as_str(), self.colour, &self.permissions)
    }

    /// What the audit log keeps of it: its name can be anybody's words.
    fn noted<C>(&self, work: &Work<'_, '_, C>) -> Json {
        let name = work.fingerprint(self.name.as_str());
        json!({ "name": name, "colour": self.colour, "permissions": self.permissions })
    }

    async fn is_free<C>(&self, work: &mut Work<'_, '_, C>, community: CommunityId, id: CustomRoleId) -> Outcome<()> {
        if custom_roles::is_named(work.conn, community, &self.folded, id).await? {
            return Err(Error::invalid("name", "is the name of another role; choose another").into());
        }
        Ok(())
    }
}

impl Command for CreateCustomRole {
    type Prepared = Draft;
    type Scope = RoleScope;
    type Output = ();
    const ACTION: Action = Action::ManageCustomRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Draft> {
        Draft::parse(&self.name, self.colour, &self.permissions)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<RoleScope> {
        Ok(RoleScope::load(conn, actor, self.community, None).await?.giving(&self.permissions))
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: RoleScope, draft: Draft) -> Outcome<()> {
        work.about("custom_role", self.id);
        work.note(json!({ "community": self.community, "after": draft.noted(work) }));
        let RoleScope { community, ranks, .. } = held(work, &self, self.community).await?;
        if let Some(owner) = custom_roles::whose(work.conn, self.id).await? {
            // The same form sent twice, or else an id that is not free.
            let known = ranks.find(self.id).filter(|_| owner == community).ok_or(Error::NotFound)?;
            let other = "This role was made before, with other words. Open it to change it.";
            return if draft.is(known) { Ok(()) } else { Err(Error::conflict(other).into()) };
        }
        let free = RoleBit::first_free(ranks.bits()).filter(|_| ranks.len() < CUSTOM_ROLES);
        let full = || Error::conflict(format!("There are {CUSTOM_ROLES} roles; that is the limit."));
        let bit = free.ok_or_else(full)?;
        draft.is_free(work, community, self.id).await?;
        custom_roles::insert(work.conn, work.grant, community, bit, &draft.of(self.id), work.now).await?;
        tell(work, community, None).await
    }
}

impl Command for EditCustomRole {
    type Prepared = Draft;
    type Scope = RoleScope;
    type Output = ();
    const ACTION: Action = Action::ManageCustomRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Draft> {
        Draft::parse(&self.name, self.colour, &self.permissions)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<RoleScope> {
        let scope = RoleScope::load(conn, actor, self.community, Some(self.custom_role)).await?;
        Ok(scope.giving(&self.permissions))
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: RoleScope, draft: Draft) -> Outcome<()> {
        work.about("custom_role", self.custom_role);
        let scope = held(work, &self, self.community).await?;
        let before = scope.role()?;
        let now = json!({ "before": before.role.permissions, "after": draft.noted(work) });
        work.note(json!({ "community": self.community, "role": now }));
        if draft.is(before) {
            return Ok(());
        }
        draft.is_free(work, self.community, self.custom_role).await?;
        custom_roles::update(work.conn, work.grant, &draft.of(self.custom_role)).await?;
        tell(work, self.community, None).await
    }
}

impl Command for MoveCustomRole {
    type Prepared = ();
    type Scope = RoleScope;
    type Output = ();
    const ACTION: Action = Action::ManageCustomRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if self.position >= 1 { Ok(()) } else { Err(Error::invalid("position", "must be at least 1")) }
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<RoleScope> {
        let mut scope = RoleScope::load(conn, actor, self.community, Some(self.custom_role)).await?;
        let to = scope.ranks.within(self.position);
        // Neither from nor to where it would stand as high as their own.
        scope.target.role_position = scope.target.role_position.map(|from| from.max(to));
        Ok(scope)
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: RoleScope, (): ()) -> Outcome<()> {
        work.about("custom_role", self.custom_role);
        let scope = held(work, &self, self.community).await?;
        let (role, to) = (scope.role()?, scope.ranks.within(self.position));
        work.note(json!({ "community": self.community, "before": role.role.position, "after": to }));
        if role.role.position == to {
            return Ok(());
        }
        custom_roles::place(work.conn, work.grant, role, to).await?;
        tell(work, self.community, None).await
    }
}

impl Command for DeleteCustomRole {
    type Prepared = ();
    type Scope = RoleScope;
    type Output = ();
    const ACTION: Action = Action::ManageCustomRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<RoleScope> {
        RoleScope::load(conn, actor, self.community, Some(self.custom_role)).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: RoleScope, (): ()) -> Outcome<()> {
        work.about("custom_role", self.custom_role);
        work.note(json!({ "community": self.community }));
        let Some(role) = held(work, &self, self.community).await?.role else { return Ok(()) };
        work.note(json!({ "community": self.community, "before": role.role.permissions }));
        custom_roles::delete(work.conn, work.grant, &role).await?;
        tell(work, self.community, None).await
    }
}

/// Whoever may be given a role of the community's own: its members. The server itself is nobody's to manage.
async fn is_member(conn: &mut Conn<'_>, community: CommunityId, person: PersonId) -> Outcome<()> {
    let member = members::standing(conn, community, person).await?;
    let member = member.filter(|member| member.role.is_some() && member.kind != PersonKind::System);
    Ok(member.map(drop).ok_or(Error::NotFound)?)
}

impl Command for GiveCustomRole {
    type Prepared = ();
    type Scope = RoleScope;
    type Output = ();
    const ACTION: Action = Action::ManageCustomRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<RoleScope> {
        let mut scope = RoleScope::load(conn, actor, self.community, Some(self.custom_role)).await?;
        let permissions = scope.role.as_ref().map_or(&[][..], |stored| &stored.role.permissions);
        scope.target.exceeds = scope.ranks.exceeds(&scope.target, permissions);
        Ok(scope)
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: RoleScope, (): ()) -> Outcome<()> {
        work.about("custom_role", self.custom_role);
        work.note(json!({ "community": self.community, "person": self.person, "given": true }));
        let scope = held(work, &self, self.community).await?;
        is_member(work.conn, self.community, self.person).await?;
        if !custom_roles::give(work.conn, work.grant, scope.role()?, self.person).await? {
            return Ok(());
        }
        tell(work, self.community, Some(self.person)).await?;
        tell_standing(work, self.community, self.person).await
    }
}

impl Command for TakeCustomRole {
    type Prepared = ();
    type Scope = RoleScope;
    type Output = ();
    const ACTION: Action = Action::ManageCustomRoles;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<RoleScope> {
        RoleScope::load(conn, actor, self.community, Some(self.custom_role)).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: RoleScope, (): ()) -> Outcome<()> {
        work.about("custom_role", self.custom_role);
        work.note(json!({ "community": self.community, "person": self.person, "given": false }));
        let scope = held(work, &self, self.community).await?;
        is_member(work.conn, self.community, self.person).await?;
        if !custom_roles::take(work.conn, work.grant, scope.role()?, self.person).await? {
            return Ok(());
        }
        tell(work, self.community, Some(self.person)).await?;
        tell_standing(work, self.community, self.person).await
    }
}

impl Query for ListCustomRoles {
    type Scope = CommunityScope;
    type Output = CustomRoles;

    fn action(&self) -> Action {
        Action::ManageCustomRoles
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: CommunityScope) -> Outcome<CustomRoles> {
        let ranks = Ranks::read(asking.conn, self.community).await?;
        let holders = custom_roles::holders(asking.conn, self.community).await?;
        let target = Target { standing: ranks.highest(scope.standing.custom_roles), ..scope.target().clone() };
        let managed = |stored: &Stored| ManagedRole {
            holders: holders.get(&stored.role.id).copied().unwrap_or_default(),
            mine: ranks::manages(asking.policy, asking.actor, &target, stored),
            role: stored.role.clone(),
        };
        Ok(CustomRoles {
            roles: ranks.all().iter().map(managed).collect(),
            permissions: Permission::ALL.iter().copied().filter(|one| !ranks.exceeds(&target, &[*one])).collect(),
        })
    }
}
