//! How much is said in channels is counted (C10): once a minute, once per cluster, from where it was counted to. A post
//! pays nothing for it.

use super::door::Door;
use crate::{
    domain::{Actor, Clock, Error, Result, Surface, Time, command::CountActivity},
    queue::Duty,
    store::{
        Store, StoreError,
        activity::{self, Behind},
    },
};

/// How often it is counted.
const EVERY: i64 = Time::MINUTE;
/// How many messages are counted in one transaction: everybody's writes wait for it.
const STEP: i64 = 2_000;

/// Counts every message that was not counted yet; says how many. Any number may run: each message is counted once.
pub async fn count_once<D: Door>(door: &D, store: &Store) -> Result<i64> {
    let behind = store.read::<_, StoreError, _>(|conn| Box::pin(activity::behind(conn))).await;
    let mut messages = 0;
    for channel in behind.map_err(|cause| fault(&cause))? {
        messages += count(door, channel).await?;
    }
    Ok(messages)
}

async fn count<D: Door>(door: &D, channel: Behind) -> Result<i64> {
    let Behind { id, count, counted } = channel;
    let mut from = counted;
    while from < count {
        let to = count.min(from + STEP);
        let step = CountActivity { channel: id, from, to };
        if !door.execute(Actor::system(Surface::Worker), step).await? {
            break;
        }
        from = to;
    }
    Ok(from - counted)
}

fn fault(cause: &StoreError) -> Error {
    tracing::warn!(%cause, "cannot look for what was not counted");
    Error::Unavailable
}

/// Counts every minute, once per cluster.
pub fn counting<D: Door + Clone>(door: D) -> Duty {
    Duty::new("channels.count_activity", EVERY, move |store: Store, _: Clock| {
        let door = door.clone();
        async move { count_once(&door, &store).await }
    })
}
