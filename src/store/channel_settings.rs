//! What those who manage a channel change of it.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, ChannelStatus, CommunityId, NotificationId, PersonId},
    policy::Grant,
    sql,
};

sql! {
    /// Another name and address, unless another channel has it.
    RENAME = Sql::both("UPDATE channels SET name = $2, slug = $3 WHERE id = $1 AND NOT EXISTS \
        (SELECT 1 FROM channels o WHERE o.community = channels.community AND o.slug = $3 AND o.id <> $1)");
    /// Where an address leads that its channel no longer has.
    FORMER = Sql::both("SELECT channel FROM channel_addresses WHERE community = $1 AND slug = $2");
    /// An address leads to the channel that had it.
    LEAVE_BEHIND = Sql::both("INSERT INTO channel_addresses (community, slug, channel) VALUES ($1, $2, $3) \
        ON CONFLICT (community, slug) DO UPDATE SET channel = excluded.channel");
    /// An address is a channel's own: it leads nowhere else.
    CLAIM = Sql::both("DELETE FROM channel_addresses WHERE community = $1 AND slug = $2");
    /// Archived, locked, or neither.
    SET_STATUS = Sql::both("UPDATE channels SET status = $2 WHERE id = $1");
    /// What is asked of whoever posts.
    SET_POSTING_LIMITS = Sql::both("UPDATE channels SET slow_mode = $2, message_chars = $3 WHERE id = $1");
    /// How it is kept in order.
    SET_MODERATION = Sql::both("UPDATE channels SET approval = $2, per_minute = $3, reactions = $4 WHERE id = $1");
    /// A public channel that is not archived.
    OPEN = Sql::both("SELECT id FROM channels WHERE community = $1 AND visibility = 'public' AND status <> 'archived' LIMIT 1");
    /// Who takes part and may be listening, in order: nobody signs in as a placeholder.
    TAKING_PART = Sql::both("SELECT t.person FROM participants t JOIN people p ON p.id = t.person \
        WHERE t.channel = $1 AND p.kind <> 'placeholder' ORDER BY t.person");
    /// What is told of it and was not read.
    UNREAD = Sql::both("SELECT person, id FROM notifications WHERE channel = $1 AND read_at IS NULL ORDER BY person, id");
    /// The channel is gone; what belongs to it goes with it.
    DELETE = Sql::both("DELETE FROM channels WHERE id = $1");
}

/// Gives a channel another name and address; `false` when another channel of its community has the address.
pub async fn rename<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    name: &str,
    slug: &str,
) -> Result<bool, StoreError> {
    Ok(conn.run(RENAME, (id, name, slug)).await? == 1)
}

/// The channel that had an address before, if nobody has taken it since.
pub async fn former(conn: &mut Conn<'_>, community: CommunityId, slug: &str) -> Result<Option<ChannelId>, StoreError> {
    conn.maybe(FORMER, (community, slug)).await
}

/// An address leads to the channel that had it.
pub async fn leave_behind<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    slug: &str,
    id: ChannelId,
) -> Result<(), StoreError> {
    conn.run(LEAVE_BEHIND, (community, slug, id)).await.map(drop)
}

/// An address has become a channel's own: it no longer leads to the one that had it before.
pub async fn claim<C>(conn: &mut Conn<'_>, _: &Grant<C>, community: CommunityId, slug: &str) -> Result<(), StoreError> {
    conn.run(CLAIM, (community, slug)).await.map(drop)
}

/// Archives, locks or opens a channel.
pub async fn set_status<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    status: ChannelStatus,
) -> Result<(), StoreError> {
    conn.run(SET_STATUS, (id, status)).await.map(drop)
}

/// Asks of whoever posts a pause of so many seconds, and at most so many characters.
pub async fn set_posting_limits<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    slow_mode: i64,
    chars: i64,
) -> Result<(), StoreError> {
    conn.run(SET_POSTING_LIMITS, (id, slow_mode, chars)).await.map(drop)
}

/// Has messages of those below moderator held or not, takes so many of one person in a minute, and lets messages bear
/// reactions or not.
pub async fn set_moderation<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    approval: bool,
    per_minute: i64,
    reactions: bool,
) -> Result<(), StoreError> {
    conn.run(SET_MODERATION, (id, approval, per_minute, reactions)).await.map(drop)
}

/// Whether a community has a public channel that is not archived.
pub async fn is_one_open(conn: &mut Conn<'_>, community: CommunityId) -> Result<bool, StoreError> {
    Ok(conn.maybe::<ChannelId>(OPEN, (community,)).await?.is_some())
}

/// Everybody who takes part and may be listening, in the order of their ids.
pub async fn taking_part(conn: &mut Conn<'_>, id: ChannelId) -> Result<Vec<PersonId>, StoreError> {
    conn.all(TAKING_PART, (id,)).await
}

/// What people were told of a channel and have not read.
pub async fn unread(conn: &mut Conn<'_>, id: ChannelId) -> Result<Vec<(PersonId, NotificationId)>, StoreError> {
    conn.all(UNREAD, (id,)).await
}

/// Removes a channel; its messages, participants and read marks go with it (M30).
pub async fn delete<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: ChannelId) -> Result<(), StoreError> {
    conn.run(DELETE, (id,)).await.map(drop)
}
