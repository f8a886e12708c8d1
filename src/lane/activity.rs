//! How much is said in channels is counted (C10): once a minute, once per cluster, from where it was counted to. A post
//! pays nothing for it.

use crate::{
    domain::{Clock, Time},
    queue::Duty,
    store::{
        Shard, Store, StoreError,
        activity::{self, Behind},
    },
};

/// How often it is counted.
const EVERY: i64 = Time::MINUTE;
/// How many messages are counted in one transaction: everybody's writes wait for it.
const STEP: i64 = 2_000;

/// Counts every message that was not counted yet; says how many. Any number may run: each message is counted once.
pub async fn count_once(store: &Store) -> Result<i64, StoreError> {
    let mut messages = 0;
    for channel in store.read::<_, StoreError, _>(|conn| Box::pin(activity::behind(conn))).await? {
        messages += count(store, channel).await?;
    }
    Ok(messages)
}

async fn count(store: &Store, channel: Behind) -> Result<i64, StoreError> {
    let Behind { id, count, counted } = channel;
    let mut from = counted;
    while from < count {
        let to = count.min(from + STEP);
        let step = store
            .write::<_, StoreError, _>(Shard::of(id.into()), move |conn| Box::pin(activity::count(conn, id, from, to)));
        if !step.await? {
            break;
        }
        from = to;
    }
    Ok(from - counted)
}

/// Counts every minute, once per cluster.
pub fn counting() -> Duty {
    Duty::new("channels.count_activity", EVERY, |store: Store, _: Clock| async move { count_once(&store).await })
}
