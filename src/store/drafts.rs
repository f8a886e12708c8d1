//! What people have begun to write.

use uuid::Uuid;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, CommunityId, MessageId, PersonId, Time},
    policy::Grant,
    sql,
};

sql! {
    /// One, or other words in it.
    PUT_DRAFT = Sql::both("INSERT INTO drafts (person, channel, place, body, edited_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (person, channel, place) DO UPDATE SET body = excluded.body, edited_at = excluded.edited_at");
    /// None there any more.
    DROP_DRAFT = Sql::both("DELETE FROM drafts WHERE person = $1 AND channel = $2 AND place = $3");
    /// What one says.
    FIND_DRAFT = Sql::both("SELECT body FROM drafts WHERE person = $1 AND channel = $2 AND place = $3");
    /// One of a channel.
    DRAFT_IN = Sql::both("SELECT place FROM drafts WHERE person = $1 AND channel = $2 LIMIT 1");
    /// How many somebody has.
    COUNT_DRAFTS = Sql::both("SELECT count(*) FROM drafts WHERE person = $1");
    /// In which of a community's channels somebody has one.
    DRAFTED = Sql::both("SELECT DISTINCT d.channel FROM drafts d JOIN channels c ON c.id = d.channel \
        WHERE d.person = $1 AND c.community = $2");
    /// Nobody's in a thread any more.
    DROP_IN_THREAD = Sql::both("DELETE FROM drafts WHERE channel = $1 AND place = $2 RETURNING person");
}

/// Whose draft it is, and where.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Whose.
    pub person: PersonId,
    /// In which channel.
    pub channel: ChannelId,
    /// In the thread of this message; `None` in the channel itself.
    pub root: Option<MessageId>,
}

impl Spot {
    fn values(self) -> (PersonId, ChannelId, Uuid) {
        (self.person, self.channel, self.root.map_or(self.channel.into(), Uuid::from))
    }
}

/// Keeps `body`, which is not empty, in the place of what was there.
pub async fn put<C>(conn: &mut Conn<'_>, _: &Grant<C>, spot: Spot, body: &str, now: Time) -> Result<(), StoreError> {
    let (person, channel, place) = spot.values();
    conn.run(PUT_DRAFT, (person, channel, place, body, now)).await.map(drop)
}

/// Lets one go; `false` when there was none.
pub async fn discard<C>(conn: &mut Conn<'_>, _: &Grant<C>, spot: Spot) -> Result<bool, StoreError> {
    Ok(conn.run(DROP_DRAFT, spot.values()).await? == 1)
}

/// What one says.
pub async fn find(conn: &mut Conn<'_>, spot: Spot) -> Result<Option<String>, StoreError> {
    conn.maybe(FIND_DRAFT, spot.values()).await
}

/// Whether somebody has one in a channel or in a thread of it.
pub async fn is_in(conn: &mut Conn<'_>, person: PersonId, channel: ChannelId) -> Result<bool, StoreError> {
    Ok(conn.maybe::<Uuid>(DRAFT_IN, (person, channel)).await?.is_some())
}

/// How many somebody has.
pub async fn count(conn: &mut Conn<'_>, person: PersonId) -> Result<i64, StoreError> {
    conn.one(COUNT_DRAFTS, (person,)).await
}

/// In which channels of a community somebody has one, in no order.
pub async fn drafted(
    conn: &mut Conn<'_>,
    person: PersonId,
    community: CommunityId,
) -> Result<Vec<ChannelId>, StoreError> {
    conn.all(DRAFTED, (person, community)).await
}

/// Lets go of all that anybody has begun in a thread; answers who had.
pub async fn clear_thread<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    channel: ChannelId,
    root: MessageId,
) -> Result<Vec<PersonId>, StoreError> {
    conn.all(DROP_IN_THREAD, (channel, root)).await
}
