use crate::{
    domain::RecordId,
    store::{Shard, Store, StoreError, outbox},
};

/// Acknowledgements waiting to be written: many records, one write.
#[derive(Debug, Default)]
pub(super) struct Acknowledgements(Vec<RecordId>);

/// At this many they are written at once.
const BATCH: usize = 512;

impl Acknowledgements {
    pub(super) fn add(&mut self, record: RecordId) {
        self.0.push(record);
    }

    pub(super) fn are_many(&self) -> bool {
        self.0.len() >= BATCH
    }

    /// Writes them. Those that cannot be written now are kept: at worst their events are delivered once more.
    pub(super) async fn write(&mut self, store: &Store, shard: Shard) {
        while !self.0.is_empty() {
            let batch: Vec<RecordId> = self.0.iter().copied().take(BATCH).collect();
            let ids = batch.clone();
            let written = store.write::<_, StoreError, _>(shard, move |conn| Box::pin(outbox::done(conn, ids))).await;
            if let Err(cause) = written {
                tracing::warn!(%cause, waiting = self.0.len(), "acknowledgements could not be written");
                return;
            }
            self.0.drain(..batch.len());
        }
    }
}
