//! Reactions.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{MessageId, reaction::Reactors};

use super::Fault;

/// Puts an emoji on a message.
#[server(endpoint = "add_reaction")]
pub async fn add_reaction(message: MessageId, #[server(default)] emoji: String) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_to};
    use thunderline::domain::command;

    answer(execute(command::AddReaction { message, emoji }).await)?;
    lead_to(message);
    Ok(())
}

/// Takes an emoji of one's own away again.
#[server(endpoint = "remove_reaction")]
pub async fn remove_reaction(message: MessageId, #[server(default)] emoji: String) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_to};
    use thunderline::domain::command;

    answer(execute(command::RemoveReaction { message, emoji }).await)?;
    lead_to(message);
    Ok(())
}

/// Who put which emoji on a message.
#[server(endpoint = "list_reactions")]
pub async fn list_reactions(message: MessageId) -> Result<Vec<Reactors>, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListReactions { message }).await)
}
