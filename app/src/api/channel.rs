//! Channels.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    ChannelId, ChannelSummary, CommunityId, PersonId, PersonSummary, channel::Activity, query::MemberPage,
};

use super::Fault;

/// Makes a channel and opens it.
#[server(endpoint = "create_channel")]
pub async fn create_channel(
    id: ChannelId,
    community: CommunityId,
    #[server(default)] name: String,
    #[server(default)] topic: String,
    #[server(default)] private: bool,
    /// The community's address, to lead to the new channel.
    #[server(default)]
    address: String,
) -> Result<ChannelSummary, Fault> {
    use super::{
        context::{answer, execute},
        next,
    };
    use thunderline::domain::command;

    let made = answer(execute(command::CreateChannel { id, community, name, topic, private }).await)?;
    if !address.is_empty() {
        leptos_axum::redirect(&next::local(&format!("/c/{}/{}", next::encode(&address), made.slug)));
    }
    Ok(made)
}

/// Takes part.
#[server(endpoint = "join_channel")]
pub async fn join_channel(channel: ChannelId) -> Result<ChannelSummary, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::JoinChannel { channel }).await)
}

/// Stops taking part, and goes to the community's page.
#[server(endpoint = "leave_channel")]
pub async fn leave_channel(
    channel: ChannelId,
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::LeaveChannel { channel }).await)?;
    if !next.is_empty() {
        leptos_axum::redirect(&super::next::local(&next));
    }
    Ok(())
}

/// Brings somebody in.
#[server(endpoint = "add_to_channel")]
pub async fn add_to_channel(channel: ChannelId, #[server(default)] handle: String) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::AddToChannel { channel, handle }).await)?;
    lead_back("done=added", "");
    Ok(())
}

/// Has somebody take part no longer.
#[server(endpoint = "remove_from_channel")]
pub async fn remove_from_channel(channel: ChannelId, person: PersonId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::RemoveFromChannel { channel, person }).await)?;
    lead_back("done=removed", "people");
    Ok(())
}

/// Says what the channel is about.
#[server(endpoint = "set_topic")]
pub async fn set_topic(channel: ChannelId, #[server(default)] topic: String) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::SetTopic { channel, topic }).await)?;
    lead_back("done=topic", "");
    Ok(())
}

/// Says for how long a channel keeps its messages.
#[server(endpoint = "set_retention")]
pub async fn set_retention(
    channel: ChannelId,
    /// A number; empty: for good.
    #[server(default)]
    retention_days: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::{Error, command};

    let wrong = |_| Error::invalid("retention_days", "must be a whole number of days, or empty");
    let days = match retention_days.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(wrong),
    };
    let retention_days = answer(days)?;
    answer(execute(command::SetRetention { channel, retention_days }).await)?;
    lead_back("done=retention", "retention");
    Ok(())
}

/// Moves one's read mark.
#[server(endpoint = "mark_read")]
pub async fn mark_read(channel: ChannelId, position: i64) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::MarkRead { channel, position }).await)
}

/// How much was said lately.
#[server(endpoint = "read_activity")]
pub async fn read_activity(channel: ChannelId) -> Result<Activity, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ReadActivity { channel }).await)
}

/// Whom a message can name whose name begins so.
#[server(endpoint = "find_nameable")]
pub async fn find_nameable(
    channel: ChannelId,
    #[server(default)] letters: String,
) -> Result<Vec<PersonSummary>, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::FindNameable { channel, letters }).await)
}

/// Who takes part.
#[server(endpoint = "list_participants")]
pub async fn list_participants(channel: ChannelId, #[server(default)] offset: i64) -> Result<MemberPage, Fault> {
    use super::context::{answer, ask, present};
    use thunderline::domain::query;

    answer(ask(query::ListParticipants { channel, offset }).await.map(present))
}
