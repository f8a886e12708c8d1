//! Notifications.

use serde::{Deserialize, Serialize};

use crate::domain::{EventId, MessageId, NotificationId, PersonId};

/// Tell people that a message names them (M06). Only the server itself does; twice for one message is once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notify {
    /// The event this follows from.
    pub event: EventId,
    /// The message.
    pub message: MessageId,
    /// Whom; at most [`MENTIONS`](crate::domain::message::MENTIONS).
    pub people: Vec<PersonId>,
}

/// Say that one has read a notification. Answers how many are unread now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkNotificationRead {
    /// Which.
    pub notification: NotificationId,
}

/// Say that one has seen a message, and so whatever told one of it. Answers how many are unread now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkMessageNoticed {
    /// Which.
    pub message: MessageId,
}

/// Say that one has read all notifications.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkAllNotificationsRead {}
