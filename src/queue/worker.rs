use std::time::Duration;

use tokio::{sync::mpsc, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

use super::{Handler, acknowledge::Acknowledgements};
use crate::{
    domain::{Clock, Time},
    store::{
        Shard, Store, StoreError,
        outbox::{self, Claimed, Committed},
    },
    watching::span,
};

/// How many commits may wait in memory; beyond it the poll delivers them when their lease runs out.
const INBOX: usize = 16_384;
/// How often acknowledgements are written while there are few.
const ACKNOWLEDGE_EVERY: Duration = Duration::from_millis(250);
/// How many records one claim takes over.
const CLAIM: i64 = 256;
/// How long a failed record waits for its next attempt, in microseconds, times its attempts.
const RETRY: i64 = 2 * Time::SECOND;

/// A lane's name and how it is polled.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    /// As stored.
    pub name: &'static str,
    /// How often to look for what other processes left behind.
    pub poll: Duration,
    /// How long a claimed record belongs to its claimer, in microseconds.
    pub lease: i64,
}

/// Where commits are handed over, in their order.
#[derive(Clone, Debug)]
pub struct Inbox(mpsc::Sender<Committed>);

impl Inbox {
    /// Hands over without waiting. A full inbox refuses: the record is in the database and its lease will run out.
    pub fn hand_over(&self, committed: Committed) {
        if self.0.try_send(committed).is_err() {
            tracing::warn!("a lane's inbox is full; the poll will deliver");
        }
    }
}

/// One lane of one process.
#[derive(Debug)]
pub struct Worker<H> {
    lane: Lane,
    inbox: mpsc::Receiver<Committed>,
    store: Store,
    clock: Clock,
    node: Uuid,
    handler: H,
    done: Acknowledgements,
}

/// A lane's inbox, and the receiving end its worker is made of.
pub fn lane() -> (Inbox, mpsc::Receiver<Committed>) {
    let (sender, receiver) = mpsc::channel(INBOX);
    (Inbox(sender), receiver)
}

impl<H: Handler> Worker<H> {
    /// A worker for `lane` in the process `node`.
    pub fn new(
        lane: Lane,
        inbox: mpsc::Receiver<Committed>,
        store: Store,
        clock: Clock,
        node: Uuid,
        handler: H,
    ) -> Self {
        Self { lane, inbox, store, clock, node, handler, done: Acknowledgements::default() }
    }

    /// Works until `stop`; then delivers what was handed over, acknowledges, and gives back what it still holds.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut poll = tokio::time::interval(self.lane.poll);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut acknowledge = tokio::time::interval(ACKNOWLEDGE_EVERY);
        acknowledge.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                _ = acknowledge.tick() => self.done.write(&self.store, self.shard()).await,
                handed = self.inbox.recv() => match handed {
                    Some(committed) => self.deliver(committed).await,
                    None => break,
                },
                _ = poll.tick() => self.take_over().await,
            }
        }
        while let Ok(committed) = self.inbox.try_recv() {
            self.deliver(committed).await;
        }
        self.done.write(&self.store, self.shard()).await;
        self.hand_back().await;
    }

    async fn deliver(&mut self, committed: Committed) {
        for (record, envelope) in committed.records {
            let span = span::handling(self.lane.name, envelope.event.name(), committed.trace);
            self.handler.deliver(envelope).instrument(span).await;
            self.done.add(record);
        }
        if self.done.are_many() {
            self.done.write(&self.store, self.shard()).await;
        }
    }

    /// Claims what nobody holds any more, and finishes it.
    async fn take_over(&mut self) {
        match self.claim().await {
            Ok(records) => {
                for record in records {
                    self.recover(&record).await;
                }
            }
            Err(cause) => tracing::warn!(lane = self.lane.name, %cause, "cannot look for records to take over"),
        }
    }

    async fn claim(&self) -> Result<Vec<Claimed>, StoreError> {
        let (lane, node, now) = (self.lane.name, self.node, self.clock.now());
        let due = self.store.read::<_, StoreError, _>(move |conn| Box::pin(outbox::due(conn, lane, now))).await?;
        if !due {
            return Ok(Vec::new());
        }
        let until = now.plus(self.lane.lease);
        self.store
            .write::<_, StoreError, _>(self.shard(), move |conn| {
                Box::pin(outbox::claim(conn, lane, node, now, until, CLAIM))
            })
            .await
    }

    async fn recover(&mut self, record: &Claimed) {
        let Err(cause) = self.handler.recover(record).await else {
            self.done.add(record.id);
            return;
        };
        tracing::warn!(lane = self.lane.name, record.id = %record.id, record.attempts, %cause, "a record failed");
        let again = self.clock.now().plus(RETRY * record.attempts);
        let failed = record.clone();
        let noted = self
            .store
            .write::<_, StoreError, _>(self.shard(), move |conn| {
                Box::pin(async move { outbox::failed(conn, &failed, &cause, again).await })
            })
            .await;
        if let Err(cause) = noted {
            tracing::warn!(%cause, "a failure could not be noted; the lease will run out");
        }
    }

    async fn hand_back(&self) {
        let (node, now) = (self.node, self.clock.now());
        let back = self
            .store
            .write::<_, StoreError, _>(self.shard(), move |conn| Box::pin(outbox::hand_back(conn, node, now)))
            .await;
        if let Err(cause) = back {
            tracing::warn!(%cause, "leases could not be handed back; they will run out");
        }
    }

    /// Acknowledgements stay out of the way of topics' writers.
    fn shard(&self) -> Shard {
        Shard::of(self.node)
    }
}
