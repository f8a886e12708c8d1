//! Notifications.

use serde::{Deserialize, Serialize};

use crate::domain::{EventId, MessageId, Notification, NotificationId, PersonId, Seq, Topic};

/// My notifications, newest first. Answers [`Inbox`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListNotifications {
    /// Only those before this one of mine; without it the newest.
    #[serde(default)]
    pub before: Option<NotificationId>,
}

/// A page of my notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// At most [`NOTIFICATIONS_PAGE`](crate::domain::notification::NOTIFICATIONS_PAGE), newest first.
    pub notifications: Vec<Notification>,
    /// Whether older ones exist.
    pub more: bool,
    /// How many I have not read, on all pages.
    pub unread: i64,
    /// My own topic's latest event, read in the same snapshot.
    pub cursor: Seq,
}

/// Whom does the message of this event name, of those who may see it? Only the server itself asks. Answers a
/// [`Mentioned`], or nothing when there is nobody to tell.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadMentioned {
    /// The event's topic.
    pub topic: Topic,
    /// Its place there.
    pub seq: Seq,
}

/// Whom to tell of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// The event.
    pub event: EventId,
    /// The message.
    pub message: MessageId,
    /// Those it names who may see it, but for its author.
    pub people: Vec<PersonId>,
}
