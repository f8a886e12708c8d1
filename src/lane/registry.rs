use std::sync::Arc;

use tokio::task::AbortHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    domain::{Event, Lane},
    queue::{Duty, Ground, Handler, Intake, Pace, Schedule, Worker},
    store::outbox::{Subscription, Subscriptions},
};

/// The tasks that a registry started.
#[derive(Debug)]
pub struct Started {
    /// Each lane's.
    pub lanes: Vec<(Lane, AbortHandle)>,
    /// The periodic duties'.
    pub schedule: AbortHandle,
}

impl Started {
    /// Which of them ended, in words, if one did.
    pub fn ended(&self) -> Option<String> {
        let lane = self.lanes.iter().find(|(_, task)| task.is_finished());
        let lane = lane.map(|(lane, _)| format!("the {lane} lane ended"));
        lane.or_else(|| self.schedule.is_finished().then(|| "the schedule ended".to_owned()))
    }
}

/// The handlers of all lanes, and the periodic duties.
#[derive(Default)]
pub struct Registry {
    handlers: Vec<Arc<dyn Handler>>,
    duties: Vec<Duty>,
}

impl Registry {
    /// Adds a handler, by a name that no other has.
    ///
    /// # Panics
    /// When the name is taken: at start, before anything is done.
    pub fn handler(&mut self, handler: impl Handler) -> &mut Self {
        let taken = self.handlers.iter().any(|other| other.name() == handler.name());
        assert!(!taken, "two handlers are called {}", handler.name());
        self.handlers.push(Arc::new(handler));
        self
    }

    /// Takes a handler or a duty out again: whoever does its work by hand.
    pub fn leave_out(&mut self, name: &str) -> &mut Self {
        self.handlers.retain(|handler| handler.name() != name);
        self.duties.retain(|duty| duty.name() != name);
        self
    }

    /// Adds a duty.
    pub fn duty(&mut self, duty: Duty) -> &mut Self {
        self.duties.push(duty);
        self
    }

    /// Which events are wanted by whom.
    pub fn subscriptions(&self) -> Subscriptions {
        let wish = |handler: &Arc<dyn Handler>| {
            let asked = handler.clone();
            Subscription {
                lane: handler.lane(),
                handler: handler.name(),
                events: handler.events(),
                wants: Arc::new(move |event: &Event| asked.wants(event)),
            }
        };
        Subscriptions::new(self.handlers.iter().map(wish).collect())
    }

    /// Puts everybody to work until `stop`; answers how to tell whether they still are.
    pub fn start(
        self,
        intakes: [Intake; Lane::ALL.len()],
        ground: &Ground,
        pace: fn(Lane) -> Pace,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Started {
        let mut lanes = Vec::new();
        for intake in intakes {
            let lane = intake.lane;
            let handlers = self.handlers.iter().filter(|handler| handler.lane() == lane).cloned().collect();
            let worker = Worker::new(intake, pace(lane), ground.clone(), handlers);
            lanes.push((lane, tasks.spawn(worker.run(stop.clone())).abort_handle()));
        }
        let schedule = tasks.spawn(Schedule::new(ground.clone(), self.duties).run(stop.clone())).abort_handle();
        Started { lanes, schedule }
    }
}
