//! Group commit: what is queued runs in one transaction and is synced once. Twenty writes a sync instead of one is the
//! difference between 300 and 6,000 posts a second.
//!
//! Nearly every write succeeds, so a group runs without savepoints first. When a write fails after it changed something,
//! all of the group is undone and run again, each write in a savepoint of its own: the one that fails is undone alone.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

use super::{
    Handover, Sink, StoreError,
    dialect::{Session, Trouble},
    health::Health,
    job::{Job, Ran},
    stats::Stats,
};

/// Writes that wait for a writer at most; who comes then waits for room.
pub(super) const QUEUE: usize = 1_024;

/// Writes in one transaction at most.
const GROUP: usize = 64;

/// After the database could not be reached: how long it is left alone, at first and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// What a writer is sent.
pub(super) enum Order {
    /// A write, and when it was asked for.
    Write(Box<dyn Job>, Instant),
    /// Take nothing more, finish what is queued.
    Close,
}

/// How a group went without savepoints.
enum Together {
    /// Nothing has to be undone.
    Sound,
    /// The last write has to be, and it cannot be undone alone.
    Spoiled,
}

pub(super) struct Writer {
    pub session: Session,
    pub queue: mpsc::Receiver<Order>,
    pub sink: Option<Sink>,
    /// Holds why nothing may be written any more, once that is so.
    pub failure: watch::Sender<Option<String>>,
    /// Holds whether the database takes writes.
    pub health: Arc<Health>,
    pub stats: Arc<Stats>,
    /// Whether it takes nothing more.
    pub closing: bool,
}

impl Writer {
    /// Works until it is closed and the queue is empty, or every sender is gone.
    pub async fn serve(mut self) {
        let mut pause: Option<(Instant, Duration, StoreError)> = None;
        while let Some(first) = self.receive().await {
            if let Some(error) = self.refusal(pause.as_ref()) {
                first.answer(Err(error));
                continue;
            }
            match self.session.begin().await {
                Ok(()) => {
                    pause = None;
                    self.group(first).await;
                    let tended = self.session.tend();
                    self.check(&tended);
                }
                Err(trouble) => {
                    let length = pause.map_or(PAUSE.0, |(_, last, _)| (last * 2).min(PAUSE.1));
                    pause = Some((Instant::now() + length, length, trouble.error.clone()));
                    tracing::warn!(error = %trouble.error, "no transaction could be begun");
                    self.session.abandon().await;
                    first.answer(Err(trouble.error.clone()));
                    self.check(&Err(trouble));
                }
            }
        }
    }

    /// Why a write cannot even be tried.
    fn refusal(&self, pause: Option<&(Instant, Duration, StoreError)>) -> Option<StoreError> {
        if let Some(failure) = &*self.failure.borrow() {
            return Some(StoreError::Unavailable(failure.clone()));
        }
        pause.filter(|(until, ..)| Instant::now() < *until).map(|(.., error)| error.clone())
    }

    /// The next write, waited for unless the store is closing: then the channel would also wait for whoever has
    /// room in it and does not come (a future that is kept, but polled no more).
    async fn receive(&mut self) -> Option<Box<dyn Job>> {
        while !self.closing {
            match self.queue.recv().await? {
                Order::Write(job, asked) => return Some(self.taken(job, asked)),
                Order::Close => self.close(),
            }
        }
        self.queued()
    }

    fn queued(&mut self) -> Option<Box<dyn Job>> {
        loop {
            match self.queue.try_recv().ok()? {
                Order::Write(job, asked) => return Some(self.taken(job, asked)),
                Order::Close => self.close(),
            }
        }
    }

    fn taken(&self, job: Box<dyn Job>, asked: Instant) -> Box<dyn Job> {
        self.stats.waited.took(asked.elapsed());
        job
    }

    fn close(&mut self) {
        self.closing = true;
        self.queue.close();
    }

    async fn group(&mut self, first: Box<dyn Job>) {
        let (mut jobs, mut handovers) = (Vec::with_capacity(GROUP), Vec::new());
        let ended = match self.run_together(first, &mut jobs, &mut handovers).await {
            Together::Sound => Ok(()),
            Together::Spoiled => self.run_apart(&mut jobs, &mut handovers).await,
        };
        let durable = match ended {
            Ok(()) => {
                let began = Instant::now();
                let committed = self.session.commit().await;
                self.stats.committed.took(began.elapsed());
                self.stats.group.held(jobs.len());
                committed
            }
            Err(trouble) => {
                self.session.abandon().await;
                Err(trouble)
            }
        };
        self.check(&durable);
        match durable {
            Ok(()) => self.hand_over(handovers),
            Err(_) => self.stats.lost.one(),
        }
        let durable = durable.map_err(|trouble| trouble.error);
        for job in jobs {
            job.answer(durable.clone());
        }
    }

    /// Runs what is queued, until nothing is or the group is full: nobody waits for company.
    async fn run_together(
        &mut self,
        first: Box<dyn Job>,
        jobs: &mut Vec<Box<dyn Job>>,
        handovers: &mut Vec<Handover>,
    ) -> Together {
        let mut next = Some(first);
        while let Some(mut job) = next {
            let ran = self.run(&mut job).await;
            jobs.push(job);
            match ran {
                Ran::Kept(values) => handovers.extend(values),
                Ran::Nothing => {}
                Ran::Undo(_) => return Together::Spoiled,
            }
            next = if jobs.len() < GROUP { self.queued() } else { None };
        }
        Together::Sound
    }

    /// Undoes the group and runs it again, each write in a savepoint.
    async fn run_apart(&mut self, jobs: &mut [Box<dyn Job>], handovers: &mut Vec<Handover>) -> Result<(), Trouble> {
        handovers.clear();
        self.session.abandon().await;
        self.session.begin().await?;
        for job in jobs {
            self.session.guard().await?;
            match self.run(job).await {
                Ran::Kept(values) => {
                    self.session.keep().await?;
                    handovers.extend(values);
                }
                Ran::Nothing => self.session.undo().await?,
                Ran::Undo(met) => {
                    if let Some(error) = met {
                        self.health.met(&error);
                    }
                    self.session.undo().await?;
                }
            }
        }
        Ok(())
    }

    async fn run(&mut self, job: &mut Box<dyn Job>) -> Ran {
        let began = Instant::now();
        let ran = job.run(&mut self.session).await;
        self.stats.wrote.took(began.elapsed());
        ran
    }

    fn hand_over(&self, handovers: Vec<Handover>) {
        let Some(sink) = self.sink.as_ref().filter(|_| !handovers.is_empty()) else { return };
        let taken = std::panic::catch_unwind(AssertUnwindSafe(|| sink(handovers)));
        if taken.is_err() {
            tracing::error!("the sink panicked; what it was handed is found by the poll");
        }
    }

    fn check(&self, outcome: &Result<(), Trouble>) {
        let Err(trouble) = outcome else { return };
        self.health.met(&trouble.error);
        tracing::error!(error = %trouble.error, fatal = trouble.fatal, "a group of writes was not committed");
        if trouble.fatal {
            self.failure.send_replace(Some(trouble.error.to_string()));
        }
    }
}
