//! How a lane is set (Q15).

use crate::{
    domain::{Lane, Time},
    policy::Grant,
    row, sql,
    store::{Conn, Sql, StoreError},
};

sql! {
    /// One lane's settings.
    CONTROL = Sql::both("SELECT paused, width FROM lane_controls WHERE lane = $1");
    /// Stops or goes on.
    PAUSE = Sql::both("UPDATE lane_controls SET paused = $2, changed_at = $3 WHERE lane = $1");
    /// Widens or narrows.
    SET_WIDTH = Sql::both("UPDATE lane_controls SET width = $2, changed_at = $3 WHERE lane = $1");
}

/// A lane's settings, the same for all processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Whether nothing is begun.
    pub paused: bool,
    /// How many handlers may be at work at once in one process.
    pub width: i64,
}

row! { Control { paused, width } }

/// How a lane is set.
pub async fn control(conn: &mut Conn<'_>, lane: Lane) -> Result<Control, StoreError> {
    conn.one(CONTROL, (lane,)).await
}

/// Stops a lane, or lets it go on.
pub async fn pause<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    lane: Lane,
    paused: bool,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(PAUSE, (lane, paused, now)).await.map(drop)
}

/// Sets how many handlers may be at work at once in one process.
pub async fn set_width<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    lane: Lane,
    width: i64,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(SET_WIDTH, (lane, width, now)).await.map(drop)
}
