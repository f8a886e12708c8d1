use std::{collections::HashSet, sync::Arc};

use load::failure::Result;
use serde_json::{Value as Json, json};
use thunderline::{
    domain::{CorrelationId, EventId, Lane, command::PublishEvents, foreign::ForeignEvent},
    engine::Engine,
    lane::Registry,
    store::{Shard, Sql, StoreError, outbox},
};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep},
};
use uuid::Uuid;

use crate::{
    engine::{self, GLANCE, system},
    trial::{EVENT, Trial},
};

/// How many batches are published at the same time.
const AT_ONCE: usize = 16;
/// How long a batch is tried again.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
const OWNER: Sql = Sql::both("SELECT lease_owner FROM lane_records WHERE event = $1");

/// Publishes events as a command line does: works no lane, and leaves what it published to whoever comes.
#[derive(Clone, Debug)]
pub struct Publisher {
    engine: Engine,
    node: Option<Uuid>,
}

impl Publisher {
    /// One on the database at `at`, whose events are for [`Trial`]s.
    pub async fn open(at: &str) -> Result<Self> {
        Self::with(at, |registry| Trial::idle(Lane::General).everywhere(registry)).await
    }

    /// One whose events are for these handlers.
    pub async fn with(at: &str, more: impl FnOnce(&mut Registry) + Send) -> Result<Self> {
        Ok(Self { engine: engine::open(at, None, more).await?, node: None })
    }

    /// The engine, which works nothing.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Publishes `records` in batches of `size`, many at a time; answers the events' ids.
    pub async fn publish_all(&mut self, lane: Lane, records: u64, size: usize) -> Result<HashSet<Uuid>> {
        let (mut tasks, turn) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
        let mut left = usize::try_from(records)?;
        while left > 0 {
            let events: Vec<ForeignEvent> = (0..size.min(left)).map(|_| event(EVENT, lane, json!({}))).collect();
            left -= events.len();
            let (engine, turn) = (self.engine.clone(), turn.clone().acquire_owned().await?);
            tasks.spawn(async move {
                let _turn = turn;
                publish(&engine, events).await
            });
        }
        let mut published = HashSet::new();
        while let Some(batch) = tasks.join_next().await {
            published.extend(batch??);
        }
        Ok(published)
    }

    /// Publishes these events as one batch; answers their ids.
    pub async fn publish(&self, events: Vec<ForeignEvent>) -> Result<Vec<Uuid>> {
        publish(&self.engine, events).await
    }

    /// Lets go of what was published, among it `one`: anybody may take it at once, as when this process ends in order.
    pub async fn let_go(&mut self, one: Uuid) -> Result<()> {
        let store = self.engine.store();
        if self.node.is_none() {
            let owner = store.read::<_, StoreError, _>(move |conn| Box::pin(conn.maybe::<Option<Uuid>>(OWNER, (one,))));
            self.node = owner.await?.flatten();
        }
        let (node, now) = (self.node.ok_or("nothing was published")?, self.engine.clock().now());
        let back =
            store.write::<_, StoreError, _>(Shard::of(node), move |conn| Box::pin(outbox::hand_back(conn, node, now)));
        back.await?;
        Ok(())
    }
}

/// An event for a lane.
pub fn event(name: &str, lane: Lane, payload: Json) -> ForeignEvent {
    ForeignEvent {
        id: Some(EventId::fresh()),
        name: name.to_owned(),
        version: 1,
        payload,
        lane: Some(lane),
        from_domain: None,
        to_domain: None,
        priority: None,
        trace: None,
    }
}

/// Publishes one batch, again with the same ids while the database is away; answers the ids.
pub async fn publish(engine: &Engine, events: Vec<ForeignEvent>) -> Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = events.iter().filter_map(|event| event.id).map(Uuid::from).collect();
    let batch = PublishEvents {
        correlation: CorrelationId::fresh().to_string(),
        events: events.into_iter().map(Into::into).collect(),
    };
    let deadline = Instant::now() + PATIENCE;
    loop {
        match engine.execute(system(), batch.clone()).await {
            Ok(_) => return Ok(ids),
            Err(thunderline::domain::Error::Unavailable) if Instant::now() < deadline => sleep(GLANCE).await,
            Err(refused) => return Err(refused.into()),
        }
    }
}
