use std::time::Duration;

use super::{Engine, stats::Ending};
use crate::{
    domain::{Action, Time},
    hub, queue,
    store::{
        self, StoreError,
        audits::chain,
        outbox::{self, Backlog},
    },
    watching::Distribution,
};

/// How long the lanes may take to be counted; beyond it the other figures are answered without them.
const COUNTED_WITHIN: Duration = Duration::from_secs(if cfg!(test) { 30 } else { 2 });

/// What every floor has done since the process began.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Commands that ended, by action and ending; those that never occurred are left out.
    pub commands: Vec<(Action, Ending, u64)>,
    /// How long each command took, in seconds.
    pub took: Distribution,
    /// Events that were committed.
    pub published: u64,
    /// Lane records that were committed.
    pub enqueued: u64,
    /// Events from outside that were left out for their faults.
    pub dropped: u64,
    /// Messages posted.
    pub posts: u64,
    /// What waits in each lane, of all processes that share the database. `None` when it could not be counted.
    pub waiting: Option<Vec<Waiting>>,
    /// What waits to be sealed in the audit log. `None` when it could not be counted.
    pub unsealed: Option<Unsealed>,
    /// What the lanes of this process have done.
    pub lanes: queue::Figures,
    /// The store's.
    pub store: store::Figures,
    /// The hub's.
    pub hub: hub::Figures,
}

/// Records of one lane in one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The lane.
    pub lane: String,
    /// The state: as stored, or `planned` for what is for later.
    pub status: String,
    /// How many.
    pub records: i64,
    /// How long ago the oldest was made, in seconds.
    pub age: f64,
}

/// Audit entries that are not in the chain yet: a second's worth, while all goes well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsealed {
    /// How many.
    pub entries: i64,
    /// How long ago the oldest was written.
    pub age: Duration,
}

impl Engine {
    /// The figures now. Reads the lanes from the database, so not to be asked for without need.
    pub async fn figures(&self) -> Figures {
        let (stats, lanes) = (&self.0.stats, self.0.meter.figures());
        let (waiting, unsealed) = self.waiting().await.unzip();
        Figures {
            commands: stats.commands(),
            took: stats.took.distribution(),
            published: stats.published.get(),
            enqueued: stats.enqueued.get(),
            dropped: lanes.dropped,
            posts: stats.posts.get(),
            waiting,
            unsealed,
            lanes,
            store: self.0.store.figures(),
            hub: self.0.hub.figures(),
        }
    }

    async fn waiting(&self) -> Option<(Vec<Waiting>, Unsealed)> {
        let now = self.clock().now();
        let read = self.0.store.read_long::<_, StoreError, _>(move |conn| {
            Box::pin(async move { Ok((outbox::backlog(conn, now).await?, chain::backlog(conn).await?)) })
        });
        match tokio::time::timeout(COUNTED_WITHIN, read).await {
            Ok(Ok((lanes, unsealed))) => {
                let age = |oldest: Time| Duration::from_micros(u64::try_from(now.since(oldest)).unwrap_or_default());
                let waiting = |lane: Backlog| {
                    let age = lane.oldest.map_or(Duration::ZERO, age).as_secs_f64();
                    Waiting { lane: lane.lane, status: lane.state, records: lane.records, age }
                };
                let unsealed = Unsealed { entries: unsealed.many, age: unsealed.oldest.map_or(Duration::ZERO, age) };
                Some((lanes.into_iter().map(waiting).collect(), unsealed))
            }
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "the lanes could not be counted");
                None
            }
            Err(_) => {
                tracing::warn!("the lanes could not be counted in time");
                None
            }
        }
    }
}
