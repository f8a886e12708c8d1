use std::{collections::BTreeSet, sync::atomic::Ordering};

use futures_util::future::join_all;
use uuid::Uuid;

use super::{Bench, LEASE, Process, quick};
use crate::{
    domain::{Lane, RecordId, Time},
    each_engine,
    queue::{Pace, acknowledge::Page, claim::Found, worker::News},
    store::{
        Shard, Store, StoreError,
        outbox::{self, Claim, Control, Taken},
    },
};

// Q04
each_engine! {
    async fn two_workers_never_hold_the_same_record(store: Store) {
        let mut bench = Bench::new(&store);
        bench.write_free((0..400).map(|n| bench.record(Uuid::nil(), n, 1)).collect()).await;
        let (one, two) = (bench.process(), bench.process());
        let mut topics = BTreeSet::new();
        for _ in 0..400 {
            let heard = bench.hear().await;
            assert_eq!(heard.attempts, 1);
            assert!(topics.insert(heard.topic), "{heard:?} came twice");
        }
        bench.done().await;
        bench.close(&[&one, &two]).await;
        assert!(bench.heard.try_recv().is_err(), "nothing came twice");
        assert!(!bench.twice.load(Ordering::SeqCst));
        let taken = |process: &Process| process.meter.figures().of(Lane::General).taken_over;
        assert_eq!(taken(&one) + taken(&two), 400);
    }
}

// Q04
each_engine! {
    async fn claims_at_once_are_disjoint(store: Store) {
        let bench = Bench::new(&store);
        bench.write_free((0..60).map(|n| bench.record(Uuid::nil(), n % 7, 1 + i64::try_from(n).unwrap() / 7)).collect()).await;
        let now = bench.clock.clock().now();
        let claims = (1..=4).map(|node| {
            let claim = Claim {
                lane: Lane::General, handlers: vec![outbox::Hands { handler: "teller".to_owned(), free: 9 }], owner: Uuid::from_u128(node), now,
                until: now.plus(LEASE), limit: 20, last: 20, skip: 0,
            };
            // Each by another writer, where there are several.
            store.write::<_, StoreError, _>(Shard(u64::try_from(node).unwrap()), move |conn| {
                Box::pin(async move { outbox::claim(conn, &claim).await })
            })
        });
        let claimed: Vec<RecordId> = join_all(claims).await.into_iter().flat_map(|taken| taken.unwrap().records).map(|r| r.id).collect();
        assert!(claimed.len() >= 20, "somebody took something");
        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), claimed.len());
    }
}

// Q02, Q10, M10: the commit happened, the hand-over is lost with its process.
each_engine! {
    async fn an_abandoned_record_is_taken_over_when_its_lease_runs_out(store: Store) {
        let mut bench = Bench::new(&store);
        let dead = Uuid::from_u128(7);
        bench.write(vec![bench.record(dead, 1, 1)]).await;
        let process = bench.process();
        // What comes now is done; the other one still belongs to its process.
        bench.commit(&process, vec![bench.record(process.node, 2, 1)]).await;
        assert_eq!(bench.hear_places(1).await, [(2, 1)]);
        bench.until(|status| status.processing == 1).await;
        bench.clock.advance(LEASE / 2);
        bench.commit(&process, vec![bench.record(process.node, 3, 1)]).await;
        assert_eq!(bench.hear_places(1).await, [(3, 1)]);
        bench.clock.advance(LEASE / 2);
        let heard = bench.hear().await;
        assert_eq!((heard.topic.as_u128(), heard.attempts), (1, 2), "taken over, as its second attempt");
        bench.done().await;
        bench.close(&[&process]).await;
        assert!(bench.heard.try_recv().is_err());
    }
}

// Q10
each_engine! {
    async fn a_lease_is_extended_while_its_record_is_at_work(store: Store) {
        let mut bench = Bench::new(&store);
        bench.gate = Some(std::sync::Arc::new(tokio::sync::Semaphore::new(0)));
        // A third of this lease is 20 ms: that often it is extended.
        let pace = Pace { lease: 60_000, ..quick(bench.lane) };
        let slow = bench.process_at(pace);
        let record = bench.record(slow.node, 1, 1);
        let brief = record.now.plus(60_000);
        bench.commit(&slow, vec![crate::store::outbox::NewRecord { lease_until: brief, ..record }]).await;
        assert_eq!(bench.hear().await.node, slow.node);
        let id = only_lease(&store).await.0;
        for _ in 0..3 {
            let before = bench.clock.clock().now();
            bench.clock.advance(50_000);
            while only_lease(&store).await.1 < before.plus(60_000) {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(only_lease(&store).await.0, id);
        bench.gate.as_ref().unwrap().add_permits(9);
        bench.done().await;
        bench.close(&[&slow]).await;
        assert!(bench.heard.try_recv().is_err(), "it came once");
    }
}

async fn only_lease(store: &Store) -> (RecordId, Time) {
    let lease = crate::store::Sql::both("SELECT id, lease_until FROM lane_records");
    store.read::<_, StoreError, _>(move |conn| Box::pin(conn.one::<(RecordId, Time)>(lease, ()))).await.unwrap()
}

// Q03
each_engine! {
    async fn a_bell_wakes_a_lane_long_before_its_poll(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process_at(Pace { poll: std::time::Duration::from_hours(1), ..quick(bench.lane) });
        // The first poll comes at once; after it only a bell is heard.
        bench.commit(&process, vec![bench.record(process.node, 1, 1)]).await;
        assert_eq!(bench.hear_places(1).await, [(1, 1)]);
        bench.write_free(vec![bench.record(Uuid::nil(), 2, 1)]).await;
        process.dispatch.hand_over(crate::store::outbox::Committed { wake: vec![bench.lane], ..Default::default() });
        assert_eq!(bench.hear_places(1).await, [(2, 1)]);
        bench.close(&[&process]).await;
    }
}

// Q04: what only another version of the program can do is left to it.
each_engine! {
    async fn records_of_unknown_handlers_are_left_alone(store: Store) {
        let mut bench = Bench::new(&store);
        let other = crate::store::outbox::NewRecord { handler: "another", ..bench.record(Uuid::nil(), 1, 1) };
        bench.write_free(vec![other, bench.record(Uuid::nil(), 2, 1)]).await;
        let process = bench.process();
        assert_eq!(bench.hear_places(1).await, [(2, 1)]);
        let status = bench.until(|status| status.processing == 0).await;
        assert_eq!((status.pending, status.dead), (1, 0));
        bench.close(&[&process]).await;
    }
}

// Q11: a crowd behind a record that waits for its next attempt does not hide what is behind the crowd.
each_engine! {
    async fn what_waits_behind_a_crowd_is_found(store: Store) {
        let mut bench = Bench::new(&store);
        let first = bench.record(Uuid::nil(), 1, 0);
        let later = first.now.plus(Time::DAY);
        bench.write(vec![crate::store::outbox::NewRecord { due: Some(later), ..first }]).await;
        bench.write_free((1..3_000).map(|seq| bench.record(Uuid::nil(), 1, seq)).collect()).await;
        bench.write_free(vec![bench.record(Uuid::nil(), 2, 1)]).await;
        let process = bench.process();
        assert_eq!(bench.hear_places(1).await, [(2, 1)]);
        bench.until(|status| (status.planned, status.pending, status.processing) == (1, 2_999, 0)).await;
        bench.clock.advance(Time::DAY);
        let expected: Vec<(u128, i64)> = (0..3_000).map(|seq| (1, seq)).collect();
        assert_eq!(bench.hear_places(3_000).await, expected, "in order, from the first on");
        bench.close(&[&process]).await;
    }
}

// Q04: the claim and the write cross each other: whichever comes first, the record is neither kept nor done twice.
each_engine! {
    async fn a_record_claimed_while_it_is_written_is_let_go_of(store: Store) {
        let bench = Bench::new(&store);
        let (mut worker, process) = bench.worker(quick(bench.lane));
        let record = bench.record(process.node, 1, 1);
        worker.held.insert(record.id);
        let control = Control { paused: false, width: 4 };
        let taken = Taken { records: vec![record.claimed()], ..Taken::default() };
        worker.hear(News::Looked(Ok(Found { control, taken, buried: 0, more: false })));
        assert!(worker.ledger.page().is_none(), "what became of it is being written");
        worker.hear(News::Written(Page { returned: vec![record.id], ..Page::default() }, Ok(())));
        let page = worker.ledger.page().unwrap();
        assert_eq!(page.returned, [record.id], "the claim is undone");
        worker.hear(News::Written(page, Ok(())));
        assert!(worker.held.is_empty());
    }
}
