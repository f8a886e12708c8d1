use std::time::Duration;

use thunderline::{
    domain::{Clock, Lane},
    engine::system_clock,
    lane::Registry,
    queue::{Batch, Done, Handler, Record},
    store::{BoxFuture, Store, StoreError},
};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

use crate::effects;

/// The event that everything here follows from.
pub const EVENT: &str = "agent.moved";

/// A handler that writes down each try and has its effect once.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its lane.
    pub lane: Lane,
    /// Its process.
    pub worker: Uuid,
    /// How long it takes.
    pub pause: Duration,
    /// How many records it takes at once.
    pub batch: usize,
    /// The store, once there is one: handlers are made before it. Without a way to it, it does nothing.
    pub store: Option<watch::Receiver<Option<Store>>>,
}

impl Trial {
    /// One that only says which records it wants, or does nothing with them.
    pub const fn idle(lane: Lane) -> Self {
        Self { lane, worker: Uuid::nil(), pause: Duration::ZERO, batch: 1, store: None }
    }

    /// One of these in every lane.
    pub fn everywhere(self, registry: &mut Registry) {
        for lane in Lane::ALL {
            registry.handler(Self { lane: *lane, ..self.clone() });
        }
    }

    async fn attempt(&self, records: &[Record]) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return Ok(()) };
        let store = store.clone().wait_for(Option::is_some).await.ok().and_then(|store| store.clone());
        let store = store.ok_or_else(|| StoreError::other("the engine did not open"))?;
        let clock = system_clock();
        let events = records.iter().map(|record| record.event.into()).collect();
        let cut = Cut { clock: clock.clone(), over: false };
        let tries = effects::begin(&store, self.worker, events, clock.now().micros()).await?;
        if !self.pause.is_zero() {
            sleep(self.pause).await;
        }
        let ended = effects::end(&store, self.worker, tries, clock.now().micros()).await;
        cut.over();
        ended
    }
}

/// Says `cut <µs since 1970>` of a try that is given up half-way, as a process does that is asked to stop.
struct Cut {
    clock: Clock,
    over: bool,
}

impl Cut {
    fn over(mut self) {
        self.over = true;
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        if !self.over {
            println!("cut {}", self.clock.now().micros());
        }
    }
}

impl Handler for Trial {
    fn name(&self) -> &'static str {
        match self.lane {
            Lane::Realtime => "trial.realtime",
            Lane::CrossDomain => "trial.cross_domain",
            Lane::General => "trial.general",
        }
    }

    fn lane(&self) -> Lane {
        self.lane
    }

    fn events(&self) -> &'static [&'static str] {
        &[EVENT]
    }

    fn batch(&self) -> Batch {
        Batch::up_to(self.batch)
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            let done = self.attempt(&records).await.map_err(|cause| cause.to_string());
            records.iter().map(|_| done.clone().map_err(Into::into)).collect()
        })
    }
}
