//! The lanes on both engines: workers on a store, a clock that stands still until it is turned, handlers that tell.

mod batches;
mod control;
mod failing;
mod order;
mod schedule;
mod stopping;
mod taking;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use serde_json::Value as Json;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::{Batch, Dispatch, Done, Ground, Handler, Intake, Meter, Pace, Record, Worker, dispatch};
use crate::{
    domain::{Action, Actor, CorrelationId, EventId, Lane, Priority, RecordId, Surface, Time, lane::LaneStatus},
    lab::{LabClock, quick},
    policy::{Grant, PolicySet, Target},
    store::{
        BoxFuture, Shard, Store, StoreError,
        outbox::{self, Committed, Handed, NewRecord},
    },
};

const LEASE: i64 = 30 * Time::SECOND;

/// What a handler was given, as it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Heard {
    topic: Uuid,
    seq: i64,
    attempts: i64,
    /// How many records came with it, itself included.
    batch: usize,
    node: Uuid,
}

/// A handler that tells what it is given and does as it is told.
struct Teller {
    lane: Lane,
    batch: Batch,
    width: usize,
    leaves: usize,
    node: Uuid,
    tell: mpsc::Sender<Heard>,
    /// Each call takes a permit; without a gate none waits.
    gate: Option<Arc<Semaphore>>,
    /// Which topics fail, and which of them by a panic.
    bad: Arc<Mutex<HashMap<Uuid, bool>>>,
    at_work: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    /// Records that some worker holds now, over all workers of a test.
    held: Arc<Mutex<HashMap<EventId, Uuid>>>,
    twice: Arc<AtomicBool>,
}

impl Handler for Teller {
    fn name(&self) -> &'static str {
        "teller"
    }

    fn lane(&self) -> Lane {
        self.lane
    }

    fn events(&self) -> &'static [&'static str] {
        &["agent.moved"]
    }

    fn batch(&self) -> Batch {
        self.batch
    }

    fn width(&self) -> usize {
        self.width
    }

    fn leaves(&self) -> usize {
        self.leaves
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            let now = self.at_work.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            for record in &records {
                let before = self.held.lock().unwrap().insert(record.event, self.node);
                self.twice.fetch_or(before.is_some(), Ordering::SeqCst);
                let heard = Heard {
                    topic: record.topic,
                    seq: record.seq,
                    attempts: record.attempts,
                    batch: records.len(),
                    node: self.node,
                };
                self.tell.send(heard).await.unwrap();
            }
            if let Some(gate) = &self.gate {
                gate.acquire().await.unwrap().forget();
            }
            self.at_work.fetch_sub(1, Ordering::SeqCst);
            for record in &records {
                self.held.lock().unwrap().remove(&record.event);
            }
            let bad = self.bad.lock().unwrap().clone();
            let answer = |record: &Record| match bad.get(&record.topic) {
                Some(true) => panic!("told to"),
                Some(false) => Err("told to fail".to_owned().into()),
                None => Ok(()),
            };
            records.iter().map(answer).collect()
        })
    }
}

/// A store, a clock, and what the handlers of a test share.
struct Bench {
    store: Store,
    clock: LabClock,
    lane: Lane,
    batch: Batch,
    width: usize,
    leaves: usize,
    gate: Option<Arc<Semaphore>>,
    bad: Arc<Mutex<HashMap<Uuid, bool>>>,
    most: Arc<AtomicUsize>,
    held: Arc<Mutex<HashMap<EventId, Uuid>>>,
    twice: Arc<AtomicBool>,
    tell: mpsc::Sender<Heard>,
    heard: mpsc::Receiver<Heard>,
    tasks: TaskTracker,
}

/// A worker at work.
struct Process {
    node: Uuid,
    dispatch: Dispatch,
    meter: Arc<Meter>,
    stop: CancellationToken,
}

impl Bench {
    fn new(store: &Store) -> Self {
        let (tell, heard) = mpsc::channel(100_000);
        Self {
            store: store.clone(),
            clock: LabClock::default(),
            lane: Lane::General,
            batch: Batch::ONE,
            width: 4,
            leaves: 0,
            gate: None,
            bad: Arc::default(),
            most: Arc::default(),
            held: Arc::default(),
            twice: Arc::default(),
            tell,
            heard,
            tasks: TaskTracker::new(),
        }
    }

    /// A process that works this bench's lane.
    fn process(&self) -> Process {
        self.process_at(quick(self.lane))
    }

    fn process_at(&self, pace: Pace) -> Process {
        let (worker, process) = self.worker(pace);
        self.tasks.spawn(worker.run(process.stop.clone()));
        process
    }

    /// A worker that does not run yet.
    fn worker(&self, pace: Pace) -> (Worker, Process) {
        let (node, meter) = (Uuid::from(CorrelationId::fresh()), Arc::new(Meter::default()));
        let (dispatch, intakes) = dispatch(meter.clone());
        let teller = Teller {
            lane: self.lane,
            batch: self.batch,
            width: self.width,
            leaves: self.leaves,
            node,
            tell: self.tell.clone(),
            gate: self.gate.clone(),
            bad: self.bad.clone(),
            at_work: Arc::default(),
            most: self.most.clone(),
            held: self.held.clone(),
            twice: self.twice.clone(),
        };
        let ground = Ground { store: self.store.clone(), clock: self.clock.clock(), node, meter: meter.clone() };
        let intake = intakes.into_iter().find(|intake: &Intake| intake.lane == self.lane).unwrap();
        let stop = CancellationToken::new();
        let worker = Worker::new(intake, pace, ground, vec![Arc::new(teller)]);
        (worker, Process { node, dispatch, meter, stop })
    }

    /// A record for the teller, as it would be written by `owner`.
    fn record(&self, owner: Uuid, topic: u128, seq: i64) -> NewRecord<'static> {
        let now = self.clock.clock().now();
        NewRecord {
            id: RecordId::fresh(),
            lane: self.lane,
            handler: "teller",
            event: EventId::fresh(),
            name: "agent.moved",
            topic_kind: "correlation",
            topic: Uuid::from_u128(topic),
            seq,
            payload: Json::Null,
            from_domain: None,
            to_domain: None,
            priority: Priority::Normal,
            trace: None,
            owner,
            now,
            lease_until: now.plus(LEASE),
            due: None,
        }
    }

    /// Writes records; hands nothing over.
    async fn write(&self, records: Vec<NewRecord<'static>>) {
        let write = self.store.write::<_, StoreError, _>(Shard(1), move |conn| {
            Box::pin(async move { outbox::enqueue_all(conn, &grant(), &records).await })
        });
        write.await.unwrap();
    }

    /// Writes records that anybody may take.
    async fn write_free(&self, records: Vec<NewRecord<'static>>) {
        self.write(records.into_iter().map(|new| NewRecord { due: Some(new.now), ..new }).collect()).await;
    }

    /// Writes records and hands them over, as a commit does.
    async fn commit(&self, process: &Process, records: Vec<NewRecord<'static>>) {
        self.write(records.clone()).await;
        let handed = |new: &NewRecord<'_>| Handed { record: new.claimed(), envelope: None };
        let committed = Committed { records: records.iter().map(handed).collect(), ..Committed::default() };
        process.dispatch.hand_over(committed);
    }

    async fn hear(&mut self) -> Heard {
        self.heard.recv().await.unwrap()
    }

    async fn hear_places(&mut self, many: usize) -> Vec<(u128, i64)> {
        let mut places = Vec::new();
        for _ in 0..many {
            let heard = self.hear().await;
            places.push((heard.topic.as_u128(), heard.seq));
        }
        places
    }

    async fn status(&self) -> LaneStatus {
        let now = self.clock.clock().now();
        let read = self.store.read::<_, StoreError, _>(move |conn| Box::pin(outbox::statuses(conn, now)));
        read.await.unwrap().into_iter().find(|status| status.lane == self.lane).unwrap()
    }

    /// Waits until the lane stands as wanted.
    async fn until(&self, wanted: impl Fn(&LaneStatus) -> bool) -> LaneStatus {
        loop {
            let status = self.status().await;
            if wanted(&status) {
                return status;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Waits until nothing is left to do.
    async fn done(&self) {
        self.until(|status| status.pending + status.processing + status.retrying == 0).await;
    }

    async fn close(&self, processes: &[&Process]) {
        for process in processes {
            process.stop.cancel();
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn goes_bad(&self, topic: u128, panics: bool) {
        self.bad.lock().unwrap().insert(Uuid::from_u128(topic), panics);
    }

    fn gets_well(&self) {
        self.bad.lock().unwrap().clear();
    }
}

fn grant() -> Grant<()> {
    let system = Actor::system(Surface::Worker);
    PolicySet::default().grant(&system, Action::ManageLanes, &Target::default()).unwrap()
}
