//! What was flagged and waits to be judged.

use std::collections::HashSet;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        ChannelId, CommunityId, MessageId, PersonId, PersonSummary, Time,
        flag::{FLAGS_SHOWN, Flag, MODERATORS_TOLD, QUEUE_SHOWN},
        person::PersonKind,
    },
    policy::Grant,
    row, sql,
};

sql! {
    /// A message waits to be judged.
    QUEUE = Sql::both("INSERT INTO flagged (message, community, flagged_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    /// Somebody says why, or why else.
    PUT = Sql::both("INSERT INTO flags (message, person, reason, flagged_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (message, person) DO UPDATE SET reason = excluded.reason, flagged_at = excluded.flagged_at");
    /// The message says so itself.
    MARK = Sql::both("UPDATE messages SET status = 'flagged' WHERE id = $1 AND status <> 'deleted'");
    /// It waits no longer.
    CLEAR = Sql::both("DELETE FROM flagged WHERE message = $1 RETURNING community");
    /// Nor does it say so.
    UNMARK = Sql::both("UPDATE messages SET status = CASE WHEN edited_at IS NULL THEN 'active' ELSE 'edited' END \
        WHERE id = $1 AND status = 'flagged'");
    /// What somebody said before.
    REASON = Sql::both("SELECT reason FROM flags WHERE message = $1 AND person = $2");
    /// Which of these wait.
    AMONG = crate::listed!("SELECT message FROM flagged WHERE message", uuid "$1", "");
    /// How many wait, flagged or held.
    OPEN = Sql::both("SELECT (SELECT count(*) FROM flagged WHERE community = $1) + \
        (SELECT count(*) FROM held_messages WHERE community = $1 AND status = 'waiting')");
    /// Those that wait longest.
    WAITING = Sql::both("SELECT f.message, f.flagged_at, c.slug, c.name, \
        (SELECT count(*) FROM flags WHERE flags.message = f.message) AS count FROM flagged f \
        JOIN messages m ON m.id = f.message JOIN channels c ON c.id = m.channel \
        WHERE f.community = $1 ORDER BY f.flagged_at LIMIT $2");
    /// Who flagged a message, the latest first.
    OF = Sql::both("SELECT p.id, p.handle, p.name, p.kind, f.reason, f.flagged_at FROM flags f JOIN people p ON p.id = f.person \
        WHERE f.message = $1 ORDER BY f.flagged_at DESC, p.id LIMIT $2");
    /// Who judges in a community.
    MODERATORS = Sql::both("SELECT person FROM members WHERE community = $1 AND role IN ('moderator', 'admin', 'owner') \
        ORDER BY person LIMIT $2");
    /// Who only reads there for a while.
    SILENCED = Sql::both("SELECT person FROM time_outs WHERE community = $1 AND until > $2");
    /// One of a channel's that wait.
    ONE_OF = Sql::both("SELECT f.message FROM flagged f JOIN messages m ON m.id = f.message \
        WHERE f.community = $1 AND m.channel = $2 LIMIT 1");
}

/// A message in the queue.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub message: MessageId,
    /// Since when.
    pub flagged_at: Time,
    /// The address of its channel.
    pub slug: String,
    /// The channel's name.
    pub name: String,
    /// How many flagged it.
    pub count: i64,
}

row! { Waiting { message, flagged_at, slug, name, count } }

struct Stored {
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
    reason: String,
    flagged_at: Time,
}

row! { Stored { id, handle, name, kind, reason, flagged_at } }

impl From<Stored> for Flag {
    fn from(row: Stored) -> Self {
        let person = PersonSummary { id: row.id, handle: row.handle, name: row.name, kind: row.kind };
        Self { person, reason: row.reason, at: row.flagged_at }
    }
}

/// Flags a message that was not deleted, in place of what `person` said of it before.
pub async fn put<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    (message, community): (MessageId, CommunityId),
    person: PersonId,
    reason: &str,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(QUEUE, (message, community, now)).await?;
    conn.run(PUT, (message, person, reason, now)).await?;
    conn.run(MARK, (message,)).await.map(drop)
}

/// Takes a message and its flags from the queue of the community that is answered; `None` when it was in none.
pub async fn clear<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
) -> Result<Option<CommunityId>, StoreError> {
    let community = conn.maybe(CLEAR, (message,)).await?;
    if community.is_some() {
        conn.run(UNMARK, (message,)).await?;
    }
    Ok(community)
}

/// What `person` said of a message that waits; `None` when they said nothing.
pub async fn reason(conn: &mut Conn<'_>, message: MessageId, person: PersonId) -> Result<Option<String>, StoreError> {
    conn.maybe(REASON, (message, person)).await
}

/// Which of these wait.
pub async fn among(conn: &mut Conn<'_>, messages: Vec<MessageId>) -> Result<Vec<MessageId>, StoreError> {
    conn.all(AMONG, (messages,)).await
}

/// How many wait in a community, flagged or held.
pub async fn open(conn: &mut Conn<'_>, community: CommunityId) -> Result<i64, StoreError> {
    conn.one(OPEN, (community,)).await
}

/// Those that wait longest, at most [`QUEUE_SHOWN`].
pub async fn waiting(conn: &mut Conn<'_>, community: CommunityId) -> Result<Vec<Waiting>, StoreError> {
    conn.all(WAITING, (community, QUEUE_SHOWN)).await
}

/// Who flagged a message and why, the latest first, at most [`FLAGS_SHOWN`].
pub async fn of(conn: &mut Conn<'_>, message: MessageId) -> Result<Vec<Flag>, StoreError> {
    let rows: Vec<Stored> = conn.all(OF, (message, FLAGS_SHOWN)).await?;
    Ok(rows.into_iter().map(Flag::from).collect())
}

/// Who judges in a community and is in no time-out, at most [`MODERATORS_TOLD`], in one order everywhere: two who
/// tell them cannot wait for each other.
pub async fn moderators(conn: &mut Conn<'_>, community: CommunityId, now: Time) -> Result<Vec<PersonId>, StoreError> {
    let silenced: HashSet<PersonId> = conn.all(SILENCED, (community, now)).await?.into_iter().collect();
    let moderators: Vec<PersonId> = conn.all(MODERATORS, (community, MODERATORS_TOLD)).await?;
    Ok(moderators.into_iter().filter(|moderator| !silenced.contains(moderator)).collect())
}

/// A message of a channel that waits, if any does.
pub async fn one_of(
    conn: &mut Conn<'_>,
    community: CommunityId,
    channel: ChannelId,
) -> Result<Option<MessageId>, StoreError> {
    conn.maybe(ONE_OF, (community, channel)).await
}
