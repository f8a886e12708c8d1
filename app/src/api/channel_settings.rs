//! What those who manage a channel change of it, and what one wants to hear of it oneself.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{ChannelId, ChannelStatus, ChannelSummary, channel::NotificationLevel};

use super::Fault;

/// Gives a channel another name and address, and leads to its page there.
#[server(endpoint = "rename_channel")]
pub async fn rename_channel(
    channel: ChannelId,
    #[server(default)] name: String,
    #[server(default)] slug: String,
    /// The community's address, to lead to the channel's new one.
    #[server(default)]
    address: String,
) -> Result<ChannelSummary, Fault> {
    use super::{
        context::{answer, execute},
        next,
    };
    use thunderline::domain::command;

    let renamed = answer(execute(command::RenameChannel { channel, name, slug }).await)?;
    if !address.is_empty() {
        let path = format!("/c/{}/{}/about?done=renamed#naming", next::encode(&address), renamed.slug);
        leptos_axum::redirect(&next::local(&path));
    }
    Ok(renamed)
}

/// Says what a channel asks of whoever posts there.
#[server(endpoint = "set_posting_limits")]
pub async fn set_posting_limits(
    channel: ChannelId,
    #[server(default)] slow_mode: i64,
    /// A number; empty: the most there can be.
    #[server(default)]
    message_chars: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::{Error, channel::LONGEST_MESSAGE, command};

    let wrong = |_| Error::invalid("message_chars", "must be a whole number of characters, or empty");
    let chars = match message_chars.trim() {
        "" => Ok(LONGEST_MESSAGE),
        text => text.parse().map_err(wrong),
    };
    let message_chars = answer(chars)?;
    answer(execute(command::SetPostingLimits { channel, slow_mode, message_chars }).await)?;
    lead_back("done=posting", "posting");
    Ok(())
}

/// Says how a channel is kept in order.
#[server(endpoint = "set_channel_moderation")]
pub async fn set_channel_moderation(
    channel: ChannelId,
    #[server(default)] approval: bool,
    /// A number; empty: as many as people like.
    #[server(default)]
    per_minute: String,
    #[server(default)] reactions: bool,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::{Error, command};

    let wrong = |_| Error::invalid("per_minute", "must be 1 to 60 messages, or empty for as many as people like");
    let number = match per_minute.trim() {
        "" => Ok(0),
        text => text.parse().map_err(wrong),
    };
    let per_minute = answer(number)?;
    answer(execute(command::SetChannelModeration { channel, approval, per_minute, reactions }).await)?;
    lead_back("done=order", "order");
    Ok(())
}

/// Archives a channel, locks it, or opens it again.
#[server(endpoint = "set_channel_status")]
pub async fn set_channel_status(channel: ChannelId, status: ChannelStatus) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::SetChannelStatus { channel, status }).await)?;
    lead_back("done=status", "status");
    Ok(())
}

/// Removes a channel, and goes to the community's page.
#[server(endpoint = "delete_channel")]
pub async fn delete_channel(
    channel: ChannelId,
    #[server(default)] name: String,
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::DeleteChannel { channel, name }).await)?;
    if !next.is_empty() {
        leptos_axum::redirect(&super::next::local(&next));
    }
    Ok(())
}

/// Says how much one wants to hear of a channel.
#[server(endpoint = "set_notifications")]
pub async fn set_notifications(
    channel: ChannelId,
    #[server(default)] muted: bool,
    level: NotificationLevel,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::SetNotifications { channel, muted, level }).await)?;
    lead_back("done=notifications", "notifications");
    Ok(())
}
