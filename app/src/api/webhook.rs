//! Webhooks.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, WebhookId,
    webhook::{Webhook, WebhookEvent},
};

use super::Fault;

/// What a webhook can be told of, as its form asks: the box, its label, and the events.
pub const CHOICES: [(&str, &str, &[WebhookEvent]); 4] = [
    ("posted", "A message is posted", &[WebhookEvent::MessagePosted]),
    ("changed", "A message is edited or deleted", &[WebhookEvent::MessageEdited, WebhookEvent::MessageDeleted]),
    ("channels", "A public channel is made", &[WebhookEvent::ChannelCreated]),
    ("members", "Somebody joins", &[WebhookEvent::MemberJoined]),
];

/// The events of the boxes that are ticked, in the order of [`CHOICES`].
#[cfg(feature = "ssr")]
fn ticked(boxes: [bool; 4]) -> Vec<WebhookEvent> {
    CHOICES.iter().zip(boxes).filter(|(_, ticked)| *ticked).flat_map(|((.., events), _)| *events).copied().collect()
}

/// A community's webhooks, oldest first.
#[server(endpoint = "list_webhooks")]
pub async fn list_webhooks(community: CommunityId) -> Result<Vec<Webhook>, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListWebhooks { community }).await)
}

/// Makes a webhook.
#[allow(clippy::fn_params_excessive_bools, reason = "one field a box; the macro copies this to where it is not needed")]
#[server(endpoint = "create_webhook")]
pub async fn create_webhook(
    id: WebhookId,
    community: CommunityId,
    #[server(default)] url: String,
    #[server(default)] posted: bool,
    #[server(default)] changed: bool,
    #[server(default)] channels: bool,
    #[server(default)] members: bool,
) -> Result<Webhook, Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let events = ticked([posted, changed, channels, members]);
    let made = answer(execute(command::CreateWebhook { id, community, url, events }).await)?;
    lead_back("", &format!("webhook-{}", made.id));
    Ok(made)
}

/// Changes a webhook.
#[allow(clippy::fn_params_excessive_bools, reason = "one field a box; the macro copies this to where it is not needed")]
#[server(endpoint = "edit_webhook")]
pub async fn edit_webhook(
    webhook: WebhookId,
    #[server(default)] url: String,
    #[server(default)] posted: bool,
    #[server(default)] changed: bool,
    #[server(default)] channels: bool,
    #[server(default)] members: bool,
    #[server(default)] active: bool,
) -> Result<Webhook, Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let events = ticked([posted, changed, channels, members]);
    let edited = answer(execute(command::EditWebhook { webhook, url, events, active }).await)?;
    lead_back("", &format!("webhook-{webhook}"));
    Ok(edited)
}

/// Removes a webhook.
#[server(endpoint = "delete_webhook")]
pub async fn delete_webhook(webhook: WebhookId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::DeleteWebhook { webhook }).await)?;
    lead_back("", "main");
    Ok(())
}

/// Sends a webhook something harmless.
#[server(endpoint = "test_webhook")]
pub async fn test_webhook(webhook: WebhookId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::TestWebhook { webhook }).await)?;
    lead_back("done=tested", &format!("webhook-{webhook}"));
    Ok(())
}
