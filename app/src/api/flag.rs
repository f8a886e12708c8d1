//! Flags.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, MessageId,
    flag::{Queue, Verdict},
};

use super::Fault;

/// Flags a message.
#[server(endpoint = "flag_message")]
pub async fn flag_message(message: MessageId, #[server(default)] reason: String) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::FlagMessage { message, reason }).await)?;
    lead_back(&format!("at={message}&done=flagged"), &format!("m-{message}"));
    Ok(())
}

/// Says what becomes of a flagged message.
#[server(endpoint = "judge_message")]
pub async fn judge_message(message: MessageId, verdict: Verdict) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::JudgeMessage { message, verdict }).await)?;
    lead_back("", "main");
    Ok(())
}

/// What waits to be judged.
#[server(endpoint = "list_flagged")]
pub async fn list_flagged(community: CommunityId) -> Result<Queue, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListFlagged { community }).await)
}
