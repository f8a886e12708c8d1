//! What became of records, gathered and written many at a time: finished ones are removed and counted, failures noted,
//! what was not begun given back.

use std::{collections::VecDeque, mem};

use crate::{
    domain::{Lane, RecordId},
    store::{
        BoxFuture, StoreError,
        outbox::{self, Failed},
    },
};

use super::Ground;

/// How many are written at once.
const PAGE: usize = 512;

/// What is still to be written.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    done: VecDeque<RecordId>,
    failed: VecDeque<Failed>,
    returned: VecDeque<RecordId>,
}

/// What one write writes.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub done: Vec<RecordId>,
    pub failed: Vec<Failed>,
    pub returned: Vec<RecordId>,
}

impl Ledger {
    pub fn done(&mut self, record: RecordId) {
        self.done.push_back(record);
    }

    pub fn failed(&mut self, failed: Failed) {
        self.failed.push_back(failed);
    }

    pub fn returned(&mut self, record: RecordId) {
        self.returned.push_back(record);
    }

    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.failed.is_empty() && self.returned.is_empty()
    }

    pub fn fills_a_page(&self) -> bool {
        self.done.len().max(self.failed.len()).max(self.returned.len()) >= PAGE
    }

    /// The next page, the oldest first.
    pub fn page(&mut self) -> Option<Page> {
        if self.is_empty() {
            return None;
        }
        Some(Page { done: front(&mut self.done), failed: front(&mut self.failed), returned: front(&mut self.returned) })
    }

    /// Puts back what could not be written: at worst its events are delivered once more.
    pub fn put_back(&mut self, page: Page) {
        prepend(&mut self.done, page.done);
        prepend(&mut self.failed, page.failed);
        prepend(&mut self.returned, page.returned);
    }
}

fn front<T>(all: &mut VecDeque<T>) -> Vec<T> {
    all.drain(..all.len().min(PAGE)).collect()
}

fn prepend<T>(all: &mut VecDeque<T>, first: Vec<T>) {
    let rest = mem::replace(all, first.into());
    all.extend(rest);
}

/// Writes a page in one transaction.
pub(super) fn write(ground: &Ground, lane: Lane, page: Page) -> BoxFuture<'static, (Page, Result<(), StoreError>)> {
    let (store, node, now, shard) = (ground.store.clone(), ground.node, ground.clock.now(), ground.shard());
    Box::pin(async move {
        let written = page.clone();
        let outcome = store.write::<_, StoreError, _>(shard, move |conn| {
            Box::pin(async move {
                if !written.done.is_empty() {
                    let done = outbox::done(conn, &written.done).await?;
                    if done > 0 {
                        outbox::count_done(conn, lane, done, now).await?;
                    }
                }
                for failed in &written.failed {
                    outbox::failed(conn, failed, node, now).await?;
                }
                if !written.returned.is_empty() {
                    outbox::give_back(conn, &written.returned, node, now).await?;
                }
                Ok(())
            })
        });
        let outcome = outcome.await;
        (page, outcome)
    })
}
