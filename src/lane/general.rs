//! Housekeeping: what runs out is removed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    domain::{Clock, Time},
    store::{Shard, Store, StoreError, events, sessions},
};

/// How long events are kept for clients to resume from, in microseconds: 7 days.
const EVENTS_KEPT: i64 = 7 * Time::DAY;
/// How often it is looked.
const EVERY: Duration = Duration::from_mins(10);

/// Removes sessions that have run out and events nobody resumes from, until `stop`.
pub async fn tidy(store: Store, clock: Clock, stop: CancellationToken) {
    let mut turn = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = turn.tick() => {}
        }
        let now = clock.now();
        let tidied = store.write::<_, StoreError, _>(Shard(0), move |conn| {
            Box::pin(async move {
                let sessions = sessions::sweep(conn, now).await?;
                Ok((sessions, events::trim(conn, now.plus(-EVENTS_KEPT)).await?))
            })
        });
        match tidied.await {
            Ok((0, 0)) => {}
            Ok((sessions, events)) => tracing::info!(sessions, events, "tidied"),
            Err(cause) => tracing::warn!(%cause, "could not tidy"),
        }
    }
}
