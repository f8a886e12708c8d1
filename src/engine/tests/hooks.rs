//! What tests of webhooks have in common: a community with one, and the lane's part done by hand.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::{
        Actor, ChannelSummary, CommunitySummary, EventId, Lane, RecordId, Seq, Time, Topic, WebhookId,
        command::CreateWebhook,
        query::ListWebhooks,
        webhook::{Webhook, WebhookEvent},
    },
    engine::Engine,
    lab::World,
    lane::{
        deliveries::Deliveries,
        outgoing::{Limits, Outgoing},
        webhooks::Webhooks,
    },
    queue::{Done, Record},
    store::{Sql, StoreError, outbox::Claimed},
};

const FIRSTS: Sql = Sql::both(
    "SELECT d.webhook, d.event, d.name, d.place, d.source, d.attempts FROM webhook_deliveries d WHERE d.waits \
     AND d.place = (SELECT min(f.place) FROM webhook_deliveries f WHERE f.webhook = d.webhook AND f.waits) ORDER BY d.webhook",
);

/// The two handlers, one after the other, for as long as something waits.
pub struct ByHand<'w> {
    world: &'w World,
    pub webhooks: Webhooks<Engine>,
    deliveries: Deliveries<Engine>,
}

/// They may send to this machine.
pub fn lane(world: &World) -> ByHand<'_> {
    within(world, Limits { private: true, ..Limits::default() })
}

pub fn within(world: &World, limits: Limits) -> ByHand<'_> {
    let (engine, clock) = (world.engine.clone(), world.engine.clock().clone());
    let deliveries = Deliveries::new(engine.clone(), Outgoing::new(limits), clock);
    ByHand { world, webhooks: Webhooks::new(engine), deliveries }
}

impl ByHand<'_> {
    /// Puts an event in its lines, and sends what waits in all lines. A line ends with its first failure.
    pub async fn follow(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        self.webhooks.follow(topic, seq).await?;
        self.deliver().await
    }

    /// Sends what waits, once each.
    pub async fn deliver(&self) -> Result<(), String> {
        let (mut failed, mut causes) = (Vec::new(), Vec::new());
        loop {
            let mut firsts = self.firsts().await;
            firsts.retain(|first| !failed.contains(&first.topic));
            if firsts.is_empty() {
                return if causes.is_empty() { Ok(()) } else { Err(causes.join("; ")) };
            }
            for first in firsts {
                if let Err(cause) = self.deliveries.deliver(&first).await {
                    failed.push(first.topic);
                    causes.push(cause.to_string());
                }
            }
        }
    }

    /// Sends what a lane holds.
    pub async fn send(&self, record: &Record) -> Done {
        self.deliveries.deliver(record).await
    }

    /// The first of each line, as a lane would hold it.
    pub async fn firsts(&self) -> Vec<Record> {
        let firsts: Vec<(Uuid, EventId, String, i64, Json, i64)> = self
            .world
            .engine
            .store()
            .read::<_, StoreError, _>(|conn| Box::pin(async move { conn.all(FIRSTS, ()).await }))
            .await
            .unwrap();
        let record = |(webhook, event, name, place, source, attempts)| {
            let claimed = Claimed {
                id: RecordId::fresh(),
                lane: Lane::CrossDomain,
                handler: "deliveries".to_owned(),
                event,
                name,
                topic_kind: "webhook".to_owned(),
                topic: webhook,
                seq: place,
                payload: source,
                from_domain: None,
                to_domain: None,
                priority: 100,
                attempts: attempts + 1,
                trace: None,
                created_at: Time::default(),
                lease_until: Time::default(),
            };
            Record::from(claimed)
        };
        firsts.into_iter().map(record).collect()
    }
}

pub fn create(community: &CommunitySummary, url: &str, events: &[WebhookEvent]) -> CreateWebhook {
    CreateWebhook { id: WebhookId::fresh(), community: community.id, url: url.to_owned(), events: events.to_vec() }
}

pub async fn listed(world: &World, actor: &Actor, community: &CommunitySummary) -> Vec<Webhook> {
    world.engine.ask(actor, ListWebhooks { community: community.id }).await.expect("who manages sees them")
}

/// Ana's community with a webhook at `url` that hears of every message.
pub async fn hooked(world: &World, url: &str) -> (Actor, CommunitySummary, ChannelSummary, Webhook) {
    let ana = world.person("ana").await;
    let acme = world.community(&ana, "acme", true).await;
    let general = world.general(&ana, &acme).await;
    let events = [WebhookEvent::MessagePosted, WebhookEvent::MessageDeleted];
    let webhook = world.engine.execute(ana.clone(), create(&acme, url, &events)).await.unwrap();
    (ana, acme, general, webhook)
}
