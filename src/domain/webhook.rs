//! Webhooks: a community's events, sent to an address of its choice (A03).

use serde::{Deserialize, Serialize};

use super::{
    id::{CommunityId, EventId, WebhookId},
    named::named,
    person::PersonSummary,
    time::Time,
};

/// The most webhooks a community has: they are sent to at once, within one lease of a lane record.
pub const WEBHOOKS_PER_COMMUNITY: i64 = 20;

named! {
    /// What a webhook can be told of; named as the event is.
    WebhookEvent {
        /// A message was posted.
        MessagePosted = "message.posted",
        /// A message was edited.
        MessageEdited = "message.edited",
        /// A message was deleted.
        MessageDeleted = "message.deleted",
        /// A channel was made.
        ChannelCreated = "channel.created",
        /// Somebody became a member.
        MemberJoined = "member.joined",
    }
}

/// The event of a test, which every webhook is told of when asked.
pub const TESTED: &str = "webhook.tested";

/// A webhook, for those who may manage it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// Whose events.
    pub community: CommunityId,
    /// Where they are sent.
    pub url: String,
    /// Signs what is sent.
    pub secret: String,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
    /// Whether it is told at all.
    pub active: bool,
    /// Who made it.
    pub created_by: PersonSummary,
    /// Who chose the address: of channels that are not public, only what this person may read is sent.
    pub url_by: PersonSummary,
    /// When.
    pub created_at: Time,
    /// What came of the latest delivery; `None` before the first.
    pub outcome: Option<DeliveryOutcome>,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret does not belong into a log, nor does an address, which may hold one.
        f.debug_struct("Webhook").field("id", &self.id).field("community", &self.community).finish_non_exhaustive()
    }
}

/// What came of a delivery's latest attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryOutcome {
    /// Which event: the delivery's name at the receiver.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// Whether it arrived.
    pub done: bool,
    /// How often it was tried.
    pub attempts: i64,
    /// The status the receiver answered with, if it answered.
    pub status: Option<i64>,
    /// Why it did not arrive.
    pub error: Option<String>,
    /// When.
    pub at: Time,
}
