//! Invitations to claim an imported person. A code is looked up by its SHA-256.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{CommunityId, InviteId, PersonId, Time},
    policy::Grant,
    row, sql,
};

sql! {
    /// A new invitation.
    INSERT = Sql::both("INSERT INTO invites (id, code_hash, community, person, inviter, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)");
    /// An open one by its code.
    OPEN = Sql::both("SELECT i.id, i.person, i.community, p.name, p.handle, k.name AS community_name FROM invites i \
        JOIN people p ON p.id = i.person JOIN communities k ON k.id = i.community \
        WHERE i.code_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND p.kind = 'placeholder'");
    /// It was used.
    USE = Sql::both("UPDATE invites SET used_at = $2 WHERE person = $1 AND used_at IS NULL");
}

/// An open invitation.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Which.
    pub id: InviteId,
    /// Whom it lets one claim.
    pub person: PersonId,
    /// Where it was made.
    pub community: CommunityId,
    /// The name so far.
    pub name: String,
    /// The sign-in name so far.
    pub handle: String,
    /// The community's name.
    pub community_name: String,
}

row! { Invite { id, person, community, name, handle, community_name } }

/// An invitation about to be stored.
#[derive(Debug)]
pub struct NewInvite<'a> {
    /// SHA-256 of the code.
    pub code_hash: &'a [u8],
    /// Where.
    pub community: CommunityId,
    /// Whom it lets one claim.
    pub person: PersonId,
    /// Who made it.
    pub inviter: PersonId,
    /// When.
    pub created_at: Time,
    /// Until when it can be used.
    pub expires_at: Time,
}

/// Stores an invitation.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewInvite<'_>) -> Result<(), StoreError> {
    let values =
        (InviteId::fresh(), new.code_hash, new.community, new.person, new.inviter, new.created_at, new.expires_at);
    conn.run(INSERT, values).await.map(drop)
}

/// The open invitation with the code of this SHA-256.
pub async fn open(conn: &mut Conn<'_>, code_hash: &[u8], now: Time) -> Result<Option<Invite>, StoreError> {
    conn.maybe(OPEN, (code_hash, now)).await
}

/// Closes every open invitation for a person.
pub async fn close<C>(conn: &mut Conn<'_>, _: &Grant<C>, person: PersonId, now: Time) -> Result<(), StoreError> {
    conn.run(USE, (person, now)).await.map(drop)
}
