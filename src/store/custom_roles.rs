//! Roles of communities' own, and who has them.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        CommunityId, CustomRoleId, PersonId, Time,
        custom_role::{CustomRole, Permission, RoleBit, RoleColour, RoleSet},
    },
    policy::{Grant, Rule, of_role},
    row, sql,
};

sql! {
    /// A community's, the highest first.
    OF_COMMUNITY = Sql::both("SELECT id, community, bit, name, colour, permissions, position FROM custom_roles \
        WHERE community = $1 ORDER BY position DESC, id");
    /// All of them.
    ALL_ROLES = Sql::both("SELECT id, community, bit, name, colour, permissions, position FROM custom_roles ORDER BY id");
    /// Whose a role is.
    WHOSE = Sql::both("SELECT community FROM custom_roles WHERE id = $1");
    /// How many have each of a community's.
    HOLDERS = Sql::both("SELECT r.id, count(m.person) FROM custom_roles r LEFT JOIN members m ON m.community = r.community \
        AND m.custom_roles <> 0 AND (m.custom_roles & r.bit) <> 0 WHERE r.community = $1 GROUP BY r.id");
    /// A new one, below all others.
    INSERT = Sql::both("INSERT INTO custom_roles (id, community, bit, name, folded, colour, permissions, position, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) ON CONFLICT DO NOTHING");
    /// Another name or colour, or other permissions.
    UPDATE = Sql::both("UPDATE custom_roles SET name = $2, folded = $3, colour = $4, permissions = $5 WHERE id = $1");
    /// Whether another of a community's is called so.
    NAMESAKE = Sql::both("SELECT id FROM custom_roles WHERE community = $1 AND folded = $2 AND id <> $3");
    /// Another place.
    PLACE = Sql::both("UPDATE custom_roles SET position = $2 WHERE id = $1");
    /// One place up or down for all of a community's between two places.
    SHIFT = Sql::both("UPDATE custom_roles SET position = position + $4 WHERE community = $1 AND position BETWEEN $2 AND $3");
    /// Gone.
    DELETE = Sql::both("DELETE FROM custom_roles WHERE id = $1");
    /// Nobody of a community has it any more.
    CLEAR = Sql::both("UPDATE members SET custom_roles = custom_roles & ~$2 \
        WHERE community = $1 AND custom_roles <> 0 AND (custom_roles & $2) <> 0");
    /// Somebody has it.
    GIVE = Sql::both("UPDATE members SET custom_roles = custom_roles | $3 \
        WHERE community = $1 AND person = $2 AND (custom_roles & $3) = 0");
    /// Somebody has it no more.
    TAKE = Sql::both("UPDATE members SET custom_roles = custom_roles & ~$3 \
        WHERE community = $1 AND person = $2 AND (custom_roles & $3) <> 0");
    /// What some of a community's members have.
    HELD = crate::listed!("SELECT person, custom_roles FROM members WHERE community = $2 AND custom_roles <> 0 AND person", uuid "$1", "");
}

struct Row {
    id: CustomRoleId,
    community: CommunityId,
    bit: RoleBit,
    name: String,
    colour: RoleColour,
    permissions: Json,
    position: i64,
}

row! { Row { id, community, bit, name, colour, permissions, position } }

/// A role as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// As it is told.
    pub role: CustomRole,
    /// Its place in the sets of those who have it.
    pub bit: RoleBit,
    community: CommunityId,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row { id, community, bit, name, colour, permissions, position } = row;
        let permissions: Vec<Permission> = serde_json::from_value(permissions)
            .map_err(|cause| StoreError::other(format!("the role {id} cannot be read: {cause}")))?;
        Ok(Self { role: CustomRole { id, name, colour, permissions, position }, bit, community })
    }
}

/// A role about to be stored, or what is to be in its place.
#[derive(Debug)]
pub struct NewRole<'a> {
    /// Which.
    pub id: CustomRoleId,
    /// What it is called.
    pub name: &'a str,
    /// The same whatever the case of its letters; unique in its community.
    pub folded: &'a str,
    /// Its colour.
    pub colour: RoleColour,
    /// What it allows.
    pub permissions: &'a [Permission],
}

/// A community's, the highest first.
pub async fn of_community(conn: &mut Conn<'_>, community: CommunityId) -> Result<Vec<Stored>, StoreError> {
    let rows: Vec<Row> = conn.all(OF_COMMUNITY, (community,)).await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// What all of them allow, as rules.
pub async fn rules(conn: &mut Conn<'_>) -> Result<Vec<Rule>, StoreError> {
    let rows: Vec<Row> = conn.all(ALL_ROLES, ()).await?;
    let mut rules = Vec::new();
    for row in rows {
        let Stored { role, bit, community } = row.try_into()?;
        rules.extend(of_role(community, bit, &role.name, &role.permissions));
    }
    Ok(rules)
}

/// Whose the role with this id is, if there is one.
pub async fn whose(conn: &mut Conn<'_>, id: CustomRoleId) -> Result<Option<CommunityId>, StoreError> {
    conn.maybe(WHOSE, (id,)).await
}

/// How many members have each of a community's.
pub async fn holders(conn: &mut Conn<'_>, community: CommunityId) -> Result<HashMap<CustomRoleId, i64>, StoreError> {
    let rows: Vec<(CustomRoleId, i64)> = conn.all(HOLDERS, (community,)).await?;
    Ok(rows.into_iter().collect())
}

/// What each of `people` has, as far as they are members and have any.
pub async fn held(
    conn: &mut Conn<'_>,
    community: CommunityId,
    people: Vec<PersonId>,
) -> Result<HashMap<PersonId, RoleSet>, StoreError> {
    let rows: Vec<(PersonId, RoleSet)> = conn.all(HELD, (people, community)).await?;
    Ok(rows.into_iter().collect())
}

/// Whether another role than `id` is called so.
pub async fn is_named(
    conn: &mut Conn<'_>,
    community: CommunityId,
    folded: &str,
    id: CustomRoleId,
) -> Result<bool, StoreError> {
    Ok(conn.maybe::<CustomRoleId>(NAMESAKE, (community, folded, id)).await?.is_some())
}

/// Stores a role below all others, which move up.
pub async fn insert<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    bit: RoleBit,
    new: &NewRole<'_>,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(SHIFT, (community, 1_i64, i64::MAX, 1_i64)).await?;
    let values = (new.id, community, bit, new.name, new.folded, new.colour, json!(new.permissions), now);
    conn.run(INSERT, values).await.map(drop)
}

/// Has a role be called or coloured otherwise, or allow something else.
pub async fn update<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewRole<'_>) -> Result<(), StoreError> {
    conn.run(UPDATE, (new.id, new.name, new.folded, new.colour, json!(new.permissions))).await.map(drop)
}

/// Puts a role at another place; those between move by one.
pub async fn place<C>(conn: &mut Conn<'_>, _: &Grant<C>, role: &Stored, position: i64) -> Result<(), StoreError> {
    let (community, before) = (role.community, role.role.position);
    if position > before {
        conn.run(SHIFT, (community, before + 1, position, -1_i64)).await?;
    } else {
        conn.run(SHIFT, (community, position, before - 1, 1_i64)).await?;
    }
    conn.run(PLACE, (role.role.id, position)).await.map(drop)
}

/// Removes a role, and takes it from everybody: its bit is nobody's, and may become another's.
pub async fn delete<C>(conn: &mut Conn<'_>, _: &Grant<C>, role: &Stored) -> Result<(), StoreError> {
    conn.run(CLEAR, (role.community, role.bit)).await?;
    conn.run(DELETE, (role.role.id,)).await?;
    conn.run(SHIFT, (role.community, role.role.position, i64::MAX, -1_i64)).await.map(drop)
}

/// Gives a member a role; `false` when they have it, or are no member.
pub async fn give<C>(conn: &mut Conn<'_>, _: &Grant<C>, role: &Stored, person: PersonId) -> Result<bool, StoreError> {
    Ok(conn.run(GIVE, (role.community, person, role.bit)).await? == 1)
}

/// Takes a role from a member; `false` when they do not have it.
pub async fn take<C>(conn: &mut Conn<'_>, _: &Grant<C>, role: &Stored, person: PersonId) -> Result<bool, StoreError> {
    Ok(conn.run(TAKE, (role.community, person, role.bit)).await? == 1)
}
