//! Slash commands on their way.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, CommandId, CommunityId, EventId, PersonId, Time},
    policy::Grant,
    row, sql,
};

sql! {
    /// A new one.
    INSERT = Sql::both("INSERT INTO commands (id, person, channel, body, event, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT DO NOTHING");
    /// One.
    FIND = Sql::both("SELECT x.person, x.channel, c.community, x.body, x.event, x.done_at FROM commands x \
        JOIN channels c ON c.id = x.channel WHERE x.id = $1");
    /// How many of a person's wait.
    WAITING = Sql::both("SELECT count(*) FROM commands WHERE person = $1 AND done_at IS NULL");
    /// It was answered: its words are gone.
    FINISH = Sql::both("UPDATE commands SET done_at = $2, body = '' WHERE id = $1 AND done_at IS NULL");
    /// Those answered long ago.
    FORGET = Sql::both("DELETE FROM commands WHERE done_at < $1");
}

/// A command about to be stored.
#[derive(Debug)]
pub struct NewCommand<'a> {
    /// Which.
    pub id: CommandId,
    /// Whose.
    pub person: PersonId,
    /// Where.
    pub channel: ChannelId,
    /// As it was written.
    pub body: &'a str,
    /// What follows from it is idempotent by this.
    pub event: EventId,
    /// When.
    pub created_at: Time,
}

/// A command as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Whose.
    pub person: PersonId,
    /// Where.
    pub channel: ChannelId,
    /// The channel's community.
    pub community: CommunityId,
    /// As it was written; empty once it was answered.
    pub body: String,
    /// What follows from it is idempotent by this.
    pub event: EventId,
    /// When it was answered.
    pub done_at: Option<Time>,
}

row! { Stored { person, channel, community, body, event, done_at } }

/// Stores a command; `false` when its id is in use.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewCommand<'_>) -> Result<bool, StoreError> {
    let values = (new.id, new.person, new.channel, new.body, new.event, new.created_at);
    Ok(conn.run(INSERT, values).await? == 1)
}

/// One command.
pub async fn find(conn: &mut Conn<'_>, id: CommandId) -> Result<Option<Stored>, StoreError> {
    conn.maybe(FIND, (id,)).await
}

/// How many of a person's wait.
pub async fn waiting(conn: &mut Conn<'_>, person: PersonId) -> Result<i64, StoreError> {
    conn.one(WAITING, (person,)).await
}

/// Notes that a command was answered and forgets its words; `false` when it was before.
pub async fn finish<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: CommandId, now: Time) -> Result<bool, StoreError> {
    Ok(conn.run(FINISH, (id, now)).await? == 1)
}

/// Forgets commands that were answered before `oldest`. Answers how many.
pub async fn forget<C>(conn: &mut Conn<'_>, _: &Grant<C>, oldest: Time) -> Result<u64, StoreError> {
    conn.run(FORGET, (oldest,)).await
}
