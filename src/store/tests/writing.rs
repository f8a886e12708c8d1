use std::{
    collections::BTreeSet,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{
    FutureExt,
    future::{join_all, maybe_done},
};

use super::{BUMP, COUNT, COUNTER, HEAD, HERE, LATE, NOTE, NOTE_RETURNING, NOTES, id, listening, options};
use crate::{
    each_engine,
    lab::{on_postgres, on_sqlite},
    store::{Broken, Conn, Options, Shard, Sql, Store, StoreError},
};

const JSON: Sql = Sql::both("INSERT INTO kinds (id, text) VALUES ($1, $2)");

async fn counter(store: &Store, number: i64) {
    store.write(HERE, move |conn| Box::pin(async move { conn.run(COUNTER, number).await })).await.unwrap();
}

/// What a post does: takes the next number, keeps a note under it, hands it over.
async fn note(conn: &mut Conn<'_>, counter: i64, text: &str) -> Result<i64, StoreError> {
    let seq: i64 = conn.one(BUMP, counter).await?;
    let key = id((u128::from(counter.unsigned_abs()) << 64) | u128::from(seq.unsigned_abs()));
    conn.run(NOTE, (key, counter, seq, text)).await?;
    conn.after_commit(seq);
    Ok(seq)
}

async fn seqs(store: &Store, counter: i64) -> Vec<i64> {
    let notes = store.read(|conn| Box::pin(conn.all::<(i64, String)>(NOTES, counter))).await;
    notes.map_err(|error: StoreError| error).unwrap().into_iter().map(|(seq, _)| seq).collect()
}

/// Many writes at once, every seventh failing after it has written and every eleventh panicking.
async fn many(store: Store, heard: Arc<std::sync::Mutex<Vec<i64>>>) {
    counter(&store, 1).await;
    let writes = (0..1_000).map(|number| {
        store.write(HERE, move |conn| {
            Box::pin(async move {
                let seq = note(conn, 1, &format!("note {number}")).await?;
                assert!(number % 11 != 0, "this one panics");
                if number % 7 == 0 { Err(StoreError::other("this one fails")) } else { Ok(seq) }
            })
        })
    });
    let answers = join_all(writes).await;
    let kept: BTreeSet<i64> = answers.iter().filter_map(|answer| answer.as_ref().ok().copied()).collect();
    let expected = (0..1_000).filter(|number| number % 11 != 0 && number % 7 != 0).count();
    assert_eq!(kept.len(), expected);
    let gapless: Vec<i64> = (1..).take(expected).collect();
    assert_eq!(seqs(&store, 1).await, gapless, "what failed left no gap");
    assert_eq!(*heard.lock().unwrap(), gapless, "handed over in commit order, only what was kept");
    assert!(answers.contains(&Err(StoreError::other("this one fails"))));
    assert!(answers.contains(&Err(StoreError::other("the job panicked: this one panics"))));
}

#[test]
fn failing_and_panicking_writes_are_undone_alone_on_sqlite() {
    let (sink, heard) = listening();
    on_sqlite(Options { sink: Some(sink), ..options() }, |store| many(store, heard));
}

#[test]
fn failing_and_panicking_writes_are_undone_alone_on_postgres() {
    let (sink, heard) = listening();
    on_postgres(Options { sink: Some(sink), ..options() }, |store| many(store, heard));
}

each_engine! { with options();
    async fn conflicts_have_the_same_names(store: Store) {
        fn conflict<T>(broken: Broken, constraint: &str) -> Result<T, StoreError> {
            Err(StoreError::Conflict { broken, constraint: constraint.to_owned() })
        }
        counter(&store, 1).await;
        let write = |args: (u128, i64, i64, &'static str)| {
            let args = (id(args.0), args.1, args.2, args.3);
            store.write(HERE, move |conn| Box::pin(async move { conn.one::<i64>(NOTE_RETURNING, args).await }))
        };
        assert_eq!(write((1, 1, 1, "a")).await, Ok(1));
        assert_eq!(write((1, 1, 2, "b")).await, conflict(Broken::Unique, "notes.id"));
        assert_eq!(write((2, 1, 1, "b")).await, conflict(Broken::Unique, "notes.counter,seq"));
        assert_eq!(write((2, 1, 2, "")).await, conflict(Broken::Check, "notes_text"));
        assert_eq!(write((2, 9, 2, "b")).await, conflict(Broken::Foreign, ""));
        let null = Sql::both("INSERT INTO notes (id, counter, seq) VALUES ($1, 1, 5)");
        let null = store.write(HERE, move |conn| Box::pin(async move { conn.run(null, id(7)).await })).await;
        assert_eq!(null, conflict(Broken::NotNull, "notes.text"));
        let lower = |number: i64, text: &'static str| {
            store.write(HERE, move |conn| Box::pin(async move { conn.run(JSON, (number, text)).await }))
        };
        assert_eq!(lower(1, "Word").await, Ok(1));
        assert_eq!(lower(2, "wORD").await, conflict(Broken::Unique, "kinds_text"));
        assert_eq!(seqs(&store, 1).await, [1]);
    }
}

each_engine! { with options();
    async fn what_is_sent_together_is_there_for_the_next_statement_and_fails_with_its_job(store: Store) {
        counter(&store, 1).await;
        let kept: Result<i64, StoreError> = store.write(HERE, |conn| Box::pin(async move {
            // More than go into one round trip.
            for seq in 1..=150_i64 {
                conn.send(NOTE, (id(u128::from(seq.unsigned_abs())), 1_i64, seq, "sent")).await?;
            }
            let seen: i64 = conn.one(COUNT, ()).await?;
            conn.send(NOTE, (id(1_000), 1_i64, 151_i64, "the last, which nothing follows")).await?;
            Ok(seen)
        })).await;
        assert_eq!(kept, Ok(150));
        assert_eq!(seqs(&store, 1).await, (1..=151).collect::<Vec<i64>>());

        let refused: Result<(), StoreError> = store.write(HERE, |conn| Box::pin(async move {
            conn.send(NOTE, (id(1_001), 1_i64, 152_i64, "undone with its neighbour")).await?;
            let _ = conn.send(NOTE, (id(1_002), 1_i64, 152_i64, "the place is taken")).await;
            Ok(())
        })).await;
        assert!(refused.is_err_and(|error| error.is_taken("notes.counter,seq")));
        assert_eq!(seqs(&store, 1).await.len(), 151);
    }
}

each_engine! { with options();
    async fn a_write_cannot_go_on_after_a_statement_failed(store: Store) {
        counter(&store, 1).await;
        let answer: Result<(), StoreError> = store.write(HERE, |conn| Box::pin(async move {
            note(conn, 1, "kept?").await?;
            let again = conn.run(COUNTER, 1_i64).await;
            assert!(again.is_err(), "the premise: it is taken");
            // Forgets the error, as if nothing had happened.
            let _ = note(conn, 1, "after").await;
            Ok(())
        })).await;
        assert!(answer.is_err_and(|error| error.is_taken("counters.id")));
        assert_eq!(seqs(&store, 1).await, Vec::<i64>::new());
    }
}

each_engine! { with options();
    async fn a_failed_commit_is_an_error_to_each_of_its_writes(store: Store) {
        counter(&store, 1).await;
        // A deferred key is only looked at by the commit.
        let late = |number: i64, counter: i64| {
            store.write(HERE, move |conn| Box::pin(async move { conn.run(LATE, (number, counter)).await }))
        };
        let answers = join_all([late(1, 1), late(2, 99), late(3, 1)]).await;
        let stored = store.read(|conn| Box::pin(conn.all::<i64>(Sql::both("SELECT id FROM late ORDER BY id"), ()))).await;
        let stored: Vec<i64> = stored.map_err(|error: StoreError| error).unwrap();
        assert!(matches!(&answers[1], Err(StoreError::Unavailable(_))), "{answers:?}");
        for (answer, number) in answers.iter().zip(1..) {
            assert_eq!(answer.is_ok(), stored.contains(&number), "acknowledged means stored: {answers:?}");
        }
        assert_eq!(late(4, 1).await, Ok(1), "and the next group is not affected");
    }
}

each_engine! { with options();
    async fn a_write_is_done_even_if_nobody_waits_for_it(store: Store) {
        counter(&store, 1).await;
        let mut write = Box::pin(store.write(HERE, |conn| Box::pin(note(conn, 1, "unheard"))));
        let _: Option<Result<i64, StoreError>> = (&mut write).now_or_never();
        drop(write);
        counter(&store, 2).await;
        assert_eq!(seqs(&store, 1).await, [1]);
    }
}

each_engine! { with options();
    async fn closing_finishes_what_is_queued_and_takes_nothing_more(store: Store) {
        counter(&store, 1).await;
        // The writes are asked first, so they stand before the closing in the queue.
        let writes = join_all((0..100).map(|_| store.write(HERE, |conn| Box::pin(note(conn, 1, "x")))));
        let (answers, ()) = tokio::join!(biased; writes, store.close());
        assert!(answers.iter().all(Result::<i64, StoreError>::is_ok));
        let late = store.write(HERE, |conn| Box::pin(note(conn, 1, "late"))).await;
        assert!(matches!(late, Err(StoreError::Unavailable(_))));
    }
}

each_engine! { with options();
    async fn writes_that_wait_for_each_other_end_and_nothing_is_half_done(store: Store) {
        counter(&store, 1).await;
        counter(&store, 2).await;
        let meet = Arc::new((tokio::sync::Barrier::new(2), AtomicUsize::new(0)));
        let one_writer = matches!(store.0.writers.len(), 1);
        let cross = |shard, first: i64, second: i64| {
            let meet = Arc::clone(&meet);
            store.write(Shard(shard), move |conn| Box::pin(async move {
                conn.one::<i64>(BUMP, first).await?;
                // A write must wait for nothing but its connection; this is to be sure of the deadlock, once each.
                let (meet, times) = &*meet;
                if !one_writer && times.fetch_add(1, Ordering::SeqCst) < 2 {
                    meet.wait().await;
                }
                conn.one::<i64>(BUMP, second).await
            }))
        };
        let (a, b) = tokio::join!(cross(1, 1, 2), cross(2, 2, 1));
        let done = i64::from(a.is_ok()) + i64::from(b.is_ok());
        assert!(done >= 1, "{a:?} {b:?}");
        for lost in [a, b].into_iter().filter_map(Result::err) {
            assert!(lost.is_retryable(), "{lost:?}");
        }
        for number in [1_i64, 2] {
            let head = store.read(|conn| Box::pin(conn.one::<i64>(HEAD, number))).await;
            assert_eq!(head, Ok::<_, StoreError>(done));
        }
        let notes = store.read(|conn| Box::pin(conn.one::<i64>(COUNT, ()))).await;
        assert_eq!(notes, Ok::<_, StoreError>(0));
    }
}

each_engine! { with options();
    async fn closing_does_not_wait_for_who_stopped_asking(store: Store) {
        counter(&store, 1).await;
        // Past tokio's budget of one poll, a send holds its room in the queue and waits to be polled again.
        let write = |_| maybe_done(Box::pin(store.write(HERE, |conn| Box::pin(note(conn, 1, "x")))));
        let mut writes: Vec<_> = (0..200).map(write).collect();
        for write in &mut writes {
            let _ = write.now_or_never();
        }
        store.close().await;
        join_all(&mut writes).await;
        let answers = writes.iter_mut().filter_map(|write| Pin::new(write).take_output());
        let (done, refused): (Vec<_>, Vec<Result<i64, StoreError>>) = answers.partition(Result::is_ok);
        assert!(!done.is_empty());
        assert!(refused.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))), "{refused:?}");
    }
}
