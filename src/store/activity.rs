//! How much is said in channels, and by how many.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, PersonId, Time, channel::Activity},
    policy::Grant,
    row, sql,
};

sql! {
    /// The channels that have messages nobody counted.
    BEHIND = Sql::both("SELECT c.id, c.count, COALESCE(a.counted, 0) AS counted FROM channels c \
        LEFT JOIN channel_activity a ON a.channel = c.id WHERE c.count > COALESCE(a.counted, 0) ORDER BY c.id");
    /// Counting begins.
    BEGIN = Sql::both("INSERT INTO channel_activity (channel, counted) VALUES ($1, 0) ON CONFLICT DO NOTHING");
    /// The mark moves on, unless somebody else moved it.
    MOVE = Sql::both("UPDATE channel_activity SET counted = $3 WHERE channel = $1 AND counted = $2");
    /// The messages between two marks, by day and author.
    COUNT = Sql::both("INSERT INTO channel_days (channel, day, person, messages) \
        SELECT channel, created_at / 86400000000, author, count(*) FROM messages \
        WHERE channel = $1 AND position > $2 AND position <= $3 GROUP BY channel, created_at / 86400000000, author \
        ON CONFLICT (channel, day, person) DO UPDATE SET messages = channel_days.messages + excluded.messages");
    /// One more message, by hand.
    NOTE = Sql::both("INSERT INTO channel_days (channel, day, person, messages) VALUES ($1, $2, $3, 1) \
        ON CONFLICT (channel, day, person) DO UPDATE SET messages = channel_days.messages + 1");
    /// Since a day.
    SINCE = Sql::both("SELECT CAST(COALESCE(sum(messages), 0) AS BIGINT) AS messages, count(DISTINCT person) AS people \
        FROM channel_days WHERE channel = $1 AND day >= $2");
    /// Days before one.
    FORGET = Sql::both("DELETE FROM channel_days WHERE channel = $1 AND day < $2");
}

/// A channel with messages that were not counted.
#[derive(Clone, Copy, Debug)]
pub struct Behind {
    /// Which.
    pub id: ChannelId,
    /// The position of its latest message.
    pub count: i64,
    /// Up to where it was counted.
    pub counted: i64,
}

row! {
    Behind { id, count, counted }
    Activity { messages, people }
}

/// The channels that have messages nobody counted.
pub async fn behind(conn: &mut Conn<'_>) -> Result<Vec<Behind>, StoreError> {
    conn.all(BEHIND, ()).await
}

/// Counts the messages after position `from` up to `to`; `false` when somebody else counted from there. The mark and the
/// figures move together, so each message is counted once whoever does it and whenever it stops.
pub async fn count<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    channel: ChannelId,
    from: i64,
    to: i64,
) -> Result<bool, StoreError> {
    conn.run(BEGIN, (channel,)).await?;
    if conn.run(MOVE, (channel, from, to)).await? == 0 {
        return Ok(false);
    }
    conn.run(COUNT, (channel, from, to)).await?;
    Ok(true)
}

/// Counts a message that has no position to be counted by: a reply that stands in its thread alone.
pub async fn note<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    channel: ChannelId,
    person: PersonId,
    at: Time,
) -> Result<(), StoreError> {
    conn.run(NOTE, (channel, at.day(), person)).await.map(drop)
}

/// What was said since the beginning of a day.
pub async fn since(conn: &mut Conn<'_>, channel: ChannelId, day: i64) -> Result<Activity, StoreError> {
    conn.one(SINCE, (channel, day)).await
}

/// Removes the figures of days before one. Answers how many.
pub async fn forget<C>(conn: &mut Conn<'_>, _: &Grant<C>, channel: ChannelId, day: i64) -> Result<u64, StoreError> {
    conn.run(FORGET, (channel, day)).await
}
