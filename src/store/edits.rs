//! What edited messages said before.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{EventId, MessageId, Time, history::EDITS_KEPT},
    policy::Grant,
    row, sql,
};

sql! {
    /// What a message said until now.
    REMEMBER = Sql::both("INSERT INTO message_edits (id, message, body, edited_at, reason) VALUES ($1, $2, $3, $4, $5)");
    /// Only so many are kept.
    TRIM = Sql::both("DELETE FROM message_edits WHERE message = $1 AND edited_at < (SELECT edited_at FROM message_edits \
        WHERE message = $1 ORDER BY edited_at DESC LIMIT 1 OFFSET $2)");
    /// None are.
    FORGET = Sql::both("DELETE FROM message_edits WHERE message = $1");
    /// Newest first.
    OF = Sql::both("SELECT body, edited_at, reason FROM message_edits WHERE message = $1 ORDER BY edited_at DESC LIMIT $2");
}

/// A change of a message, as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The Markdown before it.
    pub body: String,
    /// When.
    pub edited_at: Time,
    /// Why.
    pub reason: Option<String>,
}

row! { Stored { body, edited_at, reason } }

/// Remembers what a message said before it was changed `now`; beyond [`EDITS_KEPT`] the oldest is forgotten.
pub async fn remember<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
    before: &str,
    reason: Option<&str>,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(REMEMBER, (EventId::fresh(), message, before, now, reason)).await?;
    conn.run(TRIM, (message, EDITS_KEPT - 1)).await.map(drop)
}

/// Forgets all that a message said before.
pub async fn forget<C>(conn: &mut Conn<'_>, _: &Grant<C>, message: MessageId) -> Result<(), StoreError> {
    conn.run(FORGET, (message,)).await.map(drop)
}

/// What a message said before, newest first.
pub async fn of(conn: &mut Conn<'_>, message: MessageId) -> Result<Vec<Stored>, StoreError> {
    conn.all(OF, (message, EDITS_KEPT)).await
}
