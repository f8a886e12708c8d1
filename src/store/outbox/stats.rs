//! How the lanes stand (Q07).

use crate::{
    domain::{Lane, Time, lane::LaneStatus},
    row, sql,
    store::{Conn, Sql, StoreError},
};

sql! {
    /// Every lane's records by state, and the oldest of each. What waits for its time is planned, and not late. Looks at
    /// every record: for a look now and then, away from the threads that answer.
    COUNTS = Sql::both("SELECT lane, state, count(*) AS records, min(since) AS oldest FROM (SELECT lane, \
        CASE WHEN status = 'pending' AND waits AND lease_until > $1 THEN 'planned' ELSE status END AS state, \
        CASE WHEN status = 'pending' AND waits AND lease_until > $1 THEN NULL ELSE created_at END AS since \
        FROM lane_records) r GROUP BY lane, state ORDER BY lane, state");
    /// Every lane's settings.
    CONTROLS = Sql::both("SELECT lane, paused, width FROM lane_controls");
    /// What was finished in this minute and the one before.
    MINUTES = Sql::both("SELECT lane, minute, done FROM lane_minutes WHERE minute >= $1");
    /// More was finished.
    COUNT_DONE = Sql::both("INSERT INTO lane_minutes (lane, minute, done) VALUES ($1, $2, $3) \
        ON CONFLICT (lane, minute) DO UPDATE SET done = lane_minutes.done + excluded.done");
    /// Old minutes.
    FORGET = Sql::both("DELETE FROM lane_minutes WHERE minute < $1");
    /// How many wait or are being done.
    WAITING = Sql::both("SELECT count(*) FROM lane_records WHERE lane = $1 AND status <> 'dead'");
}

const fn minute(now: Time) -> i64 {
    now.micros().div_euclid(Time::MINUTE)
}

/// Records of one lane in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The lane.
    pub lane: String,
    /// The state: as stored, or `planned`.
    pub state: String,
    /// How many.
    pub records: i64,
    /// When the oldest was made; of what is planned, nothing.
    pub oldest: Option<Time>,
}

row! { Backlog { lane, state, records, oldest } }

/// What the lanes hold, by lane and state; nothing for a state that nobody is in.
pub async fn backlog(conn: &mut Conn<'_>, now: Time) -> Result<Vec<Backlog>, StoreError> {
    conn.all(COUNTS, (now,)).await
}

/// How each lane stands, in their order.
pub async fn statuses(conn: &mut Conn<'_>, now: Time) -> Result<Vec<LaneStatus>, StoreError> {
    let controls: Vec<(Lane, bool, i64)> = conn.all(CONTROLS, ()).await?;
    let counts = backlog(conn, now).await?;
    let minutes: Vec<(Lane, i64, i64)> = conn.all(MINUTES, (minute(now) - 1,)).await?;
    let status = |lane: Lane| {
        let here = || counts.iter().filter(|count| count.lane == lane.as_str());
        let of = |state: &str| here().filter(|count| count.state == state).map(|count| count.records).sum();
        let oldest = here().filter(|count| count.state != "dead").filter_map(|count| count.oldest).min();
        let done = |wanted: i64| {
            minutes.iter().filter(|(of, at, _)| *of == lane && *at == wanted).map(|(.., done)| *done).sum::<i64>()
        };
        // The last 60 seconds reach into the minute before; it is taken to have been even.
        let left = Time::MINUTE - now.micros().rem_euclid(Time::MINUTE);
        let before = i128::from(done(minute(now) - 1)) * i128::from(left) / i128::from(Time::MINUTE);
        let set = controls.iter().find(|(of, ..)| *of == lane);
        LaneStatus {
            lane,
            paused: set.is_some_and(|(_, paused, _)| *paused),
            width: set.map_or(1, |(.., width)| *width),
            pending: of("pending"),
            planned: of("planned"),
            processing: of("processing"),
            retrying: of("retrying"),
            dead: of("dead"),
            done_per_minute: done(minute(now)) + i64::try_from(before).unwrap_or(i64::MAX),
            oldest: oldest.map(|at| now.since(at).max(0)),
        }
    };
    Ok(Lane::ALL.iter().map(|lane| status(*lane)).collect())
}

/// Counts finished records, with the write that removes them.
pub async fn count_done(conn: &mut Conn<'_>, lane: Lane, done: u64, now: Time) -> Result<(), StoreError> {
    let done = i64::try_from(done).unwrap_or(i64::MAX);
    conn.run(COUNT_DONE, (lane, minute(now), done)).await.map(drop)
}

/// Removes counts from before `oldest`.
pub async fn forget_minutes(conn: &mut Conn<'_>, oldest: Time) -> Result<u64, StoreError> {
    conn.run(FORGET, (minute(oldest),)).await
}

/// How many records of a lane are not finished.
pub async fn waiting(conn: &mut Conn<'_>, lane: Lane) -> Result<i64, StoreError> {
    conn.one(WAITING, (lane,)).await
}
