//! Secrets of this installation itself. Those of people and webhooks stand beside what they belong to.

use super::{Conn, Sql, StoreError};
use crate::sql;

sql! {
    /// One.
    FIND = Sql::both("SELECT secret FROM secrets WHERE name = $1");
    /// The first to make one makes it for all.
    KEEP = Sql::both("INSERT INTO secrets (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING");
}

/// A secret, if it was made.
pub async fn find(conn: &mut Conn<'_>, name: &str) -> Result<Option<String>, StoreError> {
    conn.maybe(FIND, (name,)).await
}

/// Keeps a secret, unless there is one of this name. Nobody asks for it, so it takes no grant: it is made when the
/// database is first opened.
pub async fn keep(conn: &mut Conn<'_>, name: &str, fresh: &str) -> Result<(), StoreError> {
    conn.run(KEEP, (name, fresh)).await.map(drop)
}
