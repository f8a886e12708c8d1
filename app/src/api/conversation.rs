//! Direct conversations.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{ChannelId, CommunityId, PersonId};

use super::Fault;

/// Opens the conversation with somebody, and goes there; answers its address.
#[server(endpoint = "open_conversation")]
pub async fn open_conversation(
    community: CommunityId,
    people: PersonId,
    /// The community's address.
    address: String,
) -> Result<String, Fault> {
    use super::{
        context::{answer, execute},
        next,
    };
    use thunderline::domain::command;

    let opened = answer(execute(command::OpenConversation { community, people: vec![people] }).await)?;
    let path = next::local(&format!("/c/{}/{}", next::encode(&address), opened.slug));
    leptos_axum::redirect(&path);
    Ok(path)
}

/// Where the page of a conversation is.
#[server(endpoint = "find_conversation")]
pub async fn find_conversation(channel: ChannelId) -> Result<String, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    let (community, slug) = answer(ask(query::FindConversation { channel }).await)?;
    let path = format!("/c/{community}/{slug}");
    leptos_axum::redirect(&path);
    Ok(path)
}
