//! Housekeeping: what runs out is removed. Each a duty, once per cluster.

use crate::{
    domain::{Clock, Time},
    queue::Duty,
    store::{Shard, Store, StoreError, commands, events, outbox, sessions},
};

/// How long events are kept for clients to resume from, in microseconds: 7 days.
const EVENTS_KEPT: i64 = 7 * Time::DAY;
/// How long it is kept how many records a lane finished in a minute, in microseconds: 2 days.
const MINUTES_KEPT: i64 = 2 * Time::DAY;
/// For how long a command that was answered is known again, in microseconds: 30 days.
const COMMANDS_KEPT: i64 = 30 * Time::DAY;
/// How many events are removed in one transaction: everybody's writes wait for it.
const AT_ONCE: i64 = 2_000;
/// How often it is looked.
const EVERY: i64 = 10 * Time::MINUTE;

/// Removes sessions that have run out.
pub fn sessions() -> Duty {
    Duty::new("sessions.sweep", EVERY, sweep)
}

/// Removes events nobody resumes from.
pub fn events() -> Duty {
    Duty::new("events.trim", EVERY, trim)
}

/// Removes old figures of the lanes.
pub fn minutes() -> Duty {
    Duty::new("lanes.forget_minutes", EVERY, forget)
}

/// Removes commands that were answered long ago.
pub fn commands() -> Duty {
    Duty::new("commands.forget", EVERY, forget_commands)
}

async fn forget_commands(store: Store, clock: Clock) -> Result<(), StoreError> {
    let oldest = clock.now().plus(-COMMANDS_KEPT);
    let gone = store.write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(commands::forget(conn, oldest))).await?;
    tell("commands", gone);
    Ok(())
}

async fn sweep(store: Store, clock: Clock) -> Result<(), StoreError> {
    let now = clock.now();
    let gone = store.write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(sessions::sweep(conn, now))).await?;
    tell("sessions", gone);
    Ok(())
}

async fn trim(store: Store, clock: Clock) -> Result<(), StoreError> {
    let oldest = clock.now().plus(-EVENTS_KEPT);
    let mut gone = 0;
    loop {
        let removed = store
            .write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(events::trim(conn, oldest, AT_ONCE)))
            .await?;
        gone += removed;
        if removed < AT_ONCE.unsigned_abs() {
            break;
        }
    }
    tell("events", gone);
    Ok(())
}

async fn forget(store: Store, clock: Clock) -> Result<(), StoreError> {
    let oldest = clock.now().plus(-MINUTES_KEPT);
    store.write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(outbox::forget_minutes(conn, oldest))).await?;
    Ok(())
}

fn tell(what: &str, gone: u64) {
    if gone > 0 {
        tracing::info!(what, gone, "tidied");
    }
}
