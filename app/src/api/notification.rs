//! What one was told of.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{NotificationId, query::Inbox};

use super::Fault;

/// My notifications, newest first.
#[server(endpoint = "list_notifications")]
pub async fn list_notifications(#[server(default)] before: Option<NotificationId>) -> Result<Inbox, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListNotifications { before }).await)
}

/// Says that one has read a notification.
#[server(endpoint = "mark_notification_read")]
pub async fn mark_notification_read(notification: NotificationId) -> Result<i64, Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let unread = answer(execute(command::MarkNotificationRead { notification }).await)?;
    lead_back("", "main");
    Ok(unread)
}

/// Says that one has read all notifications.
#[server(endpoint = "mark_all_notifications_read")]
pub async fn mark_all_notifications_read() -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::MarkAllNotificationsRead {}).await)?;
    lead_back("", "main");
    Ok(())
}
