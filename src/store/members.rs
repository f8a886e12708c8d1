//! What somebody is in a community, and how it changes.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, CommunityId, PersonId, PersonSummary, Role, Time, custom_role::RoleSet, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// A person as they stand to a community.
    STANDING = Sql::both("SELECT p.id, p.handle, p.name, p.kind, p.server_owner, m.role, \
        coalesce(m.custom_roles, 0) AS custom_roles, m.joined_at, \
        (SELECT t.until FROM time_outs t WHERE t.community = $1 AND t.person = $2) AS silenced_until FROM people p \
        LEFT JOIN members m ON m.person = p.id AND m.community = $1 WHERE p.id = $2");
    /// Nobody else changes the members of a community until the transaction ends.
    HOLD = Sql::split(
        "locking: SQLite's writer is alone already",
        "SELECT id FROM communities WHERE id = $1",
        "SELECT id FROM communities WHERE id = $1 FOR NO KEY UPDATE",
    );
    /// Whether somebody is a member where a channel is; they cannot cease to be one until the transaction ends.
    STAY = Sql::split(
        "locking: SQLite's writer is alone already",
        "SELECT m.person FROM channels c JOIN members m ON m.community = c.community AND m.person = $2 WHERE c.id = $1",
        "SELECT m.person FROM channels c JOIN members m ON m.community = c.community AND m.person = $2 WHERE c.id = $1 \
            FOR KEY SHARE OF m",
    );
    /// Another role.
    SET_ROLE = Sql::both("UPDATE members SET role = $3 WHERE community = $1 AND person = $2");
    /// A time-out, in place of the one before.
    SILENCE = Sql::both("INSERT INTO time_outs (community, person, until) VALUES ($1, $2, $3) \
        ON CONFLICT (community, person) DO UPDATE SET until = excluded.until");
    /// No time-out.
    UNSILENCE = Sql::both("DELETE FROM time_outs WHERE community = $1 AND person = $2");
    /// Another owner.
    SET_OWNER = Sql::both("UPDATE communities SET owner = $2 WHERE id = $1");
}

/// A person as they stand to a community.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// Sign-in name.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// What stands behind it.
    pub kind: PersonKind,
    /// Whether this is the owner of the whole server.
    pub server_owner: bool,
    /// What they are; `None` when they are no member.
    pub role: Option<Role>,
    /// The roles of its own that the community gave them.
    pub custom_roles: RoleSet,
    /// When they joined, if they are a member.
    pub joined_at: Option<Time>,
    /// Until when they only read there; may be over.
    pub silenced_until: Option<Time>,
}

row! { Member { id, handle, name, kind, server_owner, role, custom_roles, joined_at, silenced_until } }

impl Member {
    /// As others see them.
    pub fn summary(&self) -> PersonSummary {
        PersonSummary { id: self.id, handle: self.handle.clone(), name: self.name.clone(), kind: self.kind }
    }
}

/// How `person` stands to a community; `None` when there is no such person.
pub async fn standing(
    conn: &mut Conn<'_>,
    community: CommunityId,
    person: PersonId,
) -> Result<Option<Member>, StoreError> {
    conn.maybe(STANDING, (community, person)).await
}

/// Keeps everybody else from changing who is what in a community until the transaction ends.
pub async fn hold<C>(conn: &mut Conn<'_>, _: &Grant<C>, community: CommunityId) -> Result<(), StoreError> {
    conn.maybe::<CommunityId>(HOLD, (community,)).await.map(drop)
}

/// Whether `person` is a member of the channel's community, and stays one until the transaction ends.
pub async fn stays<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    channel: ChannelId,
    person: PersonId,
) -> Result<bool, StoreError> {
    Ok(conn.maybe::<PersonId>(STAY, (channel, person)).await?.is_some())
}

/// Gives a member another role.
pub async fn set_role<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    person: PersonId,
    role: Role,
) -> Result<(), StoreError> {
    conn.run(SET_ROLE, (community, person, role)).await.map(drop)
}

/// Gives a community another owner; their roles are set by [`set_role`].
pub async fn set_owner<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    owner: PersonId,
) -> Result<(), StoreError> {
    conn.run(SET_OWNER, (community, owner)).await.map(drop)
}

/// Has somebody only read in a community until then; `None`: no longer.
pub async fn silence<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    person: PersonId,
    until: Option<Time>,
) -> Result<(), StoreError> {
    match until {
        Some(until) => conn.run(SILENCE, (community, person, until)).await.map(drop),
        None => conn.run(UNSILENCE, (community, person)).await.map(drop),
    }
}
