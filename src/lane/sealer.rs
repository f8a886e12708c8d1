//! Seals the audit log (L08). Entries are written without a seal, so that no post waits for another one's; about a
//! second later they are numbered and chained here, in batches.

use crate::{
    audit,
    domain::{
        Clock, Time,
        audit::{AuditEntry, ChainPlace},
    },
    queue::Duty,
    store::{Shard, Store, StoreError, audits::chain},
};

/// How many entries are sealed in one transaction: everybody's writes wait for it.
const BATCH: i64 = 256;
/// How often it is looked, in microseconds.
const EVERY: i64 = Time::SECOND;
/// After how long it is told that entries wait to be sealed, in microseconds.
const LATE: i64 = Time::MINUTE;
/// One sealer a process is enough.
const SHARD: Shard = Shard(2);

/// Seals what waits to be sealed, batch by batch; says how many entries. Where nothing waits, or another process is at
/// it, it only reads. On one database any number may run: they take turns at the end of the chain.
pub async fn seal_once(store: &Store, clock: &Clock) -> Result<usize, StoreError> {
    let mut sealed = 0;
    loop {
        let (head, entries) = store.read::<_, StoreError, _>(|conn| Box::pin(chain::waiting(conn, BATCH))).await?;
        let Some(oldest) = entries.first() else { return Ok(sealed) };
        let age = clock.now().since(oldest.at);
        if age > LATE {
            tracing::warn!(seconds = age / Time::SECOND, entry.id = %oldest.id, "audit entries were not sealed for long");
        }
        let many = seal_batch(store, clock, head.place(), entries).await?;
        sealed += many;
        if many == 0 {
            return Ok(sealed);
        }
    }
}

/// Computes the seals beside the writer, and writes them if the chain still ends where it did.
async fn seal_batch(
    store: &Store,
    clock: &Clock,
    end: ChainPlace,
    entries: Vec<AuditEntry>,
) -> Result<usize, StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(StoreError::other)?;
    let (sealed, now) = (audit::seal(end, entries, &secret), clock.now());
    let batch = store.write::<_, StoreError, _>(SHARD, move |conn| {
        Box::pin(async move {
            if chain::hold(conn).await? != Some(end) {
                return Ok(0);
            }
            chain::seal(conn, end, &sealed, now).await?;
            Ok(sealed.len())
        })
    });
    batch.await
}

/// Seals every second, once per cluster.
pub fn sealing() -> Duty {
    Duty::new("audit.seal", EVERY, seal)
}

async fn seal(store: Store, clock: Clock) -> Result<(), StoreError> {
    let entries = seal_once(&store, &clock).await?;
    if entries > 0 {
        tracing::debug!(entries, "the audit chain grew");
    }
    Ok(())
}
