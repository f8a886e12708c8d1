//! Webhooks: a community's events, sent to an address of its choice (A03).

use serde::{Deserialize, Serialize};

use super::{
    id::{CommunityId, EventId, RecordId, WebhookId},
    named::named,
    person::PersonSummary,
    time::Time,
};

/// The most webhooks a community has.
pub const WEBHOOKS_PER_COMMUNITY: i64 = 20;
/// A webhook is switched off after so many deliveries in a row that were given up, …
pub const FAILURES_IN_A_ROW: i64 = 10;
/// … if nothing has arrived for so long, in microseconds: whoever mends a server within the hour finds it switched on.
pub const FAILING_FOR: i64 = 60 * Time::MINUTE;
/// A webhook is switched off as well when so many deliveries wait in its line: its receiver is too slow for what happens.
pub const LINE: i64 = 10_000;

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
    /// The latest delivery that did not arrive, and has not since.
    pub failure: Option<DeliveryOutcome>,
    /// How many deliveries wait: in its line, the one that is being tried included, and those that were replayed.
    pub waiting: i64,
    /// The latest that was given up, for those who run the server too: there it is replayed or purged.
    #[serde(default)]
    pub dead_letter: Option<RecordId>,
    /// When the server switched it off because nothing arrived any more; `None` when it did not, or somebody has looked
    /// after it since.
    pub stopped_at: Option<Time>,
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
    /// Whether it is over: it arrived, or, with an error, was left out before it was sent.
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

/// How an attempt to deliver ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryEnd {
    /// It arrived.
    Arrived {
        /// The status the receiver answered with.
        status: u16,
    },
    /// It did not arrive.
    Failed {
        /// The status the receiver answered with, if it answered.
        status: Option<u16>,
        /// Why.
        error: String,
        /// Whether it was the last attempt: then it is given up, and the next in the line has its turn.
        last: bool,
    },
    /// It is not sent any more.
    LeftOut {
        /// Why, as a sentence that begins in the middle, without a full stop.
        reason: String,
    },
}

/// Whether a webhook is still sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Patience {
    /// It is.
    Left,
    /// Nothing has arrived for too long: it should be switched off.
    Exhausted,
}
