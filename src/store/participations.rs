//! How one person takes part in a channel: up to where they have read, and how much they want to hear of it.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        ChannelId, PersonId, Time,
        channel::{NotificationLevel, Participation},
    },
    policy::Grant,
    row, sql,
};

sql! {
    /// The read mark moves on, never back.
    READ_TO = Sql::both("UPDATE participants SET read = $3 WHERE channel = $1 AND person = $2 AND read < $3 \
        RETURNING read, muted, level");
    /// Who posted in the transcript has read what they posted.
    POSTED = Sql::both("UPDATE participants SET read = coalesce($3, read), posted_at = $4 WHERE channel = $1 AND person = $2");
    /// Who had read all that stood before a message of theirs has read it, too.
    READ_OWN = Sql::both("UPDATE participants SET read = $3 WHERE channel = $1 AND person = $2 AND read = $3 - 1 \
        RETURNING read, muted, level");
    /// How much they want to hear of it.
    SET_NOTIFICATIONS = Sql::both("UPDATE participants SET muted = $3, level = $4 WHERE channel = $1 AND person = $2 \
        RETURNING read, muted, level");
}

row! { Participation { read, muted, level } }

/// Moves a read mark on to `position`; `None` when it stood there or further, or they take no part.
pub async fn read_to<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    person: PersonId,
    position: i64,
) -> Result<Option<Participation>, StoreError> {
    conn.maybe(READ_TO, (id, person, position)).await
}

/// An author has posted, at `position` if it stands in the transcript, and read it; slow mode counts from `now`.
pub async fn posted<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    author: PersonId,
    position: Option<i64>,
    now: Time,
) -> Result<(), StoreError> {
    conn.send(POSTED, (id, author, position, now)).await
}

/// A message of theirs came to stand at `position` without them; `None` when they have not read all before it.
pub async fn read_own<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    person: PersonId,
    position: i64,
) -> Result<Option<Participation>, StoreError> {
    conn.maybe(READ_OWN, (id, person, position)).await
}

/// Says how much a participant wants to hear of a channel; `None` when they take no part.
pub async fn set_notifications<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    person: PersonId,
    muted: bool,
    level: NotificationLevel,
) -> Result<Option<Participation>, StoreError> {
    conn.maybe(SET_NOTIFICATIONS, (id, person, muted, level)).await
}
