//! Links by which people join a community. A code is looked up by its SHA-256.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{CommunityId, InviteLinkId, PersonId, PersonSummary, Time, invite_link::InviteLink, person::PersonKind},
    policy::Grant,
    row, sql,
};

/// The columns of a link.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.community, l.created_at, l.expires_at, l.max_uses, l.uses, p.id AS person, p.handle, p.name, ",
            "p.kind FROM invite_links l JOIN people p ON p.id = l.inviter ",
            $rest
        )
    };
}

sql! {
    /// A new link.
    INSERT = Sql::both("INSERT INTO invite_links (id, code_hash, community, inviter, created_at, expires_at, max_uses, uses) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0)");
    /// One by its code, whether it works or not.
    BY_CODE = Sql::both(select!("WHERE l.code_hash = $1"));
    /// A community's, the latest first.
    LIST = Sql::both(select!("WHERE l.community = $1 ORDER BY l.created_at DESC, l.id DESC LIMIT $2"));
    /// How many a community has.
    COUNT = Sql::both("SELECT count(*) FROM invite_links WHERE community = $1");
    /// One use more, if it still works.
    USE = Sql::both("UPDATE invite_links SET uses = uses + 1 WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2) \
        AND (max_uses IS NULL OR uses < max_uses)");
    /// It works no more.
    REVOKE = Sql::both("DELETE FROM invite_links WHERE community = $1 AND id = $2");
}

/// A link as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Which.
    pub id: InviteLinkId,
    /// To which community.
    pub community: CommunityId,
    /// When it was made.
    pub created_at: Time,
    /// Until when it works.
    pub expires_at: Option<Time>,
    /// How many people it may bring in.
    pub max_uses: Option<i64>,
    /// How many it has.
    pub uses: i64,
    /// Who made it.
    pub person: PersonId,
    /// Their sign-in name.
    pub handle: String,
    /// Their name.
    pub name: String,
    /// What stands behind them.
    pub kind: PersonKind,
}

row! { Stored { id, community, created_at, expires_at, max_uses, uses, person, handle, name, kind } }

impl Stored {
    /// Whether it still works.
    pub fn works(&self, now: Time) -> bool {
        self.expires_at.is_none_or(|end| end > now) && self.max_uses.is_none_or(|most| self.uses < most)
    }

    /// As those who manage links see it.
    pub fn listed(self, now: Time) -> InviteLink {
        InviteLink {
            works: self.works(now),
            id: self.id,
            inviter: PersonSummary { id: self.person, handle: self.handle, name: self.name, kind: self.kind },
            created_at: self.created_at,
            expires_at: self.expires_at,
            max_uses: self.max_uses,
            uses: self.uses,
        }
    }
}

/// A link about to be stored.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// Which.
    pub id: InviteLinkId,
    /// SHA-256 of the code.
    pub code_hash: &'a [u8],
    /// To which community.
    pub community: CommunityId,
    /// Who makes it.
    pub inviter: PersonId,
    /// When.
    pub created_at: Time,
    /// Until when it works.
    pub expires_at: Option<Time>,
    /// How many people it may bring in.
    pub max_uses: Option<i64>,
}

/// Stores a link.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewLink<'_>) -> Result<(), StoreError> {
    let values = (new.id, new.code_hash, new.community, new.inviter, new.created_at, new.expires_at, new.max_uses);
    conn.run(INSERT, values).await.map(drop)
}

/// The link with the code of this SHA-256, whether it works or not.
pub async fn by_code(conn: &mut Conn<'_>, code_hash: &[u8]) -> Result<Option<Stored>, StoreError> {
    conn.maybe(BY_CODE, (code_hash,)).await
}

/// A community's links, the latest first.
pub async fn list(conn: &mut Conn<'_>, community: CommunityId, limit: i64) -> Result<Vec<Stored>, StoreError> {
    conn.all(LIST, (community, limit)).await
}

/// How many links a community has.
pub async fn count(conn: &mut Conn<'_>, community: CommunityId) -> Result<i64, StoreError> {
    conn.one(COUNT, (community,)).await
}

/// Counts one use; `false` when the link works no more.
pub async fn take<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: InviteLinkId, now: Time) -> Result<bool, StoreError> {
    Ok(conn.run(USE, (id, now)).await? == 1)
}

/// Removes a link; `false` when there is none.
pub async fn revoke<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    id: InviteLinkId,
) -> Result<bool, StoreError> {
    Ok(conn.run(REVOKE, (community, id)).await? == 1)
}
