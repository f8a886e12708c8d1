//! Whose conversations are whose (C12).

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, PersonId, PersonSummary, Time, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// One of its people.
    ADD = Sql::both("INSERT INTO conversation_people (channel, person, began_at) VALUES ($1, $2, $3)");
    /// How many somebody began since a time.
    BEGUN = Sql::both("SELECT count(*) FROM conversation_people WHERE person = $1 AND began_at > $2");
    /// The earliest of them.
    FIRST_BEGUN = Sql::both("SELECT began_at FROM conversation_people WHERE person = $1 AND began_at > $2 \
        ORDER BY began_at LIMIT 1");
    /// The people of some conversations, by name.
    PEOPLE = crate::listed!("SELECT x.channel, p.id, p.handle, p.name, p.kind FROM conversation_people x \
        JOIN people p ON p.id = x.person WHERE x.channel", uuid "$1", "ORDER BY lower(p.name), p.id");
    /// Those who take no part at the moment: nothing was written to them yet, or they were not in the community for a
    /// while.
    AWAY = Sql::both("SELECT x.channel, p.id, p.handle, p.name, p.kind FROM conversation_people x \
        JOIN people p ON p.id = x.person LEFT JOIN participants t ON t.channel = x.channel AND t.person = x.person \
        WHERE x.channel = $1 AND t.person IS NULL ORDER BY p.id");
    /// Its people but one.
    OTHERS = Sql::both("SELECT person FROM conversation_people WHERE channel = $1 AND person <> $2 ORDER BY person");
}

/// One of a conversation's people.
#[derive(Clone, Debug)]
pub struct Talker {
    /// Of which conversation.
    pub channel: ChannelId,
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
}

row! { Talker { channel, id, handle, name, kind } }

impl Talker {
    /// Who.
    pub fn summary(&self) -> PersonSummary {
        PersonSummary { id: self.id, handle: self.handle.clone(), name: self.name.clone(), kind: self.kind }
    }
}

/// Says whose a conversation is, and that the first of them began it.
pub async fn put<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    people: &[PersonId],
    now: Time,
) -> Result<(), StoreError> {
    for (place, person) in people.iter().enumerate() {
        conn.run(ADD, (id, *person, (place == 0).then_some(now))).await?;
    }
    Ok(())
}

/// How many conversations `person` began after `since`, and when the first of them was.
pub async fn begun(conn: &mut Conn<'_>, person: PersonId, since: Time) -> Result<(i64, Option<Time>), StoreError> {
    Ok((conn.one(BEGUN, (person, since)).await?, conn.maybe(FIRST_BEGUN, (person, since)).await?))
}

/// The people of these conversations, by name.
pub async fn people(conn: &mut Conn<'_>, ids: Vec<ChannelId>) -> Result<Vec<Talker>, StoreError> {
    conn.all(PEOPLE, (ids,)).await
}

/// Those of a conversation's people who take no part in it at the moment.
pub async fn away(conn: &mut Conn<'_>, id: ChannelId) -> Result<Vec<Talker>, StoreError> {
    conn.all(AWAY, (id,)).await
}

/// Whom `person` talks to in a conversation.
pub async fn others(conn: &mut Conn<'_>, id: ChannelId, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
    conn.all(OTHERS, (id, person)).await
}
