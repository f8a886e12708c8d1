use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Bench, LEASE, grant};
use crate::{
    domain::{RecordId, Time, lane::DeadLetter},
    each_engine,
    store::{
        Shard, Sql, Store, StoreError,
        outbox::{self, NewRecord},
    },
};

const HOUR: i64 = 60 * Time::MINUTE;

async fn letters(store: &Store) -> Vec<DeadLetter> {
    let read = store.read::<_, StoreError, _>(|conn| Box::pin(outbox::dead_letters(conn, None, None, 1_000)));
    read.await.unwrap()
}

// Q05, Q14: a hundred bad records, half of which panic, among good ones.
each_engine! {
    async fn a_poison_record_is_tried_three_times_and_moves_nothing_else(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process();
        for topic in 0..100 {
            bench.goes_bad(topic, topic % 2 == 0);
        }
        bench.commit(&process, (0..150).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        // The good ones are done in the first round, whatever happens to the others.
        let mut attempts: BTreeMap<u128, Vec<i64>> = BTreeMap::new();
        for (round, heard) in [150, 100, 100].into_iter().enumerate() {
            for _ in 0..heard {
                let heard = bench.hear().await;
                attempts.entry(heard.topic.as_u128()).or_default().push(heard.attempts);
            }
            if round < 2 {
                bench.until(|status| status.retrying == 100 && status.processing == 0).await;
                bench.clock.advance(HOUR);
            }
        }
        let status = bench.until(|status| status.dead == 100).await;
        assert_eq!((status.pending, status.processing, status.retrying, status.oldest), (0, 0, 0, None));
        for (topic, attempts) in &attempts {
            let expected: &[i64] = if *topic < 100 { &[1, 2, 3] } else { &[1] };
            assert_eq!(attempts, expected, "topic {topic}");
        }
        let figures = process.meter.figures();
        let figures = figures.of(bench.lane);
        assert_eq!((figures.done, figures.failed, figures.died), (50, 300, 100));
        let dead = letters(&store).await;
        let panicked = dead.iter().filter(|letter| letter.error.as_deref() == Some("the handler panicked: told to"));
        assert_eq!(panicked.count(), 50);
        assert!(dead.iter().all(|letter| letter.attempts == 3));
        // Each can be replayed, and is done once what was wrong is mended.
        bench.gets_well();
        let ids: Vec<RecordId> = dead.iter().map(|letter| letter.id).collect();
        let now = bench.clock.clock().now();
        let replayed = store.write::<_, StoreError, _>(Shard(1), move |conn| Box::pin(async move {
            for id in &ids {
                assert!(outbox::replay(conn, &grant(), *id, now).await?.is_some());
            }
            Ok(())
        }));
        replayed.await.unwrap();
        for _ in 0..100 {
            assert_eq!(bench.hear().await.attempts, 1, "from the first attempt");
        }
        let status = bench.until(|status| status.pending + status.processing + status.dead == 0).await;
        assert_eq!(status.retrying, 0);
        bench.close(&[&process]).await;
    }
}

// Q06
each_engine! {
    async fn the_next_attempt_is_persisted_and_not_made_before_its_time(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process();
        bench.goes_bad(1, false);
        let record = bench.record(process.node, 1, 1);
        let wait = crate::queue::Backoff::of(record.name).after(1, record.id);
        bench.commit(&process, vec![record]).await;
        assert_eq!(bench.hear().await.attempts, 1);
        bench.until(|status| status.retrying == 1).await;
        // The wait outlives the process.
        bench.close(&[&process]).await;
        let next = Sql::both("SELECT next_attempt_at, lease_until FROM lane_records");
        let read = store.read::<_, StoreError, _>(move |conn| Box::pin(conn.one::<(Time, Time)>(next, ())));
        let (next, free) = read.await.unwrap();
        assert_eq!(next, free);
        assert!(next > bench.clock.clock().now());
        let mut bench = Bench { tasks: tokio_util::task::TaskTracker::new(), ..bench };
        let process = bench.process();
        bench.clock.advance(wait / 2);
        bench.commit(&process, vec![bench.record(process.node, 2, 1)]).await;
        assert_eq!(bench.hear_places(1).await, [(2, 1)], "half of the wait is not enough");
        bench.clock.advance(wait);
        let heard = bench.hear().await;
        assert_eq!((heard.topic.as_u128(), heard.attempts), (1, 2));
        bench.close(&[&process]).await;
    }
}

// Q05, Q10: a record that ends its process is not given a fourth one.
each_engine! {
    async fn a_record_whose_process_dies_in_each_attempt_ends_as_a_dead_letter(store: Store) {
        let mut bench = Bench::new(&store);
        bench.write(vec![bench.record(Uuid::from_u128(1), 1, 1)]).await;
        for killed in 2_u128..=3 {
            bench.clock.advance(LEASE + Time::SECOND);
            let now = bench.clock.clock().now();
            let claim = outbox::Claim {
                lane: bench.lane, handlers: vec![outbox::Hands { handler: "teller".to_owned(), free: 9 }], owner: Uuid::from_u128(killed), now,
                until: now.plus(LEASE), limit: 9, last: 9, skip: 0,
            };
            let claimed = store.write::<_, StoreError, _>(Shard(1), move |conn| Box::pin(async move { outbox::claim(conn, &claim).await }));
            assert_eq!(claimed.await.unwrap().records[0].attempts, i64::try_from(killed).unwrap());
        }
        bench.clock.advance(LEASE + Time::SECOND);
        let process = bench.process();
        bench.until(|status| status.dead == 1).await;
        assert_eq!(letters(&store).await[0].error.as_deref(), Some("the process ended during the last attempt"));
        bench.commit(&process, vec![bench.record(process.node, 2, 1)]).await;
        assert_eq!(bench.hear_places(1).await, [(2, 1)], "it was not tried again");
        bench.close(&[&process]).await;
    }
}

/// As a process does that takes what it finds and dies before it begins any of it.
async fn take_and_die(bench: &Bench, node: u128) -> usize {
    let now = bench.clock.clock().now();
    let claim = outbox::Claim {
        lane: bench.lane,
        handlers: vec![outbox::Hands { handler: "teller".to_owned(), free: 4 }],
        owner: Uuid::from_u128(node),
        now,
        until: now.plus(LEASE),
        limit: 256,
        last: 4,
        skip: 0,
    };
    let claimed = bench
        .store
        .write::<_, StoreError, _>(Shard(1), move |conn| Box::pin(async move { outbox::claim(conn, &claim).await }));
    let taken = claimed.await.unwrap().records.len();
    bench.clock.advance(LEASE + Time::SECOND);
    taken
}

// Q05, Q10: processes that die again and again bury only what they could have begun.
each_engine! {
    async fn a_last_attempt_is_taken_only_by_who_begins_it_at_once(store: Store) {
        let mut bench = Bench::new(&store);
        bench.write(vec![bench.record(Uuid::from_u128(1), 0, 1)]).await;
        bench.write((1..=60).map(|topic| bench.record(Uuid::from_u128(1), topic, 1)).collect()).await;
        bench.clock.advance(LEASE + Time::SECOND);
        assert_eq!(take_and_die(&bench, 2).await, 61, "the second attempt of all");
        assert_eq!(take_and_die(&bench, 3).await, 4, "the last attempt of as many as there are hands");
        assert_eq!(take_and_die(&bench, 4).await, 4);
        let process = bench.process();
        for _ in 0..53 {
            assert_eq!(bench.hear().await.attempts, 3);
        }
        bench.done().await;
        assert_eq!(letters(&store).await.len(), 8);
        bench.close(&[&process]).await;
    }
}

// Q05, Q13: as many last attempts as hands, whatever else waits.
each_engine! {
    async fn a_worker_takes_no_last_attempt_that_it_cannot_begin(store: Store) {
        let mut bench = Bench { gate: Some(std::sync::Arc::new(tokio::sync::Semaphore::new(0))), ..Bench::new(&store) };
        bench.write((1..=20).map(|topic| bench.record(Uuid::from_u128(1), topic, 1)).collect()).await;
        bench.clock.advance(LEASE + Time::SECOND);
        take_and_die(&bench, 2).await;
        bench.write_free((21..=40).map(|topic| bench.record(Uuid::nil(), topic, 1)).collect()).await;
        let process = bench.process();
        for _ in 0..4 {
            bench.hear().await;
        }
        let begun = Sql::both("SELECT count(*) FROM lane_records WHERE attempts = 3");
        for _ in 0..20 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            let read = store.read::<_, StoreError, _>(move |conn| Box::pin(conn.one::<(i64,)>(begun, ())));
            assert!(read.await.unwrap().0 <= 4, "no more than there are hands");
        }
        bench.gate.as_ref().unwrap().add_permits(40);
        for _ in 0..36 {
            bench.hear().await;
        }
        bench.done().await;
        bench.close(&[&process]).await;
        assert_eq!(letters(&store).await.len(), 0);
    }
}

// Q06: those whose time has not come are in nobody's way, and woken when it has.
each_engine! {
    async fn records_for_later_stand_aside_until_their_time(store: Store) {
        let mut bench = Bench::new(&store);
        let now = bench.clock.clock().now();
        let later = |topic: u128, due| NewRecord { due: Some(due), ..bench.record(Uuid::nil(), topic, 1) };
        bench.write((0..40).map(|topic| later(topic, now.plus(HOUR))).collect()).await;
        bench.write(vec![later(50, now)]).await;
        let aside = Sql::both("SELECT count(*) FROM lane_records WHERE waits");
        let read = store.read::<_, StoreError, _>(move |conn| Box::pin(conn.one::<(i64,)>(aside, ())));
        assert_eq!(read.await.unwrap().0, 40);
        let process = bench.process();
        assert_eq!(bench.hear_places(1).await, [(50, 1)]);
        bench.until(|status| status.planned == 40 && status.pending == 0 && status.processing == 0).await;
        bench.clock.advance(HOUR);
        let mut places = bench.hear_places(40).await;
        places.sort_unstable();
        assert_eq!(places, (0..40).map(|topic| (topic, 1)).collect::<Vec<_>>());
        bench.done().await;
        bench.close(&[&process]).await;
    }
}
