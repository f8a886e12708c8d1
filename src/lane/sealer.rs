//! Seals the audit log (L08). Entries are written without a seal, so that no post waits for another one's; about a
//! second later they are numbered and chained here, in batches.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{
    audit,
    domain::Clock,
    store::{Shard, Store, StoreError, audits::chain},
};

/// How many entries are sealed in one transaction: everybody's writes wait for it.
const BATCH: i64 = 250;
/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);
/// One sealer a process is enough.
const SHARD: Shard = Shard(2);

/// Seals what waits to be sealed, batch by batch; says how many entries. Where nothing waits, or another process is at
/// it, it only reads. On one database any number may run: they take turns at the end of the chain.
pub async fn seal_once(store: &Store, clock: &Clock) -> Result<usize, StoreError> {
    let mut sealed = 0;
    while store.read::<_, StoreError, _>(|conn| Box::pin(chain::waiting(conn))).await? {
        let many = seal_batch(store, clock).await?;
        sealed += many;
        if many == 0 {
            break;
        }
    }
    Ok(sealed)
}

async fn seal_batch(store: &Store, clock: &Clock) -> Result<usize, StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(StoreError::other)?;
    let now = clock.now();
    let batch = store.write::<_, StoreError, _>(SHARD, move |conn| {
        Box::pin(async move {
            let Some(head) = chain::hold(conn).await? else { return Ok(0) };
            let sealed = audit::seal(head, chain::unsealed(conn, BATCH).await?, &secret);
            chain::seal(conn, &sealed, now).await?;
            Ok(sealed.len())
        })
    });
    batch.await
}

/// Seals every second until `stop`, and then what is left.
pub async fn keep_sealing(store: Store, clock: Clock, stop: CancellationToken) {
    let mut turn = tokio::time::interval(EVERY);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = turn.tick() => seal(&store, &clock).await,
        }
    }
    seal(&store, &clock).await;
}

async fn seal(store: &Store, clock: &Clock) {
    match seal_once(store, clock).await {
        Ok(0) => {}
        Ok(entries) => tracing::debug!(entries, "the audit chain grew"),
        Err(cause) => tracing::warn!(%cause, "the audit log could not be sealed"),
    }
}
