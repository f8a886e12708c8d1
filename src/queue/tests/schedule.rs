use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    domain::{Clock, CorrelationId, Time},
    each_engine,
    lab::LabClock,
    queue::{Duty, Ground, Meter, Schedule},
    store::{Shard, Sql, Store, StoreError, outbox},
};

fn ground(store: &Store, clock: &LabClock) -> Ground {
    let (node, meter) = (Uuid::from(CorrelationId::fresh()), Arc::new(Meter::default()));
    Ground { store: store.clone(), clock: clock.clock(), node, meter }
}

/// A duty of every minute that tells when it is done.
fn telling(tell: &mpsc::Sender<()>, count: &Arc<AtomicUsize>) -> Duty {
    let (tell, count) = (tell.clone(), count.clone());
    Duty::new("test.tell", Time::MINUTE, move |_: Store, _: Clock| {
        let (tell, count) = (tell.clone(), count.clone());
        async move {
            count.fetch_add(1, Ordering::SeqCst);
            tell.send(()).await.map_err(|gone| gone.to_string())
        }
    })
}

/// Waits until nobody is at the duty and it is due no more.
async fn rests(store: &Store, clock: &LabClock) -> Option<String> {
    let row = Sql::both("SELECT next_at, lease_until, last_error FROM lane_duties WHERE name = 'test.tell'");
    loop {
        let read =
            store.read::<_, StoreError, _>(move |conn| Box::pin(conn.maybe::<(Time, Time, Option<String>)>(row, ())));
        match read.await.unwrap() {
            Some((next, lease, error)) if next > clock.clock().now() && lease == Time::from_micros(0) => return error,
            _ => tokio::task::yield_now().await,
        }
    }
}

// Q16
each_engine! {
    async fn a_duty_is_done_once_in_its_while_however_many_processes_there_are(store: Store) {
        let clock = LabClock::default();
        let (tell, mut told) = mpsc::channel(100);
        let count = Arc::new(AtomicUsize::new(0));
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        for _ in 0..3 {
            let schedule = Schedule::new(ground(&store, &clock), vec![telling(&tell, &count)]);
            tasks.spawn(schedule.run(stop.clone()));
        }
        for _ in 0..3 {
            told.recv().await.unwrap();
            rests(&store, &clock).await;
            clock.advance(Time::MINUTE);
        }
        told.recv().await.unwrap();
        rests(&store, &clock).await;
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        assert_eq!(count.load(Ordering::SeqCst), 4);
    }
}

// Q16, Q10
each_engine! {
    async fn a_duty_whose_process_died_is_taken_over(store: Store) {
        let clock = LabClock::default();
        let now = clock.clock().now();
        let taken = store.write::<_, StoreError, _>(Shard(1), move |conn| Box::pin(async move {
            outbox::register_duty(conn, "test.tell", Time::MINUTE, now).await?;
            let first = outbox::take_duty(conn, "test.tell", Uuid::from_u128(1), now.plus(Time::MINUTE), now).await?;
            let second = outbox::take_duty(conn, "test.tell", Uuid::from_u128(2), now.plus(Time::MINUTE), now).await?;
            Ok((first, second))
        }));
        assert_eq!(taken.await.unwrap(), (true, false), "it has one owner");
        let (tell, mut told) = mpsc::channel(100);
        let count = Arc::new(AtomicUsize::new(0));
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(Schedule::new(ground(&store, &clock), vec![telling(&tell, &count)]).run(stop.clone()));
        clock.advance(2 * Time::MINUTE);
        told.recv().await.unwrap();
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}

// Q16
each_engine! {
    async fn a_duty_that_panics_or_fails_is_put_down_with_its_error_and_comes_again(store: Store) {
        let clock = LabClock::default();
        let (tell, mut told) = mpsc::channel(100);
        let count = Arc::new(AtomicUsize::new(0));
        let duty = Duty::new("test.tell", Time::MINUTE, move |_: Store, _: Clock| {
            let (tell, count) = (tell.clone(), count.clone());
            async move {
                tell.send(()).await.map_err(|gone| gone.to_string())?;
                match count.fetch_add(1, Ordering::SeqCst) {
                    0 => panic!("told to"),
                    1 => Err("told to fail".to_owned()),
                    _ => Ok(()),
                }
            }
        });
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(Schedule::new(ground(&store, &clock), vec![duty]).run(stop.clone()));
        for expected in [Some("it panicked"), Some("told to fail"), None] {
            told.recv().await.unwrap();
            assert_eq!(rests(&store, &clock).await.as_deref(), expected);
            clock.advance(Time::MINUTE);
        }
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }
}
