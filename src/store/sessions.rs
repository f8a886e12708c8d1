//! Sessions. A token is looked up by its SHA-256, so that a stolen copy of the database opens nothing.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{PersonId, SessionId, Time, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// Who holds a token.
    HOLDER = Sql::both("SELECT s.id AS session, s.seen_at, s.expires_at, p.id, p.handle, p.name, p.kind, p.server_owner \
        FROM sessions s JOIN people p ON p.id = s.person WHERE s.token_hash = $1");
    /// Whether a session still lives.
    ALIVE = Sql::both("SELECT person FROM sessions WHERE id = $1 AND expires_at > $2");
    /// A new session.
    INSERT = Sql::both("INSERT INTO sessions (id, token_hash, person, agent, address, created_at, seen_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)");
    /// It was used.
    KEEP = Sql::both("UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1");
    /// It ends.
    DELETE = Sql::both("DELETE FROM sessions WHERE id = $1 AND person = $2");
    /// A person's sessions that have not run out.
    OF_PERSON = Sql::both("SELECT id, agent, address, created_at, seen_at FROM sessions \
        WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC LIMIT 100");
    /// Those that have run out.
    EXPIRED = Sql::both("DELETE FROM sessions WHERE expires_at <= $1");
}

/// Who holds a token.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Their session.
    pub session: SessionId,
    /// When it was last noted as used.
    pub seen_at: Time,
    /// When it ends.
    pub expires_at: Time,
    /// The person.
    pub id: PersonId,
    /// Sign-in name.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// What stands behind it.
    pub kind: PersonKind,
    /// Whether this is the owner of the whole server.
    pub server_owner: bool,
}

row! { Holder { session, seen_at, expires_at, id, handle, name, kind, server_owner } }

/// A session about to be stored.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Which.
    pub id: SessionId,
    /// SHA-256 of the token.
    pub token_hash: &'a [u8],
    /// Whose.
    pub person: PersonId,
    /// What the browser said it is.
    pub agent: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// When it began.
    pub created_at: Time,
    /// When it ends unless it is used.
    pub expires_at: Time,
}

/// A session as listed.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which.
    pub id: SessionId,
    /// What the browser said it is.
    pub agent: String,
    /// Where it came from.
    pub address: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last noted as used.
    pub seen_at: Time,
}

row! { Listed { id, agent, address, created_at, seen_at } }

/// Who holds the token with this SHA-256, expired or not.
pub async fn holder(conn: &mut Conn<'_>, token_hash: &[u8]) -> Result<Option<Holder>, StoreError> {
    conn.maybe(HOLDER, (token_hash,)).await
}

/// Whose session this is, if it has not ended.
pub async fn alive(conn: &mut Conn<'_>, id: SessionId, now: Time) -> Result<Option<PersonId>, StoreError> {
    conn.maybe(ALIVE, (id, now)).await
}

/// Stores a session.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewSession<'_>) -> Result<(), StoreError> {
    let values = (new.id, new.token_hash, new.person, new.agent, new.address, new.created_at, new.expires_at);
    conn.run(INSERT, values).await.map(drop)
}

/// Notes that a session was used.
pub async fn keep<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: SessionId,
    now: Time,
    until: Time,
) -> Result<(), StoreError> {
    conn.run(KEEP, (id, now, until)).await.map(drop)
}

/// Ends a person's session; `false` when there is none.
pub async fn end<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: SessionId, person: PersonId) -> Result<bool, StoreError> {
    Ok(conn.run(DELETE, (id, person)).await? == 1)
}

/// A person's sessions, the latest used first.
pub async fn of_person(conn: &mut Conn<'_>, person: PersonId, now: Time) -> Result<Vec<Listed>, StoreError> {
    conn.all(OF_PERSON, (person, now)).await
}

/// Removes sessions that have run out. Answers how many.
pub async fn sweep<C>(conn: &mut Conn<'_>, _: &Grant<C>, now: Time) -> Result<u64, StoreError> {
    conn.run(EXPIRED, (now,)).await
}
