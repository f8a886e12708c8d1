//! Whether the database takes writes: not while its disk is full, or while it may only be read.

use std::sync::{Mutex, PoisonError};

use super::{Conn, Shard, Sql, Store, StoreError};
use crate::sql;

/// More than there is room for in what is written already: a full disk may still take a few bytes.
const FILLER: usize = 16 * 1_024;

sql! {
    /// Something.
    FILL = Sql::both("INSERT INTO probes (id, filler) VALUES (1, $1)");
    /// Nothing.
    EMPTY = Sql::both("DELETE FROM probes WHERE id = 1");
}

/// What the last write that was not taken met, until one is known to be taken again.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<String>>);

impl Health {
    /// A write failed, and this is what it met: noted when it is the database that takes none.
    pub fn met(&self, error: &StoreError) {
        if let StoreError::Unavailable(cause) = error {
            *self.lock() = Some(cause.clone());
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Why the database takes no writes, if so. Costs nothing while all goes well; after a write that was not taken, it
    /// writes a little and removes it again to see.
    pub async fn refuses_writes(&self) -> Option<String> {
        self.0.health.lock().clone()?;
        let probe = self.write::<_, StoreError, _>(Shard(0), |conn| Box::pin(probe(conn)));
        match probe.await {
            Ok(()) => {
                *self.0.health.lock() = None;
                None
            }
            Err(cause) => Some(cause.to_string()),
        }
    }
}

async fn probe(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    conn.run(FILL, ("x".repeat(FILLER),)).await?;
    conn.run(EMPTY, ()).await.map(drop)
}
