//! Batches of events from outside that were taken.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{CorrelationId, Time, audit::Digest},
    policy::Grant,
    row, sql,
};

sql! {
    /// A batch, unless it was there before; who sends the same at the same time waits for the first.
    TAKE = Sql::both("INSERT INTO publications (correlation, digest, published, dropped, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING");
    /// What was answered.
    ANSWER = Sql::both("SELECT published, dropped FROM publications WHERE correlation = $1 AND digest = $2");
    /// Those nobody sends again.
    FORGET = Sql::both("DELETE FROM publications WHERE at < $1");
}

/// What was answered for a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How many events were taken.
    pub published: i64,
    /// How many were left out.
    pub dropped: i64,
}

row! { Answer { published, dropped } }

/// Notes a batch with its answer. `Some` when it was there before: what was answered then.
pub async fn take<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    (correlation, digest): (CorrelationId, Digest),
    answer: Answer,
    now: Time,
) -> Result<Option<Answer>, StoreError> {
    let values = (correlation, digest, answer.published, answer.dropped, now);
    if conn.run(TAKE, values).await? == 1 { Ok(None) } else { conn.maybe(ANSWER, (correlation, digest)).await }
}

/// Forgets batches from before `oldest`. Answers how many.
pub async fn forget<C>(conn: &mut Conn<'_>, _: &Grant<C>, oldest: Time) -> Result<u64, StoreError> {
    conn.run(FORGET, (oldest,)).await
}
