//! Messages that wait for a moderator, and what messages are judged by.

#![expect(
    missing_docs,
    clippy::too_many_arguments,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, MessageId,
    moderation::{Consequence, LinksFrom, ModerationSettings},
};

use super::Fault;

/// Lets a held message be posted.
#[server(endpoint = "approve_message")]
pub async fn approve_message(message: MessageId, #[server(default)] version: Option<i64>) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::ApproveMessage { message, version }).await)?;
    lead_back("done=approved", "main");
    Ok(())
}

/// Declines a held message, and gives its author a time-out if that is wished.
#[server(endpoint = "decline_message")]
pub async fn decline_message(
    message: MessageId,
    #[server(default)] note: String,
    /// For how long its author only reads; 0: no time-out.
    #[server(default)]
    seconds: i64,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let seconds = Some(seconds).filter(|seconds| *seconds != 0);
    answer(execute(command::DeclineMessage { message, note, seconds }).await)?;
    lead_back("done=declined", "main");
    Ok(())
}

/// Changes a message of one's own that waits.
#[server(endpoint = "edit_held")]
pub async fn edit_held(message: MessageId, #[server(default)] body: String) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::EditHeld { message, body }).await)?;
    lead_back("", "composer");
    Ok(())
}

/// Takes back a message of one's own that waits, or puts away what is left of one.
#[server(endpoint = "discard_held")]
pub async fn discard_held(message: MessageId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::DiscardHeld { message }).await)?;
    lead_back("", "composer");
    Ok(())
}

/// What a community has its messages judged by.
#[server(endpoint = "read_moderation")]
pub async fn read_moderation(community: CommunityId) -> Result<ModerationSettings, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ReadModeration { community }).await)
}

/// Says by what a community has its messages judged.
#[server(endpoint = "set_moderation")]
pub async fn set_moderation(
    community: CommunityId,
    #[server(default)] flagged: String,
    #[server(default)] held: String,
    #[server(default)] refused: String,
    links_from: LinksFrom,
    /// A number; empty where it is not asked.
    #[server(default)]
    link_days: String,
    links: Consequence,
    #[server(default)] hosts: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::{Error, command};

    let days = match link_days.trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| Error::invalid("link_days", "must be 1 to 365 days")),
    };
    let link_days = answer(days)?;
    let set = command::SetModeration { community, flagged, held, refused, links_from, link_days, links, hosts };
    answer(execute(set).await)?;
    lead_back("done=moderation", "main");
    Ok(())
}
