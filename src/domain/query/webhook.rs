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

/// Which webhooks are to be told of an event. Only the server itself asks. Answers the
/// [`QueueDeliveries`](crate::domain::command::QueueDeliveries) that has them told, if there is one to tell.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadSubscribers {
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
}

/// What a webhook is to be sent of an event, as things stand now. Only the server itself asks. Answers a [`Turn`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadDelivery {
    /// Which webhook.
    pub webhook: WebhookId,
    /// Which event.
    pub event: EventId,
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
}

/// What is to be done with a delivery that has its turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// It is sent.
    Send(Delivery),
    /// It is not to be sent any more.
    LeaveOut {
        /// Whose webhook.
        community: CommunityId,
        /// Why.
        reason: String,
    },
    /// It is over, or the webhook is gone.
    Over,
}

/// One event on its way to one webhook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose webhook.
    pub community: CommunityId,
    /// Where it is.
    pub url: String,
    /// Signs what is sent.
    pub secret: String,
    /// What is sent: JSON.
    pub body: String,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the secret nor anybody's words belong into a log.
        f.debug_struct("Delivery").field("community", &self.community).finish_non_exhaustive()
    }
}
