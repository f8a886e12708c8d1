//! Webhooks.

use serde::{Deserialize, Serialize};

use crate::domain::{
    CommunityId, EventId, Seq, Topic, WebhookId,
    webhook::{DeliveryEnd, WebhookEvent},
};

/// Make a webhook. A repeat with the same id answers the first one. Answers a
/// [`Webhook`](crate::domain::webhook::Webhook).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateWebhook {
    /// Made by whoever asks.
    pub id: WebhookId,
    /// Whose events.
    pub community: CommunityId,
    /// Where they are sent: `http` or `https`, without a name or password in it.
    pub url: String,
    /// What it is told of; at least one.
    pub events: Vec<WebhookEvent>,
}

/// Change a webhook. Who gives it another address answers for it: of channels that are not public it is sent only what
/// that person may read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// Where events are sent from now on.
    pub url: String,
    /// What it is told of; at least one.
    pub events: Vec<WebhookEvent>,
    /// Whether it is told at all.
    pub active: bool,
}

/// Remove a webhook and what is known of its deliveries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeleteWebhook {
    /// Which.
    pub webhook: WebhookId,
}

/// Send a webhook something harmless, whether it is active or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestWebhook {
    /// Which.
    pub webhook: WebhookId,
}

/// Put an event in the lines of the webhooks that are to be told of it. A repeat changes nothing. Only the server itself
/// does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueDeliveries {
    /// Whose webhooks.
    pub community: CommunityId,
    /// Which event.
    pub event: EventId,
    /// Its name.
    pub name: String,
    /// Its topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
    /// Those to be told.
    pub webhooks: Vec<WebhookId>,
}

/// Note how an attempt to deliver ended; what waits behind it has its turn when it is over. Only the server itself does.
/// Answers a [`Patience`](crate::domain::webhook::Patience).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoteDelivery {
    /// Whose webhook.
    pub community: CommunityId,
    /// Which webhook.
    pub webhook: WebhookId,
    /// Which event.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// How it ended.
    pub end: DeliveryEnd,
}

/// Go on with a webhook's line, whose first was given up by a process that died at it. Only the server itself does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResumeDeliveries {
    /// Whose webhook.
    pub community: CommunityId,
    /// Which.
    pub webhook: WebhookId,
}

/// Switch a webhook off that nothing reaches any more, or that is too far behind; changes nothing when neither is so.
/// Only the server itself does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StopWebhook {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub webhook: WebhookId,
}
