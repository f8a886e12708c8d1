//! People.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{PersonId, PersonSummary, Time, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// The person with a sign-in name.
    BY_HANDLE = Sql::both("SELECT id, handle, name, kind, password_hash, server_owner FROM people WHERE handle = $1");
    /// One person.
    BY_ID = Sql::both("SELECT id, handle, name, kind, password_hash, server_owner FROM people WHERE id = $1");
    /// Whether anybody has signed up yet.
    ANYBODY = Sql::both("SELECT id FROM people WHERE server_owner LIMIT 1");
    /// A new person.
    INSERT = Sql::both("INSERT INTO people (id, handle, name, kind, password_hash, server_owner, seq, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7) ON CONFLICT DO NOTHING");
    /// A placeholder becomes a person who can sign in.
    CLAIM = Sql::both("UPDATE people SET handle = $2, name = $3, kind = 'person', password_hash = $4 \
        WHERE id = $1 AND kind = 'placeholder'");
    /// Another name.
    RENAME = Sql::both("UPDATE people SET name = $2 WHERE id = $1");
    /// The next place in the person's topic.
    ADVANCE = Sql::both("UPDATE people SET seq = seq + 1 WHERE id = $1 RETURNING seq");
    /// The latest place in the person's topic.
    HEAD = Sql::both("SELECT seq FROM people WHERE id = $1");
    /// A person who can sign in, by sign-in name, in a community.
    MEMBER_BY_HANDLE = Sql::both("SELECT p.id, p.handle, p.name, p.kind, p.password_hash, p.server_owner \
        FROM people p JOIN members m ON m.person = p.id WHERE m.community = $1 AND p.handle = $2");
}

/// A person as stored.
#[derive(Clone, Debug)]
pub struct Person {
    /// Which.
    pub id: PersonId,
    /// Sign-in name.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// What stands behind it.
    pub kind: PersonKind,
    /// PHC string; `None` for whoever cannot sign in.
    pub password_hash: Option<String>,
    /// Whether this is the owner of the whole server.
    pub server_owner: bool,
}

row! { Person { id, handle, name, kind, password_hash, server_owner } }

impl Person {
    /// As others see them.
    pub fn summary(self) -> PersonSummary {
        PersonSummary { id: self.id, handle: self.handle, name: self.name, kind: self.kind }
    }
}

/// A person about to be stored.
#[derive(Debug)]
pub struct NewPerson<'a> {
    /// Which.
    pub id: PersonId,
    /// Sign-in name; unique.
    pub handle: &'a str,
    /// Name shown.
    pub name: &'a str,
    /// What stands behind it.
    pub kind: PersonKind,
    /// PHC string.
    pub password_hash: Option<&'a str>,
    /// Whether this is the owner of the whole server.
    pub server_owner: bool,
    /// When.
    pub created_at: Time,
}

/// The person with this sign-in name.
pub async fn by_handle(conn: &mut Conn<'_>, handle: &str) -> Result<Option<Person>, StoreError> {
    conn.maybe(BY_HANDLE, (handle,)).await
}

/// One person.
pub async fn find(conn: &mut Conn<'_>, id: PersonId) -> Result<Option<Person>, StoreError> {
    conn.maybe(BY_ID, (id,)).await
}

/// The member of a community with this sign-in name.
pub async fn member_by_handle(
    conn: &mut Conn<'_>,
    community: crate::domain::CommunityId,
    handle: &str,
) -> Result<Option<Person>, StoreError> {
    conn.maybe(MEMBER_BY_HANDLE, (community, handle)).await
}

/// Whether the server has an owner: whether anybody has signed up.
pub async fn anybody(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    Ok(conn.maybe::<PersonId>(ANYBODY, ()).await?.is_some())
}

/// Stores a person; `false` when the id or the sign-in name is taken.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewPerson<'_>) -> Result<bool, StoreError> {
    let values = (new.id, new.handle, new.name, new.kind, new.password_hash, new.server_owner, new.created_at);
    Ok(conn.run(INSERT, values).await? == 1)
}

/// Makes a placeholder a person who can sign in; `false` when it is none (any more). The sign-in name must be free.
pub async fn claim<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: PersonId,
    handle: &str,
    name: &str,
    password_hash: &str,
) -> Result<bool, StoreError> {
    Ok(conn.run(CLAIM, (id, handle, name, password_hash)).await? == 1)
}

/// Gives a person another name.
pub async fn rename<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: PersonId, name: &str) -> Result<(), StoreError> {
    conn.run(RENAME, (id, name)).await.map(drop)
}

/// Takes the next place in the person's topic.
pub async fn advance<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: PersonId) -> Result<i64, StoreError> {
    conn.one(ADVANCE, (id,)).await
}

/// The latest place in the person's topic.
pub async fn head(conn: &mut Conn<'_>, id: PersonId) -> Result<Option<i64>, StoreError> {
    conn.maybe(HEAD, (id,)).await
}
