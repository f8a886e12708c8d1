//! Where the roles of a community's own stand, for those who have some of them (R02).

use super::Outcome;
use crate::{
    domain::{
        Action, Actor, CommunityId, CustomRoleId,
        custom_role::{MemberRole, Permission, RoleBadge, RoleBit, RoleSet},
    },
    policy::{self, Judge, Target},
    store::{
        Conn,
        custom_roles::{self, Stored},
    },
};

/// A community's own roles, the highest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranks(Vec<Stored>);

impl Ranks {
    /// All of a community's.
    pub(super) async fn read(conn: &mut Conn<'_>, community: CommunityId) -> Outcome<Self> {
        Ok(Self(custom_roles::of_community(conn, community).await?))
    }

    /// The same if any of these sets holds one of them; else nothing has to be read.
    pub(super) async fn of(conn: &mut Conn<'_>, community: CommunityId, sets: &[RoleSet]) -> Outcome<Self> {
        if sets.iter().all(|set| set.is_empty()) { Ok(Self::default()) } else { Self::read(conn, community).await }
    }

    pub(super) fn all(&self) -> &[Stored] {
        &self.0
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bits(&self) -> impl Iterator<Item = RoleBit> {
        self.0.iter().map(|stored| stored.bit)
    }

    pub(super) fn find(&self, id: CustomRoleId) -> Option<&Stored> {
        self.0.iter().find(|stored| stored.role.id == id)
    }

    /// A position that there is.
    pub(super) fn within(&self, position: i64) -> i64 {
        position.clamp(1, i64::try_from(self.0.len()).unwrap_or(i64::MAX).max(1))
    }

    /// Where the highest of these stands; 0 when there is none.
    pub(super) fn highest(&self, set: RoleSet) -> i64 {
        self.held(set).next().map_or(0, |stored| stored.role.position)
    }

    /// As they stand beside a name, the highest first.
    pub(super) fn badges(&self, set: RoleSet) -> Vec<RoleBadge> {
        self.held(set).map(|stored| RoleBadge::from(&stored.role)).collect()
    }

    /// Whether any of these is a permission that the actor does not have.
    pub(super) fn exceeds(&self, target: &Target, permissions: &[Permission]) -> bool {
        let given: Vec<Permission> =
            self.held(target.custom_roles).flat_map(|stored| stored.role.permissions.iter().copied()).collect();
        permissions.iter().any(|permission| !policy::has_permission(target.role, &given, *permission))
    }

    /// Each of the roles that somebody has, or that the actor may give them.
    pub(super) fn to_member(
        &self,
        policy: Judge<'_>,
        actor: &Actor,
        target: &Target,
        theirs: RoleSet,
    ) -> Vec<MemberRole> {
        let as_theirs = |stored: &Stored| {
            let held = theirs.contains(stored.bit);
            let exceeds = !held && self.exceeds(target, &stored.role.permissions);
            let may = manages(policy, actor, &Target { exceeds, ..target.clone() }, stored);
            MemberRole { role: stored.role.clone(), held, may }
        };
        self.0.iter().map(as_theirs).filter(|role| role.held || role.may).collect()
    }

    fn held(&self, set: RoleSet) -> impl Iterator<Item = &Stored> {
        self.0.iter().filter(move |stored| set.contains(stored.bit))
    }
}

/// Whether the actor may change this role.
pub(super) fn manages(policy: Judge<'_>, actor: &Actor, target: &Target, role: &Stored) -> bool {
    let target = Target { role_position: Some(role.role.position), ..target.clone() };
    policy.allows(actor, Action::ManageCustomRoles, &target)
}
