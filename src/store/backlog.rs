//! What waits in the lanes, counted: for whoever watches the server.

use super::{Conn, Sql, StoreError};
use crate::{domain::Time, row, sql};

sql! {
    /// Looks at every record: for a scrape now and then, away from the threads that answer.
    BACKLOG = Sql::both("SELECT lane, status, count(*) AS records, min(CASE WHEN waits AND status = 'pending' THEN NULL ELSE created_at END) AS oldest FROM lane_records \
        GROUP BY lane, status ORDER BY lane, status");
}

/// Records of one lane in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The lane.
    pub lane: String,
    /// The state, as stored.
    pub status: String,
    /// How many.
    pub records: i64,
    /// When the oldest was made; what is planned for later is not late.
    pub oldest: Option<Time>,
}

row! { Backlog { lane, status, records, oldest } }

/// What waits, by lane and state; nothing for a state that nobody is in.
pub async fn backlog(conn: &mut Conn<'_>) -> Result<Vec<Backlog>, StoreError> {
    conn.all(BACKLOG, ()).await
}
