#![expect(clippy::disallowed_methods, reason = "the tests wait for what they spawn")]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use futures_util::future::join_all;

use super::{BUMP, COUNTER, HEAD, HERE, NOTE, NOTES, id, options};
use crate::{
    lab::{on_postgres, on_sqlite},
    store::{Conn, DatabaseUrl, Durability, Options, Shard, Sql, Store, StoreError},
};

const ROOM: Sql = Sql::split("a limit that stands for a full disk", "PRAGMA max_page_count = 60", "SELECT 1");
const MORE_ROOM: Sql =
    Sql::split("a limit that stands for a full disk", "PRAGMA max_page_count = 1073741823", "SELECT 1");
const KILL: Sql = Sql::split(
    "an outage",
    "SELECT 1",
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
);

async fn post(store: &Store, shard: u64, counter: i64, text: String) -> Result<i64, StoreError> {
    store.write(Shard(shard), move |conn| Box::pin(note(conn, counter, text))).await
}

fn note<'t>(
    conn: &'t mut Conn<'_>,
    counter: i64,
    text: String,
) -> crate::store::BoxFuture<'t, Result<i64, StoreError>> {
    Box::pin(async move {
        let seq: i64 = conn.one(BUMP, counter).await?;
        let key = id((u128::from(counter.unsigned_abs()) << 64) | u128::from(seq.unsigned_abs()));
        conn.run(NOTE, (key, counter, seq, text)).await?;
        Ok(seq)
    })
}

async fn counter(store: &Store, number: i64) {
    store.write(HERE, move |conn| Box::pin(async move { conn.run(COUNTER, number).await })).await.unwrap();
}

async fn notes(store: &Store, counter: i64) -> Vec<(i64, String)> {
    store.read(|conn| Box::pin(conn.all(NOTES, counter))).await.map_err(|error: StoreError| error).unwrap()
}

#[test]
fn a_full_disk_is_an_error_and_writes_return_by_themselves() {
    on_sqlite(options(), |store| async move {
        counter(&store, 1).await;
        let room = |sql| store.write(HERE, move |conn| Box::pin(async move { conn.one::<i64>(sql, ()).await }));
        room(ROOM).await.map_err(|error: StoreError| error).unwrap();
        let mut acknowledged = Vec::new();
        for round in 0..6 {
            // Small and large ones in the same group: the group goes down together.
            let writes = (0..10).map(|at| post(&store, 1, 1, "x".repeat(if at == 5 { 40_000 } else { 10 })));
            let answers = join_all(writes).await;
            assert!(round < 5 || answers.iter().any(Result::is_err), "the premise: the disk is full");
            for answer in answers {
                match answer {
                    Ok(seq) => acknowledged.push(seq),
                    Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
                }
            }
        }
        let stored: Vec<i64> = notes(&store, 1).await.into_iter().map(|(seq, _)| seq).collect();
        assert_eq!(stored, acknowledged, "reads go on, and show what was acknowledged, no more and no less");
        room(MORE_ROOM).await.map_err(|error: StoreError| error).unwrap();
        let next = i64::try_from(stored.len()).unwrap() + 1;
        assert_eq!(post(&store, 1, 1, "x".repeat(40_000)).await, Ok(next));
        assert_eq!(store.failed(), None);
    });
}

#[test]
fn a_store_that_failed_writes_nothing_more_but_reads() {
    on_sqlite(options(), |store| async move {
        counter(&store, 1).await;
        let waiting = tokio::spawn({
            let store = store.clone();
            async move { store.failure().await }
        });
        store.0.failure.send_replace(Some("a sync failed".to_owned()));
        assert_eq!(waiting.await.unwrap(), "a sync failed");
        assert_eq!(post(&store, 1, 1, "x".to_owned()).await, Err(StoreError::Unavailable("a sync failed".to_owned())));
        assert_eq!(notes(&store, 1).await, []);
    });
}

#[test]
fn the_log_stays_short_under_constant_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&url, Options { durability: Durability::Process, ..options() }).await.unwrap();
        counter(&store, 1).await;
        let done = Arc::new(AtomicBool::new(false));
        let readers = (0..2).map(|_| {
            let (store, done) = (store.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                while !done.load(Ordering::Relaxed) {
                    let head = store.read(|conn| Box::pin(conn.one::<i64>(HEAD, 1_i64))).await;
                    head.map_err(|error: StoreError| error).unwrap();
                    tokio::task::yield_now().await;
                }
            })
        });
        let readers: Vec<_> = readers.collect();
        let (mut written, mut longest) = (0, 0);
        while written < 160 << 20 {
            let writes = (0..32).map(|_| post(&store, 1, 1, "x".repeat(40_000)));
            assert!(join_all(writes).await.iter().all(Result::is_ok));
            written += 32 * 40_000;
            longest = longest.max(size(&path, "-wal"));
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.await.unwrap();
        }
        store.close().await;
        assert!(longest < 48 << 20, "{} MB of log", longest >> 20);
    });
}

fn size(path: &Path, ending: &str) -> u64 {
    std::fs::metadata(format!("{}{ending}", path.display())).map_or(0, |file| file.len())
}

#[test]
fn connections_that_are_cut_lose_nothing_that_was_acknowledged() {
    on_postgres(options(), |store| async move {
        for number in 0..4 {
            counter(&store, number).await;
        }
        let done = Arc::new(AtomicBool::new(false));
        let refused = Arc::new(AtomicUsize::new(0));
        let posters = (0..8_i64).map(|number| {
            let (store, done, counter) = (store.clone(), Arc::clone(&done), number % 4);
            let refused = Arc::clone(&refused);
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                while !done.load(Ordering::Relaxed) {
                    match post(&store, counter.unsigned_abs(), counter, format!("{number}")).await {
                        Ok(seq) => acknowledged.push((counter, seq)),
                        Err(StoreError::Unavailable(_)) => {
                            refused.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => panic!("{error:?}"),
                    }
                }
                acknowledged
            })
        });
        let posters: Vec<_> = posters.collect();
        let mut cuts = 0;
        // Until somebody noticed: a cut may fall between two writes.
        while cuts < 10 || refused.load(Ordering::Relaxed) == 0 {
            cuts += 1;
            // Until everybody is writing again.
            for number in 0..4 {
                while post(&store, number, number.cast_signed(), "again".to_owned()).await.is_err() {}
            }
            let cut = store.read(|conn| Box::pin(conn.one::<i64>(KILL, ()))).await;
            assert!(cut.map_err(|error: StoreError| error).unwrap() >= 4, "the premise: the writers were cut");
        }
        done.store(true, Ordering::Relaxed);
        let mut acknowledged = Vec::new();
        for poster in posters {
            acknowledged.extend(poster.await.unwrap());
        }
        for counter in 0..4_i64 {
            while post(&store, counter.unsigned_abs(), counter, "back".to_owned()).await.is_err() {}
            let seqs: Vec<i64> = notes(&store, counter).await.into_iter().map(|(seq, _)| seq).collect();
            assert!(seqs.iter().copied().eq((1..).take(seqs.len())), "no gap");
            for (_, seq) in acknowledged.iter().filter(|(of, _)| *of == counter) {
                assert!(seqs.contains(seq), "{seq} was acknowledged");
            }
        }
        assert_eq!(store.failed(), None);
    });
}
