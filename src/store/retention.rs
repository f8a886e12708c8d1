//! How long channels keep their messages.

use super::{Conn, Sql, StoreError, channels::Standing};
use crate::{
    domain::{ChannelId, CommunityId, MessageId, PersonId, Time},
    policy::Grant,
    row, sql,
};

/// How many of a channel's latest messages are looked through for what one person posted within a minute.
const LATEST: i64 = 2_000;

sql! {
    /// When somebody's nth latest message was posted, or held: what waits for a moderator was written as quickly.
    NTH_LATEST = Sql::both("SELECT created_at FROM (SELECT created_at FROM messages \
        WHERE channel = $1 AND position > $4 AND author = $2 AND created_at > $3 \
        UNION ALL SELECT created_at FROM messages \
        WHERE channel = $1 AND position IS NULL AND status <> 'deleted' AND author = $2 AND created_at > $3 \
        UNION ALL SELECT held_at FROM held_messages \
        WHERE author = $2 AND channel = $1 AND held_at > $3 AND NOT edits) AS latest \
        ORDER BY created_at DESC LIMIT 1 OFFSET $5");
    /// Another time.
    SET = Sql::both("UPDATE channels SET retention_days = $2 WHERE id = $1");
    /// The channels that remove messages.
    KEEPING = Sql::both("SELECT id, count, retention_days FROM channels WHERE retention_days IS NOT NULL ORDER BY id");
    /// What is older than a time in a stretch of a transcript. By position: history that was brought in is older than
    /// what stands above it, and an index by time would be paid by every post.
    OVERDUE = Sql::both("SELECT id FROM messages WHERE channel = $1 AND position > $2 AND position <= $3 \
        AND created_at < $4 AND status <> 'deleted' ORDER BY position");
    /// What is older than a time of that which stands in threads alone.
    OVERDUE_REPLIES = Sql::both("SELECT id FROM messages WHERE channel = $1 AND created_at < $2 AND position IS NULL \
        AND status <> 'deleted' ORDER BY created_at LIMIT $3");
    /// What somebody wrote lately in threads alone; conversations are nobody else's to clear.
    RECENT_REPLIES = Sql::both("SELECT m.channel, m.id FROM channels c JOIN messages m ON m.channel = c.id \
        WHERE c.community = $1 AND c.kind <> 'direct' AND c.kind <> 'group' \
        AND m.created_at >= $3 AND m.position IS NULL AND m.status <> 'deleted' AND m.author = $2 \
        ORDER BY m.channel, m.created_at LIMIT $4");
    /// What somebody wrote lately in a community, channel by channel. By position, as above, among the latest.
    RECENT = Sql::both("SELECT m.channel, m.id FROM channels c JOIN messages m ON m.channel = c.id \
        WHERE c.community = $1 AND c.kind <> 'direct' AND c.kind <> 'group' AND c.last_message_at >= $3 AND m.position > c.count - $4 AND m.author = $2 \
        AND m.created_at >= $3 AND m.status <> 'deleted' ORDER BY m.channel, m.position LIMIT $5");
}

/// A channel that removes messages.
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// Which.
    pub id: ChannelId,
    /// The position of its latest message.
    pub count: i64,
    /// After how many days.
    pub retention_days: i64,
}

row! { Keeping { id, count, retention_days } }

impl Keeping {
    /// What was posted before this is removed.
    pub const fn oldest(&self, now: Time) -> Time {
        now.plus(-self.retention_days * Time::DAY)
    }
}

/// Keeps a channel's messages for so many days; without them, for good.
pub async fn set<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: ChannelId, days: Option<i64>) -> Result<(), StoreError> {
    conn.run(SET, (id, days)).await.map(drop)
}

/// The channels that remove messages.
pub async fn keeping(conn: &mut Conn<'_>) -> Result<Vec<Keeping>, StoreError> {
    conn.all(KEEPING, ()).await
}

/// What was posted before `oldest` and stands after position `from`, up to position `to`.
pub async fn overdue(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    from: i64,
    to: i64,
    oldest: Time,
) -> Result<Vec<MessageId>, StoreError> {
    conn.all(OVERDUE, (channel, from, to, oldest)).await
}

/// At most `limit` of what was posted before `oldest` and stands in threads alone, the oldest first.
pub async fn overdue_replies(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    oldest: Time,
    limit: i64,
) -> Result<Vec<MessageId>, StoreError> {
    conn.all(OVERDUE_REPLIES, (channel, oldest, limit)).await
}

/// When the `nth` latest message that `author` posted in a channel since a time was posted, among its latest
/// [`LATEST`] and what stands in threads alone; `None` when there are fewer.
pub async fn nth_latest(
    conn: &mut Conn<'_>,
    channel: &Standing,
    author: PersonId,
    since: Time,
    nth: i64,
) -> Result<Option<Time>, StoreError> {
    conn.maybe(NTH_LATEST, (channel.id, author, since, channel.count - LATEST, nth - 1)).await
}

/// What `person` posted in a community since a time, channel by channel, the oldest first: at most `limit`, among the
/// latest `depth` messages of each channel, and when those are all, what stands in threads alone.
pub async fn recent(
    conn: &mut Conn<'_>,
    community: CommunityId,
    person: PersonId,
    since: Time,
    depth: i64,
    limit: i64,
) -> Result<Vec<(ChannelId, MessageId)>, StoreError> {
    let mut recent: Vec<(ChannelId, MessageId)> = conn.all(RECENT, (community, person, since, depth, limit)).await?;
    let room = limit - i64::try_from(recent.len()).unwrap_or(limit);
    if room > 0 {
        let replies: Vec<(ChannelId, MessageId)> = conn.all(RECENT_REPLIES, (community, person, since, room)).await?;
        recent.extend(replies);
    }
    Ok(recent)
}
