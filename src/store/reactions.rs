//! Reactions, and how many there are of each emoji.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{MessageId, PersonId, PersonSummary, Reaction, Time, message::MessageStatus, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// How a person and an emoji stand to a message.
    STAND = Sql::both("SELECT m.status, EXISTS (SELECT 1 FROM reactions r WHERE r.message = m.id AND r.emoji = $2 \
        AND r.person = $3) AS mine, (SELECT count(*) FROM reaction_counts c WHERE c.message = m.id) AS emoji, \
        EXISTS (SELECT 1 FROM reaction_counts c WHERE c.message = m.id AND c.emoji = $2) AS borne \
        FROM messages m WHERE m.id = $1");
    /// One more.
    ADD = Sql::both("INSERT INTO reactions (message, emoji, person, created_at) VALUES ($1, $2, $3, $4)");
    /// Counted; a new emoji stands behind those that are there.
    COUNT_ONE = Sql::both("INSERT INTO reaction_counts (message, emoji, place, count) VALUES ($1, $2, \
        (SELECT coalesce(max(place), 0) + 1 FROM reaction_counts WHERE message = $1), 1) \
        ON CONFLICT (message, emoji) DO UPDATE SET count = reaction_counts.count + 1 RETURNING place, count");
    /// One less.
    REMOVE = Sql::both("DELETE FROM reactions WHERE message = $1 AND emoji = $2 AND person = $3");
    /// Counted, while others are left.
    UNCOUNT_ONE = Sql::both("UPDATE reaction_counts SET count = count - 1 WHERE message = $1 AND emoji = $2 AND count > 1 \
        RETURNING place, count");
    /// Nobody is left.
    UNCOUNT = Sql::both("DELETE FROM reaction_counts WHERE message = $1 AND emoji = $2");
    /// None of a message are left.
    CLEAR = Sql::both("DELETE FROM reactions WHERE message = $1");
    /// Nor counted.
    CLEAR_COUNTS = Sql::both("DELETE FROM reaction_counts WHERE message = $1");
    /// Those of several messages, as one person sees them.
    OF_MESSAGES = crate::listed!("SELECT c.message, c.emoji, c.place, c.count, EXISTS (SELECT 1 FROM reactions r \
        WHERE r.message = c.message AND r.emoji = c.emoji AND r.person = $1) AS mine FROM reaction_counts c \
        WHERE c.message", uuid "$2", "ORDER BY c.message, c.place");
    /// How one emoji stands on a message now.
    NOW = Sql::both("SELECT place, count FROM reaction_counts WHERE message = $1 AND emoji = $2");
    /// Who put one there, the first ones first.
    PEOPLE = Sql::both("SELECT p.id, p.handle, p.name, p.kind, r.created_at FROM reactions r JOIN people p ON p.id = r.person \
        WHERE r.message = $1 AND r.emoji = $2 ORDER BY r.created_at, p.id LIMIT $3");
}

/// How a person and an emoji stand to a message.
#[derive(Clone, Copy, Debug)]
pub struct Stand {
    /// What became of the message.
    pub status: MessageStatus,
    /// Whether the person has the emoji there.
    pub mine: bool,
    /// How many different emoji are there.
    pub emoji: i64,
    /// Whether this is one of them.
    pub borne: bool,
}

row! { Stand { status, mine, emoji, borne } }

/// A place on a message, and how many have the emoji there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Its place.
    pub place: i64,
    /// How many.
    pub count: i64,
}

row! { Count { place, count } }

struct Borne {
    message: MessageId,
    emoji: String,
    place: i64,
    count: i64,
    mine: bool,
}

row! { Borne { message, emoji, place, count, mine } }

/// Somebody who put an emoji on a message.
#[derive(Clone, Debug)]
pub struct Person {
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
    /// When.
    pub created_at: Time,
}

row! { Person { id, handle, name, kind, created_at } }

impl Person {
    /// Who.
    pub fn summary(&self) -> PersonSummary {
        PersonSummary { id: self.id, handle: self.handle.clone(), name: self.name.clone(), kind: self.kind }
    }
}

/// How `person` and `emoji` stand to a message; `None` when there is no such message.
pub async fn stand(
    conn: &mut Conn<'_>,
    message: MessageId,
    emoji: &str,
    person: PersonId,
) -> Result<Option<Stand>, StoreError> {
    conn.maybe(STAND, (message, emoji, person)).await
}

/// Puts an emoji on a message that does not bear it of this person yet.
pub async fn add<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
    emoji: &str,
    person: PersonId,
    now: Time,
) -> Result<Count, StoreError> {
    conn.run(ADD, (message, emoji, person, now)).await?;
    conn.one(COUNT_ONE, (message, emoji)).await
}

/// Takes away an emoji that is there of this person.
pub async fn remove<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
    emoji: &str,
    person: PersonId,
) -> Result<Count, StoreError> {
    conn.run(REMOVE, (message, emoji, person)).await?;
    if let Some(left) = conn.maybe(UNCOUNT_ONE, (message, emoji)).await? {
        return Ok(left);
    }
    conn.run(UNCOUNT, (message, emoji)).await?;
    Ok(Count::default())
}

/// Takes all of a message's away.
pub async fn clear<C>(conn: &mut Conn<'_>, _: &Grant<C>, message: MessageId) -> Result<(), StoreError> {
    conn.run(CLEAR, (message,)).await?;
    conn.run(CLEAR_COUNTS, (message,)).await.map(drop)
}

/// The reactions of several messages as `person` sees them, each in its place, in no order of messages.
pub async fn of_messages(
    conn: &mut Conn<'_>,
    person: PersonId,
    messages: Vec<MessageId>,
) -> Result<Vec<(MessageId, Reaction)>, StoreError> {
    let rows: Vec<Borne> = conn.all(OF_MESSAGES, (person, messages)).await?;
    let reaction =
        |row: Borne| (row.message, Reaction { emoji: row.emoji, place: row.place, count: row.count, mine: row.mine });
    Ok(rows.into_iter().map(reaction).collect())
}

/// How an emoji stands on a message now; nobody's when it is not there.
pub async fn now(conn: &mut Conn<'_>, message: MessageId, emoji: &str) -> Result<Count, StoreError> {
    Ok(conn.maybe(NOW, (message, emoji)).await?.unwrap_or_default())
}

/// At most `limit` of those who put an emoji on a message, the first ones first.
pub async fn people(
    conn: &mut Conn<'_>,
    message: MessageId,
    emoji: &str,
    limit: i64,
) -> Result<Vec<Person>, StoreError> {
    conn.all(PEOPLE, (message, emoji, limit)).await
}
