use uuid::Uuid;

use super::{Bench, LEASE, grant};
use crate::{
    domain::{Lane, Priority, Time},
    each_engine,
    queue::Batch,
    store::{
        Shard, StoreError,
        outbox::{self, NewRecord},
    },
};

async fn set_width(bench: &Bench, width: i64) {
    let (lane, now) = (bench.lane, bench.clock.clock().now());
    let set = bench.store.write::<_, StoreError, _>(Shard(1), move |conn| {
        Box::pin(async move { outbox::set_width(conn, &grant(), lane, width, now).await })
    });
    set.await.unwrap();
}

// Q11
each_engine! {
    async fn the_more_urgent_comes_first_then_the_older(store: Store) {
        let mut bench = Bench::new(&store);
        set_width(&bench, 1).await;
        let urgent = [Priority::Low, Priority::Normal, Priority::Critical, Priority::Normal, Priority::High, Priority::Critical];
        let mut records = Vec::new();
        for (topic, priority) in (1_u128..).zip(urgent) {
            records.push(NewRecord { priority, ..bench.record(Uuid::nil(), topic, 1) });
        }
        // Written in another order than they were made.
        records.rotate_left(2);
        bench.write_free(records).await;
        let process = bench.process();
        assert_eq!(bench.hear_places(6).await, [(3, 1), (6, 1), (5, 1), (2, 1), (4, 1), (1, 1)]);
        bench.close(&[&process]).await;
    }
}

// Q11: never before the order within a topic.
each_engine! {
    async fn an_urgent_record_does_not_pass_what_is_before_it_in_its_topic(store: Store) {
        let mut bench = Bench::new(&store);
        set_width(&bench, 1).await;
        let first = NewRecord { priority: Priority::Low, ..bench.record(Uuid::nil(), 1, 1) };
        let second = NewRecord { priority: Priority::Critical, ..bench.record(Uuid::nil(), 1, 2) };
        let other = bench.record(Uuid::nil(), 2, 1);
        bench.write_free(vec![second, other, first]).await;
        let process = bench.process();
        assert_eq!(bench.hear_places(3).await, [(2, 1), (1, 1), (1, 2)]);
        bench.close(&[&process]).await;
    }
}

// Q11
each_engine! {
    async fn a_topic_waits_for_its_failed_record_while_the_others_go_on(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process();
        bench.goes_bad(1, false);
        let places = [(1, 1), (1, 2), (2, 1), (1, 3), (2, 2)];
        bench.commit(&process, places.iter().map(|(topic, seq)| bench.record(process.node, *topic, *seq)).collect()).await;
        let mut first = bench.hear_places(3).await;
        first.sort_unstable();
        assert_eq!(first, [(1, 1), (2, 1), (2, 2)]);
        bench.until(|status| (status.pending, status.retrying, status.processing) == (2, 1, 0)).await;
        // What is committed meanwhile comes behind, too.
        bench.commit(&process, vec![bench.record(process.node, 1, 4), bench.record(process.node, 2, 3)]).await;
        assert_eq!(bench.hear_places(1).await, [(2, 3)]);
        bench.until(|status| (status.pending, status.retrying, status.processing) == (3, 1, 0)).await;
        bench.gets_well();
        bench.clock.advance(Time::MINUTE);
        assert_eq!(bench.hear_places(4).await, [(1, 1), (1, 2), (1, 3), (1, 4)]);
        bench.done().await;
        // And in memory again from now on.
        bench.commit(&process, vec![bench.record(process.node, 1, 5)]).await;
        assert_eq!(bench.hear_places(1).await, [(1, 5)]);
        bench.close(&[&process]).await;
    }
}

// Q06, Q11: the whole topic goes on as soon as its failed record may, not when what was let go is forgotten.
each_engine! {
    async fn what_waited_behind_a_failure_goes_on_with_it(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process();
        bench.goes_bad(1, false);
        bench.commit(&process, (1..=3).map(|seq| bench.record(process.node, 1, seq)).collect()).await;
        assert_eq!(bench.hear_places(1).await, [(1, 1)]);
        bench.until(|status| (status.pending, status.retrying) == (2, 1)).await;
        bench.gets_well();
        bench.clock.advance(LEASE / 3);
        assert_eq!(bench.hear_places(3).await, [(1, 1), (1, 2), (1, 3)]);
        bench.done().await;
        bench.close(&[&process]).await;
        assert_eq!(process.meter.figures().of(bench.lane).returned, 2, "each was let go of once");
    }
}

// Q11
each_engine! {
    async fn a_dead_letter_holds_up_nobody(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process();
        bench.goes_bad(1, true);
        bench.commit(&process, vec![bench.record(process.node, 1, 1), bench.record(process.node, 1, 2)]).await;
        for attempt in 1..=3 {
            assert_eq!(bench.hear_places(1).await, [(1, 1)]);
            if attempt < 3 {
                bench.until(|status| status.retrying == 1).await;
                // Longer than the wait, shorter than a lease: what is handed over this moment is still its process's.
                bench.clock.advance(LEASE / 3);
            }
        }
        assert_eq!(bench.hear_places(1).await, [(1, 2)], "the next one has its turn");
        bench.close(&[&process]).await;
    }
}

// Q11: in memory, through the realtime lane as the hub's handler takes it.
each_engine! {
    async fn what_is_handed_over_keeps_the_order_of_its_topic(store: Store) {
        let mut bench = Bench { lane: Lane::Realtime, batch: Batch::up_to(256), width: 1, ..Bench::new(&store) };
        let process = bench.process();
        let places: Vec<(u128, i64)> = (0..500).map(|n| (n % 5, i64::try_from(n / 5).unwrap() + 1)).collect();
        bench.commit(&process, places.iter().map(|(topic, seq)| bench.record(process.node, *topic, *seq)).collect()).await;
        let heard = bench.hear_places(500).await;
        for topic in 0..5 {
            let seqs: Vec<i64> = heard.iter().filter(|place| place.0 == topic).map(|place| place.1).collect();
            assert_eq!(seqs, (1..=100).collect::<Vec<_>>(), "topic {topic}");
        }
        bench.done().await;
        bench.close(&[&process]).await;
        assert_eq!(process.meter.figures().of(Lane::Realtime).taken_over, 0, "the hot path claims nothing");
    }
}
