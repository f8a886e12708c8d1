//! Whom messages name.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, MessageId, PersonId, PersonSummary, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// Those of these sign-in names who belong to a channel: who takes part in it, and if it is public the members of
    /// its community.
    NAMEABLE = crate::listed!("SELECT p.id, p.handle FROM channels c JOIN communities k ON k.id = c.community \
        CROSS JOIN people p LEFT JOIN members m ON m.community = k.id AND m.person = p.id \
        LEFT JOIN participants t ON t.channel = c.id AND t.person = p.id \
        WHERE c.id = $1 AND p.kind <> 'system' AND (t.person IS NOT NULL OR \
        (c.visibility = 'public' AND m.person IS NOT NULL)) AND p.handle", text "$2", "");
    /// The members of a public channel's community whose names begin so.
    AMONG_MEMBERS = Sql::both("SELECT p.id, p.handle, p.name, p.kind FROM channels c JOIN members m \
        ON m.community = c.community JOIN people p ON p.id = m.person WHERE c.id = $1 AND p.kind <> 'system' \
        AND (p.handle LIKE $2 ESCAPE '!' OR lower(p.name) LIKE $2 ESCAPE '!' OR lower(p.name) LIKE $3 ESCAPE '!') \
        ORDER BY p.kind = 'placeholder', p.handle LIMIT $4");
    /// The same of a channel's participants.
    AMONG_PARTICIPANTS = Sql::both("SELECT p.id, p.handle, p.name, p.kind FROM participants t \
        JOIN people p ON p.id = t.person WHERE t.channel = $1 AND p.kind <> 'system' \
        AND (p.handle LIKE $2 ESCAPE '!' OR lower(p.name) LIKE $2 ESCAPE '!' OR lower(p.name) LIKE $3 ESCAPE '!') \
        ORDER BY p.kind = 'placeholder', p.handle LIMIT $4");
    /// More of them.
    ADD = crate::listed!("INSERT INTO mentions (message, person) SELECT $1, p.id FROM people p WHERE p.id", uuid "$2",
        "ON CONFLICT DO NOTHING");
    /// None of them.
    CLEAR = Sql::both("DELETE FROM mentions WHERE message = $1");
    /// Whom a message names.
    OF = Sql::both("SELECT person FROM mentions WHERE message = $1 ORDER BY person");
}

/// Somebody a message can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nameable {
    /// Who.
    pub id: PersonId,
    /// Their sign-in name.
    pub handle: String,
}

row! { Nameable { id, handle } }

/// Somebody whose name begins so.
#[derive(Clone, Debug)]
pub struct Person {
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
}

row! { Person { id, handle, name, kind } }

impl Person {
    /// Who.
    pub fn summary(self) -> PersonSummary {
        PersonSummary { id: self.id, handle: self.handle, name: self.name, kind: self.kind }
    }
}

/// Those with one of these sign-in names whom a message in `channel` can name.
pub async fn nameable(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    handles: Vec<String>,
) -> Result<Vec<Nameable>, StoreError> {
    conn.all(NAMEABLE, (channel, handles)).await
}

/// At most `limit` of those whom a message in `channel` can name, and whose names begin with `letters`, which are in lower
/// case. `everybody`: not only who takes part, but all members.
pub async fn beginning(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    everybody: bool,
    letters: &str,
    limit: i64,
) -> Result<Vec<Person>, StoreError> {
    let literal = letters.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let statement = if everybody { AMONG_MEMBERS } else { AMONG_PARTICIPANTS };
    conn.all(statement, (channel, format!("{literal}%"), format!("% {literal}%"), limit)).await
}

/// Notes whom a message names, in place of what was noted before.
pub async fn put<C>(
    conn: &mut Conn<'_>,
    grant: &Grant<C>,
    message: MessageId,
    people: Vec<PersonId>,
) -> Result<(), StoreError> {
    clear(conn, grant, message).await?;
    if people.is_empty() {
        return Ok(());
    }
    conn.run(ADD, (message, people)).await.map(drop)
}

/// Forgets whom a message names.
pub async fn clear<C>(conn: &mut Conn<'_>, _: &Grant<C>, message: MessageId) -> Result<(), StoreError> {
    conn.run(CLEAR, (message,)).await.map(drop)
}

/// Whom a message names.
pub async fn of(conn: &mut Conn<'_>, message: MessageId) -> Result<Vec<PersonId>, StoreError> {
    conn.all(OF, (message,)).await
}
