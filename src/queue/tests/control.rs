use std::sync::{Arc, atomic::Ordering};

use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Bench, grant};
use crate::{
    each_engine,
    store::{Shard, StoreError, outbox},
};

pub(super) async fn pause(bench: &Bench, paused: bool) {
    let (lane, now) = (bench.lane, bench.clock.clock().now());
    let set = bench.store.write::<_, StoreError, _>(Shard(1), move |conn| {
        Box::pin(async move { outbox::pause(conn, &grant(), lane, paused, now).await })
    });
    set.await.unwrap();
}

// Q15
each_engine! {
    async fn a_paused_lane_begins_nothing_and_goes_on_where_it_stopped(store: Store) {
        let mut bench = Bench::new(&store);
        let gate = Arc::new(Semaphore::new(0));
        bench.gate = Some(gate.clone());
        let process = bench.process();
        bench.commit(&process, (0..10).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        bench.hear_places(4).await;
        pause(&bench, true).await;
        // What waits is given back; what is at work goes on.
        bench.until(|status| (status.pending, status.processing) == (6, 4)).await;
        gate.add_permits(100);
        bench.until(|status| (status.pending, status.processing) == (6, 0)).await;
        bench.commit(&process, vec![bench.record(process.node, 10, 1)]).await;
        bench.write_free(vec![bench.record(Uuid::nil(), 11, 1)]).await;
        bench.until(|status| (status.pending, status.processing) == (8, 0)).await;
        assert!(bench.heard.try_recv().is_err(), "nothing is begun");
        pause(&bench, false).await;
        let mut rest: Vec<u128> = bench.hear_places(8).await.into_iter().map(|(topic, _)| topic).collect();
        rest.sort_unstable();
        assert_eq!(rest, (4..12).collect::<Vec<_>>());
        bench.done().await;
        bench.close(&[&process]).await;
    }
}

// Q15
each_engine! {
    async fn a_lane_is_widened_and_narrowed_while_it_runs(store: Store) {
        let gate = Arc::new(Semaphore::new(0));
        let mut bench = Bench { width: 64, gate: Some(gate.clone()), ..Bench::new(&store) };
        let process = bench.process();
        bench.commit(&process, (0..40).map(|topic| bench.record(process.node, topic, 1)).collect()).await;
        bench.hear_places(4).await;
        let (lane, now) = (bench.lane, bench.clock.clock().now());
        let set = |width: i64| store.write::<_, StoreError, _>(Shard(1), move |conn| Box::pin(async move {
            outbox::set_width(conn, &grant(), lane, width, now).await
        }));
        set(9).await.unwrap();
        bench.hear_places(5).await;
        assert_eq!(bench.most.load(Ordering::SeqCst), 9);
        set(1).await.unwrap();
        bench.until(|status| status.width == 1).await;
        gate.add_permits(100);
        bench.hear_places(31).await;
        bench.done().await;
        assert_eq!(bench.most.load(Ordering::SeqCst), 9);
        bench.close(&[&process]).await;
    }
}
