//! What waits for a moderator. None of it is a message yet, so nothing that reads messages finds it.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        ChannelId, CommunityId, MessageId, PersonId, PersonSummary, Time,
        flag::QUEUE_SHOWN,
        held::{HELD_SHOWN, Held, HeldStatus, Pending},
        person::PersonKind,
        thread::{Reply, ReplyIn},
    },
    policy::Grant,
    row, sql,
};

/// The columns of what is held.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT h.message, h.channel, h.community, h.author, h.status, h.body, h.html, h.reply_to, h.shown, \
            h.expires_in, h.edits, h.why, h.rule, h.note, h.version, h.held_at FROM held_messages h ",
            $rest
        )
    };
}

sql! {
    /// One waits, or waits again with other words.
    PUT_HELD = Sql::both("INSERT INTO held_messages (message, channel, community, author, status, body, html, reply_to, \
        shown, expires_in, edits, why, rule, version, held_at) \
        VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
        ON CONFLICT (message) DO UPDATE SET status = 'waiting', body = excluded.body, html = excluded.html, \
        why = excluded.why, rule = excluded.rule, note = '', version = excluded.version");
    /// One.
    FIND_HELD = Sql::both(select!("WHERE h.message = $1"));
    /// An author's of one channel, the latest.
    HELD_OF = Sql::both(select!("WHERE h.author = $1 AND h.channel = $2 ORDER BY h.status DESC, h.held_at DESC, h.message DESC LIMIT $3"));
    /// All of an author's in one channel.
    ALL_OF = Sql::both(select!("WHERE h.author = $1 AND h.channel = $2"));
    /// What has been held in a channel since before a time.
    OVERDUE_HELD = Sql::both("SELECT message FROM held_messages WHERE channel = $1 AND held_at < $2 \
        ORDER BY held_at LIMIT $3");
    /// All of an author's that wait in a community.
    WAITING_OF = Sql::both(select!("WHERE h.community = $1 AND h.author = $2 AND h.status = 'waiting'"));
    /// How many of an author's wait in one channel.
    COUNT_HELD = Sql::both("SELECT count(*) FROM held_messages \
        WHERE author = $1 AND channel = $2 AND status = 'waiting'");
    /// A community's that wait longest.
    HELD_QUEUE = Sql::both("SELECT h.message, h.channel, h.status, h.body, h.html, h.edits, h.rule, h.version, h.held_at, \
        p.id AS author, p.handle, p.name, p.kind, c.slug, c.name AS channel_name FROM held_messages h \
        JOIN people p ON p.id = h.author JOIN channels c ON c.id = h.channel \
        WHERE h.community = $1 AND h.status = 'waiting' ORDER BY h.held_at, h.message LIMIT $2");
    /// Declined: its words are gone.
    DECLINE_HELD = Sql::both("UPDATE held_messages SET status = 'declined', body = '', html = '', note = $2, version = $3 \
        WHERE message = $1");
    /// One that nobody has let go of or changed since it was read is held no more. Whoever lets go of it at the same time
    /// is waited for.
    TAKE_HELD = Sql::both("DELETE FROM held_messages WHERE message = $1 AND version = $2");
    /// Held no more.
    DROP_HELD = Sql::both("DELETE FROM held_messages WHERE message = $1");
    /// One of a channel's that wait.
    HELD_IN = Sql::both("SELECT message FROM held_messages WHERE channel = $1 AND status = 'waiting' LIMIT 1");
}

/// What is held, as it is kept.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The message it becomes, or whose change it is.
    pub message: MessageId,
    /// Where it is to stand.
    pub channel: ChannelId,
    /// Its community.
    pub community: CommunityId,
    /// Who wrote it.
    pub author: PersonId,
    /// Whether it still waits.
    pub status: HeldStatus,
    /// Markdown.
    pub body: String,
    /// Safe HTML.
    pub html: String,
    /// What it answers.
    pub reply_to: Option<MessageId>,
    /// Where the answer is to be seen.
    pub shown: Option<ReplyIn>,
    /// After how many seconds it vanishes, once it is posted.
    pub expires_in: Option<i64>,
    /// Whether it changes a message that stands.
    pub edits: bool,
    /// Why it changes it.
    pub why: Option<String>,
    /// By which rule it is held.
    pub rule: String,
    /// What the moderator who declined it said.
    pub note: String,
    /// Another number after every change.
    pub version: i64,
    /// Since when it waits.
    pub held_at: Time,
}

row! { Stored {
    message, channel, community, author, status, body, html, reply_to, shown, expires_in, edits, why, rule, note, version,
    held_at
} }

impl Stored {
    /// What it answers, and where.
    pub fn reply(&self) -> Option<Reply> {
        Some(Reply { to: self.reply_to?, shown: self.shown? })
    }

    /// Whether it still waits.
    pub fn waits(&self) -> bool {
        self.status == HeldStatus::Waiting
    }
}

/// As its author sees it.
impl From<Stored> for Held {
    fn from(row: Stored) -> Self {
        Self {
            message: row.message,
            channel: row.channel,
            status: row.status,
            edits: row.edits,
            body: row.body,
            html: row.html,
            note: row.note,
            held_at: row.held_at,
        }
    }
}

struct Queued {
    message: MessageId,
    channel: ChannelId,
    status: HeldStatus,
    body: String,
    html: String,
    edits: bool,
    rule: String,
    version: i64,
    held_at: Time,
    author: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
    slug: String,
    channel_name: String,
}

row! { Queued {
    message, channel, status, body, html, edits, rule, version, held_at, author, handle, name, kind, slug, channel_name
} }

impl From<Queued> for Pending {
    fn from(row: Queued) -> Self {
        Self {
            held: Held {
                message: row.message,
                channel: row.channel,
                status: row.status,
                edits: row.edits,
                body: row.body,
                html: row.html,
                note: String::new(),
                held_at: row.held_at,
            },
            author: PersonSummary { id: row.author, handle: row.handle, name: row.name, kind: row.kind },
            rule: row.rule,
            channel: row.slug,
            channel_name: row.channel_name,
            version: row.version,
        }
    }
}

/// Has one wait; one that is held already gets these words.
pub async fn put<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &Stored) -> Result<(), StoreError> {
    let values = (
        new.message,
        new.channel,
        new.community,
        new.author,
        new.body.as_str(),
        new.html.as_str(),
        new.reply_to,
        new.shown,
        new.expires_in,
        new.edits,
        new.why.as_deref(),
        new.rule.as_str(),
        new.version,
        new.held_at,
    );
    conn.run(PUT_HELD, values).await.map(drop)
}

/// One.
pub async fn find(conn: &mut Conn<'_>, message: MessageId) -> Result<Option<Stored>, StoreError> {
    conn.maybe(FIND_HELD, (message,)).await
}

/// All of `author`'s that wait in a community, in the order in which they are let go of everywhere.
pub async fn waiting_of(
    conn: &mut Conn<'_>,
    community: CommunityId,
    author: PersonId,
) -> Result<Vec<Stored>, StoreError> {
    let mut rows: Vec<Stored> = conn.all(WAITING_OF, (community, author)).await?;
    rows.sort_unstable_by_key(|row| row.message);
    Ok(rows)
}

/// All of `author`'s that wait in a channel or were declined there, in the same order.
pub async fn all_of(conn: &mut Conn<'_>, author: PersonId, channel: ChannelId) -> Result<Vec<Stored>, StoreError> {
    let mut rows: Vec<Stored> = conn.all(ALL_OF, (author, channel)).await?;
    rows.sort_unstable_by_key(|row| row.message);
    Ok(rows)
}

/// At most `limit` of what has been held in a channel since before `oldest`, the longest first.
pub async fn overdue(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    oldest: Time,
    limit: i64,
) -> Result<Vec<MessageId>, StoreError> {
    conn.all(OVERDUE_HELD, (channel, oldest, limit)).await
}

/// What of `author`'s is held in a channel, at most [`HELD_SHOWN`], the oldest first. What waits goes before what was
/// declined.
pub async fn of(conn: &mut Conn<'_>, author: PersonId, channel: ChannelId) -> Result<Vec<Stored>, StoreError> {
    let mut rows: Vec<Stored> = conn.all(HELD_OF, (author, channel, HELD_SHOWN)).await?;
    rows.sort_unstable_by_key(|row| (row.held_at, row.message));
    Ok(rows)
}

/// How many of `author`'s wait in a channel.
pub async fn count(conn: &mut Conn<'_>, author: PersonId, channel: ChannelId) -> Result<i64, StoreError> {
    conn.one(COUNT_HELD, (author, channel)).await
}

/// A community's that wait longest, at most [`QUEUE_SHOWN`].
pub async fn queue(conn: &mut Conn<'_>, community: CommunityId) -> Result<Vec<Pending>, StoreError> {
    let rows: Vec<Queued> = conn.all(HELD_QUEUE, (community, QUEUE_SHOWN)).await?;
    Ok(rows.into_iter().map(Pending::from).collect())
}

/// Leaves of one only that it was declined, and why.
pub async fn decline<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
    note: &str,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(DECLINE_HELD, (message, note, now.micros())).await.map(drop)
}

/// Takes one to make of it what it was to be; `false` when somebody let go of it or changed it since that `version`.
pub async fn take<C>(conn: &mut Conn<'_>, _: &Grant<C>, message: MessageId, version: i64) -> Result<bool, StoreError> {
    Ok(conn.run(TAKE_HELD, (message, version)).await? == 1)
}

/// Lets one go; `false` when there was none.
pub async fn discard<C>(conn: &mut Conn<'_>, _: &Grant<C>, message: MessageId) -> Result<bool, StoreError> {
    Ok(conn.run(DROP_HELD, (message,)).await? == 1)
}

/// One of a channel's that wait, if any does.
pub async fn one_of(conn: &mut Conn<'_>, channel: ChannelId) -> Result<Option<MessageId>, StoreError> {
    conn.maybe(HELD_IN, (channel,)).await
}
