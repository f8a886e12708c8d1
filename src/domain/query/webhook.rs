//! Webhooks.

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, EventId, Seq, Topic, WebhookId};

/// A community's webhooks, oldest first, with what came of their latest deliveries. Answers a list of
/// [`Webhook`](crate::domain::webhook::Webhook).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListWebhooks {
    /// Which community.
    pub community: CommunityId,
}

/// What is still to be sent of an event, and where. Only the server itself asks. Answers a list of [`Delivery`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadDeliveries {
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
}

/// One event on its way to one webhook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Where that is.
    pub url: String,
    /// Signs it.
    pub secret: String,
    /// The event: the delivery's name.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// What is sent: JSON.
    pub body: String,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the secret nor anybody's words belong into a log.
        f.debug_struct("Delivery").field("webhook", &self.webhook).field("event", &self.event).finish_non_exhaustive()
    }
}
