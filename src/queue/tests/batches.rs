use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::sync::Semaphore;

use super::{Bench, quick};
use crate::{
    each_engine,
    queue::{Batch, Pace},
};

// Q13
each_engine! {
    async fn a_batch_is_as_large_as_its_handler_wants(store: Store) {
        let batch = Batch { size: 10, wait: Duration::from_hours(1) };
        let mut bench = Bench { batch, ..Bench::new(&store) };
        let process = bench.process();
        bench.commit(&process, (0..9).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        bench.until(|status| status.processing == 9).await;
        assert!(bench.heard.try_recv().is_err(), "nine wait for a tenth");
        bench.commit(&process, vec![bench.record(process.node, 9, 1)]).await;
        for _ in 0..10 {
            assert_eq!(bench.hear().await.batch, 10);
        }
        bench.close(&[&process]).await;
    }
}

// Q13
each_engine! {
    async fn a_batch_does_not_wait_for_ever(store: Store) {
        let batch = Batch { size: 10, wait: Duration::from_millis(20) };
        let mut bench = Bench { batch, ..Bench::new(&store) };
        let process = bench.process();
        bench.commit(&process, (0..3).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        for _ in 0..3 {
            assert_eq!(bench.hear().await.batch, 3);
        }
        bench.close(&[&process]).await;
    }
}

// Q13
each_engine! {
    async fn a_handler_is_at_work_as_often_as_its_width_says(store: Store) {
        let gate = Arc::new(Semaphore::new(0));
        let mut bench = Bench { width: 3, gate: Some(gate.clone()), ..Bench::new(&store) };
        let process = bench.process();
        bench.commit(&process, (0..20).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        bench.hear_places(3).await;
        gate.add_permits(100);
        bench.hear_places(17).await;
        bench.done().await;
        assert_eq!(bench.most.load(Ordering::SeqCst), 3);
        bench.close(&[&process]).await;
    }
}

// Q13: the general lane is 4 wide.
each_engine! {
    async fn a_handler_leaves_hands_to_others_as_far_as_there_are_any(store: Store) {
        for (leaves, most) in [(1, 3), (9, 1)] {
            let gate = Arc::new(Semaphore::new(0));
            let mut bench = Bench { width: 8, leaves, gate: Some(gate.clone()), ..Bench::new(&store) };
            let process = bench.process();
            bench.commit(&process, (0..20).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
            bench.hear_places(most).await;
            gate.add_permits(100);
            bench.hear_places(20 - most).await;
            bench.done().await;
            assert_eq!(bench.most.load(Ordering::SeqCst), most);
            bench.close(&[&process]).await;
        }
    }
}

// Q13, P02: what there is no room for waits in the database.
each_engine! {
    async fn a_flood_waits_in_the_database_and_none_of_it_is_lost(store: Store) {
        let gate = Arc::new(Semaphore::new(0));
        let mut bench = Bench { gate: Some(gate.clone()), ..Bench::new(&store) };
        let process = bench.process_at(Pace { drain: Duration::from_mins(1), ..quick(bench.lane) });
        bench.commit(&process, (0..3_000).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        // It stops taking in; four are at work and wait for the gate.
        bench.hear_places(4).await;
        gate.add_permits(10_000);
        let heard: BTreeSet<u128> = bench.hear_places(2_996).await.into_iter().map(|(topic, _)| topic).collect();
        assert_eq!(heard.len(), 2_996);
        bench.done().await;
        bench.close(&[&process]).await;
        assert!(bench.heard.try_recv().is_err());
    }
}
