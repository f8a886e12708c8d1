//! Communities and their members.

use super::{Conn, Sql, StoreError, departures};
use crate::{
    domain::{
        CommunityId, CommunitySummary, PersonId, PersonSummary, Presence, Role, Time,
        custom_role::RoleSet,
        person::{MemberSummary, PersonKind},
    },
    policy::{Grant, Target},
    row, sql,
};

/// The columns of a [`Standing`] without time-out and ban: the community `k` and the membership `m`.
macro_rules! select_standing {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.slug, k.name, k.description, k.public, k.members, k.owner, k.seq, m.role, ",
            "coalesce(m.custom_roles, 0) AS custom_roles, ",
            $rest
        )
    };
}

sql! {
    /// A community as one person stands to it.
    STANDING = Sql::both(select_standing!("(SELECT t.until FROM time_outs t WHERE t.community = k.id AND t.person = $2) AS silenced_until, \
        EXISTS (SELECT 1 FROM bans b WHERE b.community = k.id AND b.person = $2) AS banned \
        FROM communities k LEFT JOIN members m ON m.community = k.id AND m.person = $2 WHERE k.id = $1"));
    /// The same by address.
    STANDING_BY_SLUG = Sql::both(select_standing!("(SELECT t.until FROM time_outs t WHERE t.community = k.id AND t.person = $2) AS silenced_until, \
        EXISTS (SELECT 1 FROM bans b WHERE b.community = k.id AND b.person = $2) AS banned \
        FROM communities k LEFT JOIN members m ON m.community = k.id AND m.person = $2 WHERE k.slug = $1"));
    /// Those a person is a member of.
    MINE = Sql::both(select_standing!("(SELECT t.until FROM time_outs t WHERE t.community = k.id AND t.person = $1) AS silenced_until, FALSE AS banned \
        FROM members m JOIN communities k ON k.id = m.community WHERE m.person = $1 ORDER BY k.name, k.id"));
    /// Public ones a person is not a member of, and not banned from.
    OTHERS = Sql::both(select_standing!("NULL AS silenced_until, FALSE AS banned \
        FROM communities k LEFT JOIN members m ON m.community = k.id AND m.person = $1 \
        WHERE k.public AND m.person IS NULL \
        AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.community = k.id AND b.person = $1) ORDER BY k.members DESC, k.id LIMIT 50"));
    /// How many a person owns.
    OWNED = Sql::both("SELECT count(*) FROM communities WHERE owner = $1");
    /// A new community.
    INSERT = Sql::both("INSERT INTO communities (id, slug, name, description, public, owner, members, seq, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7) ON CONFLICT DO NOTHING");
    /// The next place in the community's topic.
    ADVANCE = Sql::both("UPDATE communities SET seq = seq + 1 WHERE id = $1 RETURNING seq");
    /// A new member.
    ADD_MEMBER = Sql::both("INSERT INTO members (community, person, role, joined_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING");
    /// No longer a member.
    REMOVE_MEMBER = Sql::both("DELETE FROM members WHERE community = $1 AND person = $2");
    /// One more or fewer.
    COUNT_MEMBERS = Sql::both("UPDATE communities SET members = members + $2 WHERE id = $1 RETURNING members");
    /// One member.
    MEMBER = Sql::both("SELECT p.id, p.handle, p.name, p.kind, m.role, m.joined_at FROM members m \
        JOIN people p ON p.id = m.person WHERE m.community = $1 AND m.person = $2");
    /// A page of members, the highest role first.
    MEMBERS = Sql::both("SELECT p.id, p.handle, p.name, p.kind, m.role, m.joined_at FROM members m \
        JOIN people p ON p.id = m.person WHERE m.community = $1 AND (p.handle LIKE $2 OR lower(p.name) LIKE $2) \
        ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'moderator' THEN 2 WHEN 'member' THEN 3 \
        WHEN 'bot' THEN 4 ELSE 5 END, lower(p.name), p.id LIMIT $3 OFFSET $4");
    /// Members out of a list of people.
    MEMBERS_OF = crate::listed!("SELECT person FROM members WHERE community = $2 AND person", uuid "$1", "");
}

/// A community as one person stands to it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Which.
    pub id: CommunityId,
    /// Address.
    pub slug: String,
    /// Name shown.
    pub name: String,
    /// A line about it.
    pub description: String,
    /// Whether anybody signed in may find it.
    pub public: bool,
    /// How many members.
    pub members: i64,
    /// Who owns it.
    pub owner: PersonId,
    /// The latest event of its topic.
    pub seq: i64,
    /// What the person is in it.
    pub role: Option<Role>,
    /// The roles of its own that it gave them.
    pub custom_roles: RoleSet,
    /// Until when the person only reads there; may be over.
    pub silenced_until: Option<Time>,
    /// Whether the person is banned from it.
    pub banned: bool,
}

row! { Standing { id, slug, name, description, public, members, owner, seq, role, custom_roles, silenced_until, banned } }

impl Standing {
    /// As lists show it.
    pub fn summary(&self) -> CommunitySummary {
        CommunitySummary {
            id: self.id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            public: self.public,
            members: self.members,
            role: self.role,
        }
    }

    /// The facts for the policy.
    pub fn target(&self) -> Target {
        Target {
            community: Some(self.id),
            public_community: self.public,
            role: self.role,
            custom_roles: self.custom_roles,
            silenced_until: self.silenced_until,
            banned: self.banned,
            ..Target::default()
        }
    }
}

struct Member {
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
    role: Role,
    joined_at: Time,
}

row! { Member { id, handle, name, kind, role, joined_at } }

impl From<Member> for MemberSummary {
    fn from(member: Member) -> Self {
        Self {
            person: PersonSummary { id: member.id, handle: member.handle, name: member.name, kind: member.kind },
            role: member.role,
            joined_at: member.joined_at,
            presence: Presence::Offline,
        }
    }
}

/// A community about to be stored.
#[derive(Debug)]
pub struct NewCommunity<'a> {
    /// Which.
    pub id: CommunityId,
    /// Address; unique.
    pub slug: &'a str,
    /// Name shown.
    pub name: &'a str,
    /// A line about it.
    pub description: &'a str,
    /// Whether anybody signed in may find it.
    pub public: bool,
    /// Who owns it.
    pub owner: PersonId,
    /// When.
    pub created_at: Time,
}

/// A community as `person` stands to it.
pub async fn standing(conn: &mut Conn<'_>, id: CommunityId, person: PersonId) -> Result<Option<Standing>, StoreError> {
    conn.maybe(STANDING, (id, person)).await
}

/// The same by address.
pub async fn standing_by_slug(
    conn: &mut Conn<'_>,
    slug: &str,
    person: PersonId,
) -> Result<Option<Standing>, StoreError> {
    conn.maybe(STANDING_BY_SLUG, (slug, person)).await
}

/// Those `person` is a member of.
pub async fn of_member(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Standing>, StoreError> {
    conn.all(MINE, (person,)).await
}

/// Public ones `person` is not a member of and not banned from, the largest first, at most 50.
pub async fn to_discover(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Standing>, StoreError> {
    conn.all(OTHERS, (person,)).await
}

/// How many communities `person` owns.
pub async fn owned(conn: &mut Conn<'_>, person: PersonId) -> Result<i64, StoreError> {
    conn.one(OWNED, (person,)).await
}

/// Stores a community without members; `false` when the id or the address is taken.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewCommunity<'_>) -> Result<bool, StoreError> {
    let values = (new.id, new.slug, new.name, new.description, new.public, new.owner, new.created_at);
    Ok(conn.run(INSERT, values).await? == 1)
}

/// Takes the next place in the community's topic.
pub async fn advance<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: CommunityId) -> Result<i64, StoreError> {
    conn.one(ADVANCE, (id,)).await
}

/// Makes `person` a member; `false` when they were one already. The count is moved by [`count_members`].
pub async fn add_member<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: CommunityId,
    person: PersonId,
    role: Role,
    now: Time,
) -> Result<bool, StoreError> {
    Ok(conn.run(ADD_MEMBER, (id, person, role, now)).await? == 1)
}

/// Ends a membership, and remembers that there was one; `false` when there was none.
pub async fn remove_member<C>(
    conn: &mut Conn<'_>,
    grant: &Grant<C>,
    id: CommunityId,
    person: PersonId,
) -> Result<bool, StoreError> {
    let removed = conn.run(REMOVE_MEMBER, (id, person)).await? == 1;
    if removed {
        departures::note_member(conn, grant, id, person).await?;
    }
    Ok(removed)
}

/// Moves the number of members by `change`; answers how many there are now.
pub async fn count_members<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: CommunityId,
    change: i64,
) -> Result<i64, StoreError> {
    conn.one(COUNT_MEMBERS, (id, change)).await
}

/// One member.
pub async fn member(
    conn: &mut Conn<'_>,
    id: CommunityId,
    person: PersonId,
) -> Result<Option<MemberSummary>, StoreError> {
    Ok(conn.maybe::<Member>(MEMBER, (id, person)).await?.map(MemberSummary::from))
}

/// Members whose name or sign-in name begins so, the highest role first.
pub async fn members(
    conn: &mut Conn<'_>,
    id: CommunityId,
    begins: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<MemberSummary>, StoreError> {
    let pattern: String =
        begins.to_lowercase().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).chain(['%']).collect();
    let rows = conn.all::<Member>(MEMBERS, (id, pattern.as_str(), limit, offset)).await?;
    Ok(rows.into_iter().map(MemberSummary::from).collect())
}

/// Which of `people` are members.
pub async fn members_among(
    conn: &mut Conn<'_>,
    id: CommunityId,
    people: Vec<PersonId>,
) -> Result<Vec<PersonId>, StoreError> {
    conn.all(MEMBERS_OF, (people, id)).await
}
