//! Dead letters (Q14).

use uuid::Uuid;

use crate::{
    domain::{
        Lane, RecordId, Time,
        lane::{DeadLetter, LetterCursor},
    },
    policy::Grant,
    row, sql,
    store::{Conn, Sql, StoreError},
};

/// What is shown of a dead letter.
macro_rules! letter {
    ($rest:literal) => {
        concat!(
            "SELECT id, lane, handler, event, name, topic_kind, topic, seq, payload, from_domain, to_domain, attempts, \
             last_error AS error, trace, created_at, next_attempt_at AS died_at, \
             (SELECT w.url FROM webhooks w WHERE topic_kind = 'webhook' AND w.id = topic) AS address, \
             (SELECT c.slug FROM webhooks w JOIN communities c ON c.id = w.community \
             WHERE lane_records.topic_kind = 'webhook' AND w.id = lane_records.topic) AS community FROM lane_records WHERE status = 'dead' AND ",
            $rest
        )
    };
}

sql! {
    /// Those whose process died at their last attempt: who kills three processes is not tried with a fourth.
    BURY_ABANDONED = Sql::both("UPDATE lane_records SET status = 'dead', lease_owner = NULL, lease_until = NULL, \
        next_attempt_at = $2, last_error = 'the process ended during the last attempt' \
        WHERE lane = $1 AND status <> 'dead' AND attempts >= 3 AND lease_until <= $2");
    /// A page of them, the latest first.
    PAGE = Sql::both(letter!("($1 = '' OR lane = $1) AND (next_attempt_at, id) < ($2, $3) \
        ORDER BY next_attempt_at DESC, id DESC LIMIT $4"));
    /// One.
    ONE = Sql::both(letter!("id = $1"));
    /// The latest of one handler and topic.
    OF_TOPIC = Sql::both("SELECT id FROM lane_records WHERE status = 'dead' AND handler = $1 AND topic = $2 \
        ORDER BY next_attempt_at DESC, id DESC LIMIT 1");
    /// Tried again from the start.
    REPLAY = Sql::both("UPDATE lane_records SET status = 'pending', attempts = 0, lease_owner = NULL, lease_until = $2, \
        next_attempt_at = $2 WHERE id = $1 AND status = 'dead' RETURNING lane");
    /// All of them.
    REPLAY_ALL = Sql::both("UPDATE lane_records SET status = 'pending', attempts = 0, lease_owner = NULL, lease_until = $2, \
        next_attempt_at = $2 WHERE status = 'dead' AND ($1 = '' OR lane = $1)");
    /// Removed for good.
    PURGE = Sql::both("DELETE FROM lane_records WHERE id = $1 AND status = 'dead'");
    /// All of them.
    PURGE_ALL = Sql::both("DELETE FROM lane_records WHERE status = 'dead' AND ($1 = '' OR lane = $1) RETURNING id");
}

row! { DeadLetter { id, lane, handler, event, name, topic_kind, topic, seq, address, community, payload, from_domain, to_domain,
attempts, error, trace, created_at, died_at } }

/// An empty text stands for every lane.
fn named(lane: Option<Lane>) -> &'static str {
    lane.map_or("", Lane::as_str)
}

/// Buries what its last holder left behind at the last attempt.
pub async fn bury_abandoned(conn: &mut Conn<'_>, lane: Lane, now: Time) -> Result<u64, StoreError> {
    conn.run(BURY_ABANDONED, (lane, now)).await
}

/// At most `limit` dead letters after a place, the latest first.
pub async fn dead_letters(
    conn: &mut Conn<'_>,
    lane: Option<Lane>,
    after: Option<LetterCursor>,
    limit: i64,
) -> Result<Vec<DeadLetter>, StoreError> {
    let end = LetterCursor { died_at: Time::from_micros(i64::MAX), id: RecordId::from(uuid::Uuid::max()) };
    let after = after.unwrap_or(end);
    conn.all(PAGE, (named(lane), after.died_at, after.id, limit)).await
}

/// One dead letter.
pub async fn dead_letter(conn: &mut Conn<'_>, id: RecordId) -> Result<Option<DeadLetter>, StoreError> {
    conn.maybe(ONE, (id,)).await
}

/// The latest that a handler gave up of a topic.
pub async fn dead_letter_of(
    conn: &mut Conn<'_>,
    handler: &str,
    topic: impl Into<Uuid>,
) -> Result<Option<RecordId>, StoreError> {
    conn.maybe(OF_TOPIC, (handler, topic.into())).await
}

/// Makes a dead letter due again; answers its lane, or nothing when it is no dead letter.
pub async fn replay<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: RecordId, now: Time) -> Result<Option<Lane>, StoreError> {
    conn.maybe(REPLAY, (id, now)).await
}

/// Makes all dead letters of a lane, or of all, due again.
pub async fn replay_all<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    lane: Option<Lane>,
    now: Time,
) -> Result<u64, StoreError> {
    conn.run(REPLAY_ALL, (named(lane), now)).await
}

/// Removes a dead letter; `false` when there is none.
pub async fn purge<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: RecordId) -> Result<bool, StoreError> {
    Ok(conn.run(PURGE, (id,)).await? == 1)
}

/// Removes all dead letters of a lane, or of all. Answers which.
pub async fn purge_all<C>(conn: &mut Conn<'_>, _: &Grant<C>, lane: Option<Lane>) -> Result<Vec<RecordId>, StoreError> {
    conn.all(PURGE_ALL, (named(lane),)).await
}
