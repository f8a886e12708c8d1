//! Webhooks.

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, EventId, WebhookId, webhook::WebhookEvent};

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

/// Note what came of an attempt to deliver. Only the server itself does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoteDelivery {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// The status the receiver answered with, if it answered.
    pub status: Option<u16>,
    /// Why it did not arrive; `None` when it did.
    pub error: Option<String>,
}
