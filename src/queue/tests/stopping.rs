use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::{Bench, quick};
use crate::{
    each_engine,
    queue::{Pace, tests::control::pause},
};

// Q10
each_engine! {
    async fn stopping_does_what_was_handed_over(store: Store) {
        let mut bench = Bench::new(&store);
        let process = bench.process();
        bench.commit(&process, vec![bench.record(process.node, 0, 1)]).await;
        bench.hear_places(1).await;
        bench.commit(&process, (1..100).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        bench.close(&[&process]).await;
        let status = bench.status().await;
        assert_eq!((status.pending, status.processing, status.retrying, status.dead), (0, 0, 0, 0));
        assert_eq!(bench.hear_places(99).await.len(), 99);
    }
}

// Q10
each_engine! {
    async fn what_is_not_begun_is_handed_back_and_taken_by_the_next_at_once(store: Store) {
        let gate = Arc::new(Semaphore::new(0));
        let mut bench = Bench { gate: Some(gate.clone()), ..Bench::new(&store) };
        let process = bench.process_at(Pace { drain: Duration::from_mins(1), ..quick(bench.lane) });
        bench.commit(&process, (0..10).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        bench.hear_places(4).await;
        // A stop that has no time at all for what waits: the lane is narrowed to what is at work.
        pause(&bench, true).await;
        bench.until(|status| (status.pending, status.processing) == (6, 4)).await;
        process.stop.cancel();
        gate.add_permits(100);
        bench.close(&[&process]).await;
        let status = bench.status().await;
        assert_eq!((status.pending, status.processing), (6, 0), "four were finished, six are free");
        pause(&bench, false).await;
        let mut bench = Bench { tasks: TaskTracker::new(), ..bench };
        // The clock has not moved: nobody had to wait for a lease.
        let next = bench.process();
        for _ in 0..6 {
            let heard = bench.hear().await;
            assert_eq!((heard.attempts, heard.node), (1, next.node), "an attempt that was not begun does not count");
        }
        bench.done().await;
        bench.close(&[&next]).await;
    }
}
