//! Messages that are pinned in their channel.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        ChannelId, MessageId, PersonId, PersonSummary, Time, message::MessageStatus, person::PersonKind,
        pin::PINS_PER_CHANNEL,
    },
    policy::Grant,
    row, sql,
};

sql! {
    /// How a message stands, and how many its channel has pinned.
    STAND = Sql::both("SELECT m.status, EXISTS (SELECT 1 FROM pins WHERE pins.message = m.id) AS pinned, \
        (SELECT count(*) FROM pins WHERE pins.channel = m.channel) AS many FROM messages m WHERE m.id = $1");
    /// One more, unless it is pinned or no message of that channel.
    ADD = Sql::both("INSERT INTO pins (message, channel, person, pinned_at) SELECT m.id, m.channel, $3, $4 FROM messages m \
        WHERE m.id = $1 AND m.channel = $2 AND m.status <> 'deleted' ON CONFLICT DO NOTHING");
    /// One less.
    REMOVE = Sql::both("DELETE FROM pins WHERE message = $1");
    /// How many a channel has.
    COUNT = Sql::both("SELECT count(*) FROM pins WHERE channel = $1");
    /// Those of a channel, the latest first.
    LIST = Sql::both("SELECT pins.message, pins.pinned_at, p.id, p.handle, p.name, p.kind FROM pins \
        JOIN people p ON p.id = pins.person WHERE pins.channel = $1 ORDER BY pins.pinned_at DESC LIMIT $2");
    /// Which of these are pinned.
    AMONG = crate::listed!("SELECT message FROM pins WHERE message", uuid "$1", "");
}

/// How a message stands, and its channel.
#[derive(Clone, Copy, Debug)]
pub struct Stand {
    /// What became of the message.
    pub status: MessageStatus,
    /// Whether it is pinned.
    pub pinned: bool,
    /// How many the channel has.
    pub many: i64,
}

row! { Stand { status, pinned, many } }

/// A pin as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Of which message.
    pub message: MessageId,
    /// When.
    pub pinned_at: Time,
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
}

row! { Stored { message, pinned_at, id, handle, name, kind } }

impl Stored {
    /// Who pinned it.
    pub fn person(&self) -> PersonSummary {
        PersonSummary { id: self.id, handle: self.handle.clone(), name: self.name.clone(), kind: self.kind }
    }
}

/// How a message stands, and how many its channel has pinned; `None` when there is no such message.
pub async fn stand(conn: &mut Conn<'_>, message: MessageId) -> Result<Option<Stand>, StoreError> {
    conn.maybe(STAND, (message,)).await
}

/// Pins a message; `false` when it was pinned before, was deleted or stands in another channel.
pub async fn add<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
    channel: ChannelId,
    person: PersonId,
    at: Time,
) -> Result<bool, StoreError> {
    Ok(conn.run(ADD, (message, channel, person, at)).await? == 1)
}

/// Takes a message's pin away; `false` when it had none.
pub async fn remove<C>(conn: &mut Conn<'_>, _: &Grant<C>, message: MessageId) -> Result<bool, StoreError> {
    Ok(conn.run(REMOVE, (message,)).await? == 1)
}

/// How many a channel has.
pub async fn count(conn: &mut Conn<'_>, channel: ChannelId) -> Result<i64, StoreError> {
    conn.one(COUNT, (channel,)).await
}

/// Those of a channel, the latest first.
pub async fn of_channel(conn: &mut Conn<'_>, channel: ChannelId) -> Result<Vec<Stored>, StoreError> {
    conn.all(LIST, (channel, PINS_PER_CHANNEL)).await
}

/// Which of these are pinned.
pub async fn among(conn: &mut Conn<'_>, messages: Vec<MessageId>) -> Result<Vec<MessageId>, StoreError> {
    conn.all(AMONG, (messages,)).await
}
