//! Periodic work, once per cluster (Q16): whoever changes a duty's row does it.

use std::{collections::HashMap, fmt, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Ground;
use crate::{
    domain::{Clock, Time},
    store::{
        BoxFuture, Store, StoreError,
        outbox::{self, Due},
    },
};

/// How often it is looked whether something is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a duty belongs to whoever took it, in microseconds; it is extended while it is done.
const LEASE: i64 = Time::MINUTE;
/// How often it is extended.
const KEEP_EVERY: Duration = Duration::from_secs(20);

type Run = dyn Fn(Store, Clock) -> BoxFuture<'static, Result<(), String>> + Send + Sync;

/// Something to be done now and again.
#[derive(Clone)]
pub struct Duty {
    name: &'static str,
    every: i64,
    run: Arc<Run>,
}

impl Duty {
    /// A duty by its name, which never changes, every so many microseconds. `Duty::new("audit.seal", Time::SECOND,
    /// seal_once)` with an `async fn seal_once(store: Store, clock: Clock) -> Result<_, StoreError>`.
    pub fn new<F, R, T, E>(name: &'static str, every: i64, run: F) -> Self
    where
        F: Fn(Store, Clock) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, E>> + Send + 'static,
        E: fmt::Display,
    {
        let run = move |store, clock| -> BoxFuture<'static, Result<(), String>> {
            Box::pin(run(store, clock).map(|outcome| outcome.map(drop).map_err(|cause| cause.to_string())))
        };
        Self { name, every, run: Arc::new(run) }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Debug for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Duty").field("name", &self.name).field("every", &self.every).finish_non_exhaustive()
    }
}

/// The duties of this process, which it shares with every other one.
#[derive(Debug)]
pub struct Schedule {
    ground: Ground,
    duties: HashMap<&'static str, Duty>,
}

impl Schedule {
    /// These duties.
    pub fn new(ground: Ground, duties: Vec<Duty>) -> Self {
        Self { ground, duties: duties.into_iter().map(|duty| (duty.name, duty)).collect() }
    }

    /// Does what is due until `stop`; then finishes what was begun.
    pub async fn run(self, stop: CancellationToken) {
        let (mut look, mut keep) = (every(LOOK_EVERY), every(KEEP_EVERY));
        let (mut at_work, mut taken) = (FuturesUnordered::new(), Vec::<&'static str>::new());
        let mut known = false;
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(name) = at_work.next(), if !at_work.is_empty() => taken.retain(|at| *at != name),
                _ = keep.tick() => self.keep(&taken).await,
                _ = look.tick() => {
                    known = known || self.register().await;
                    for duty in self.take(known).await {
                        taken.push(duty.name);
                        at_work.push(self.perform(duty));
                    }
                }
            }
        }
        while at_work.next().await.is_some() {}
    }

    async fn register(&self) -> bool {
        let (now, shard) = (self.ground.clock.now(), self.ground.shard());
        let duties: Vec<(&'static str, i64)> = self.duties.values().map(|duty| (duty.name, duty.every)).collect();
        let written = self.ground.store.write::<_, StoreError, _>(shard, move |conn| {
            Box::pin(async move {
                for (name, every) in duties {
                    outbox::register_duty(conn, name, every, now).await?;
                }
                Ok(())
            })
        });
        written.await.inspect_err(|cause| tracing::warn!(%cause, "duties could not be made known")).is_ok()
    }

    /// Takes what is due.
    async fn take(&self, known: bool) -> Vec<Duty> {
        if !known {
            return Vec::new();
        }
        let now = self.ground.clock.now();
        let due = self.ground.store.read::<_, StoreError, _>(move |conn| Box::pin(outbox::duties_due(conn, now))).await;
        let due = due.unwrap_or_else(|cause| {
            tracing::warn!(%cause, "cannot tell what is due");
            Vec::new()
        });
        let mut taken = Vec::new();
        for Due { name, .. } in due {
            // A duty that only another version of this program knows is left to it.
            let Some(duty) = self.duties.get(name.as_str()) else { continue };
            let (name, node) = (duty.name, self.ground.node);
            let took = self.ground.store.write::<_, StoreError, _>(self.ground.shard(), move |conn| {
                Box::pin(outbox::take_duty(conn, name, node, now.plus(LEASE), now))
            });
            match took.await {
                Ok(true) => taken.push(duty.clone()),
                Ok(false) => {}
                Err(cause) => tracing::warn!(name, %cause, "a duty could not be taken"),
            }
        }
        taken
    }

    /// Does a duty, and lets go of it until the next time.
    fn perform(&self, duty: Duty) -> BoxFuture<'static, &'static str> {
        let ground = self.ground.clone();
        Box::pin(async move {
            let run = AssertUnwindSafe(async { (duty.run)(ground.store.clone(), ground.clock.clone()).await });
            let outcome = run.catch_unwind().await.unwrap_or_else(|_| Err("it panicked".to_owned()));
            if let Err(cause) = &outcome {
                tracing::warn!(name = duty.name, cause, "a duty could not be done; it is tried again when it is due");
            }
            let (name, node, next) = (duty.name, ground.node, ground.clock.now().plus(duty.every));
            let rested = ground.store.write::<_, StoreError, _>(ground.shard(), move |conn| {
                Box::pin(async move { outbox::rest_duty(conn, name, node, next, outcome.err().as_deref()).await })
            });
            if let Err(cause) = rested.await {
                tracing::warn!(name, %cause, "a duty could not be put down; its lease will run out");
            }
            name
        })
    }

    async fn keep(&self, taken: &[&'static str]) {
        let (node, until) = (self.ground.node, self.ground.clock.now().plus(LEASE));
        for name in taken.iter().copied() {
            let kept = self.ground.store.write::<_, StoreError, _>(self.ground.shard(), move |conn| {
                Box::pin(outbox::keep_duty(conn, name, node, until))
            });
            if let Err(cause) = kept.await {
                tracing::warn!(name, %cause, "a duty could not be kept");
            }
        }
    }
}

fn every(length: Duration) -> tokio::time::Interval {
    let mut interval = tokio::time::interval(length);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
