//! Keeps the write-ahead log short. Left to SQLite, whichever commit passes the mark pays for the copying;
//! left to another thread alone, a log that is always being written to never starts anew.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use rusqlite::Connection;

use super::{File, PATIENCE, Trouble, refused, trouble};
use crate::store::StoreError;

/// Pages in the log from which the side thread copies.
const COPY: i64 = 1_024;
/// Pages in the log from which the writer lets it start anew.
const RENEW: i64 = 4_096;
/// Pages in the log (256 MB) from which the file is also cut: a long reader has held it.
const CUT: i64 = 65_536;
/// After readers kept the log from starting anew, how many more pages until it is tried again.
const AGAIN: i64 = 1_024;
/// How long the writer waits for readers of the old log.
const WAIT: Duration = Duration::from_millis(50);

/// The writer's end.
pub struct Checkpoints {
    wake: SyncSender<()>,
    shared: Arc<Shared>,
    due: i64,
}

#[derive(Default)]
struct Shared {
    /// Held while one of the two copies.
    turn: Mutex<()>,
    /// What went wrong on the side.
    trouble: Mutex<Option<Trouble>>,
}

impl Checkpoints {
    pub fn start(file: &Arc<File>) -> Result<Self, StoreError> {
        let conn = file.connect()?;
        let (wake, woken) = sync_channel(1);
        let shared = Arc::new(Shared::default());
        let side = Arc::clone(&shared);
        thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || copy(&conn, &woken, &side))
            .map_err(StoreError::other)?;
        Ok(Self { wake, shared, due: RENEW })
    }

    /// After a group: has the log copied, or lets it start anew.
    pub fn tend(&mut self, conn: &Connection) -> Result<(), Trouble> {
        if let Some(trouble) = lock(&self.shared.trouble).take() {
            return Err(trouble);
        }
        let (_, pages) = checkpoint(conn, "PRAGMA wal_checkpoint(NOOP)")?;
        if pages < COPY {
            self.due = RENEW;
        } else if pages < self.due {
            // It is awake already when the channel is full.
            let _ = self.wake.try_send(());
        } else {
            let _turn = lock(&self.shared.turn);
            let how = if pages < CUT { "PRAGMA wal_checkpoint(RESTART)" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
            patience(conn, WAIT)?;
            let renewed = checkpoint(conn, how);
            patience(conn, PATIENCE)?;
            let (busy, _) = renewed?;
            self.due = if busy { pages + AGAIN } else { RENEW };
        }
        Ok(())
    }
}

fn copy(conn: &Connection, woken: &Receiver<()>, shared: &Shared) {
    while woken.recv().is_ok() {
        let _turn = lock(&shared.turn);
        if let Err(trouble) = checkpoint(conn, "PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::error!(error = %trouble.error, "the checkpoint failed");
            *lock(&shared.trouble) = Some(trouble).filter(|trouble| trouble.fatal);
        }
    }
}

/// Whether somebody was in the way, and how many pages the log has.
fn checkpoint(conn: &Connection, text: &'static str) -> Result<(bool, i64), Trouble> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)? != 0, row.get(1)?));
    conn.prepare_cached(text)
        .and_then(|mut statement| statement.query_row([], read))
        .map_err(|error| trouble(&error, text))
}

fn patience(conn: &Connection, patience: Duration) -> Result<(), Trouble> {
    conn.busy_timeout(patience).map_err(|error| refused(&error, "").into())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
