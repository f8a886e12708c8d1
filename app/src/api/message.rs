//! Messages.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    ChannelId, CommandId, Message, MessageId, Seq,
    command::{Posted, Taken},
    history::History,
    message::MessageStatus,
    query::{MessageSource, Page, Span},
    thread::ReplyIn,
};

use super::Fault;

/// What became of what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Answer")]
pub enum Sent {
    /// It is a message.
    Posted(Box<Posted>),
    /// It was a command, which will be carried out.
    Taken(Taken),
}

/// Either, as it is read: trying one after the other would bring the browser a second reader of messages.
#[derive(Deserialize)]
struct Answer {
    seq: Option<Seq>,
    message: Option<Message>,
    command: Option<CommandId>,
    later: Option<bool>,
}

impl TryFrom<Answer> for Sent {
    type Error = &'static str;

    fn try_from(answer: Answer) -> Result<Self, Self::Error> {
        match answer {
            Answer { seq: Some(seq), message: Some(message), .. } => {
                Ok(Self::Posted(Box::new(Posted { seq, message })))
            }
            Answer { command: Some(command), later: Some(later), .. } => Ok(Self::Taken(Taken { command, later })),
            _ => Err("neither a message nor a command"),
        }
    }
}

impl Sent {
    /// Whether it is a message that waits for a moderator.
    pub fn waits(&self) -> bool {
        matches!(self, Self::Posted(posted) if posted.message.status == MessageStatus::Held)
    }
}

/// Posts a message, or has a command carried out: whoever writes one writes it like a message.
#[server(endpoint = "post_message")]
pub async fn post_message(
    id: MessageId,
    channel: ChannelId,
    #[server(default)] body: String,
    #[server(default)] reply_to: Option<MessageId>,
    /// Where an answer is seen; without it, in the thread alone.
    #[server(default)]
    reply_in: Option<ReplyIn>,
    #[server(default)] expires_in: Option<i64>,
) -> Result<Sent, Fault> {
    use super::context::{actor, answer, execute, lead_back};
    use thunderline::domain::{command, slash, thread::Reply};

    if actor().signed_in().is_ok_and(|author| slash::is_errand(&body, author)) {
        let id = uuid::Uuid::from(id).into();
        let taken = answer(execute(command::RunCommand { id, channel, body }).await)?;
        lead_back(if taken.later { "done=later" } else { "done=command" }, "composer");
        return Ok(Sent::Taken(taken));
    }
    let reply_to = reply_to.map(|to| Reply { to, shown: reply_in.unwrap_or(ReplyIn::Thread) });
    let posted = answer(execute(command::PostMessage { id, channel, body, reply_to, expires_in }).await)?;
    match posted.message.root {
        Some(root) => lead_back(&format!("thread={root}"), "thread-composer"),
        None => lead_back("", "composer"),
    }
    Ok(Sent::Posted(Box::new(posted)))
}

/// Changes a message of one's own.
#[server(endpoint = "edit_message")]
pub async fn edit_message(
    message: MessageId,
    #[server(default)] body: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] reason: Option<String>,
) -> Result<Message, Fault> {
    use super::context::{answer, execute, lead_to};
    use thunderline::domain::command;

    let edited = answer(execute(command::EditMessage { message, body, version, reason }).await)?;
    lead_to(message);
    Ok(edited)
}

/// How a message came to say what it says.
#[server(endpoint = "read_history")]
pub async fn read_history(message: MessageId) -> Result<History, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ReadHistory { message }).await)
}

/// Deletes a message.
#[server(endpoint = "delete_message")]
pub async fn delete_message(message: MessageId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_to};
    use thunderline::domain::command;

    answer(execute(command::DeleteMessage { message }).await)?;
    lead_to(message);
    Ok(())
}

/// A page of a channel's history. Asked in JSON: a form's fields are all text, and a tagged enum holding a number
/// cannot be read from text.
#[server(endpoint = "list_messages", input = leptos::server_fn::codec::Json)]
pub async fn list_messages(channel: ChannelId, span: Span) -> Result<Page, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListMessages { channel, span }).await)
}

/// Messages of a channel that hold all these words, newest first.
#[server(endpoint = "find_messages")]
pub async fn find_messages(channel: ChannelId, #[server(default)] words: String) -> Result<Vec<Message>, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::FindMessages { channel, words }).await)
}

/// The Markdown of a message one may edit.
#[server(endpoint = "read_message_source")]
pub async fn read_message_source(message: MessageId) -> Result<MessageSource, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ReadMessageSource { message }).await)
}
