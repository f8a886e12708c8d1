//! Threads.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    MessageId,
    query::{Span, ThreadView},
};

use super::Fault;

/// A thread with a page of its replies. Asked in JSON, as a page of a channel is.
#[server(endpoint = "read_thread", input = leptos::server_fn::codec::Json)]
pub async fn read_thread(message: MessageId, span: Span) -> Result<ThreadView, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ReadThread { message, span }).await)
}

/// A thread as its panel opens: whoever opens it has read whatever told them of its replies.
#[server(endpoint = "open_thread", input = leptos::server_fn::codec::Json)]
pub async fn open_thread(message: MessageId, span: Span) -> Result<ThreadView, Fault> {
    use super::context::{answer, ask, execute, header};
    use thunderline::domain::{command, query};

    let view = answer(ask(query::ReadThread { message, span }).await)?;
    let prefetched = header(http::HeaderName::from_static("sec-purpose")).is_some();
    if view.unread > 0 && !prefetched {
        // Reading works also when this cannot be noted now.
        let _ = execute(command::MarkThreadNoticed { message: view.root.id }).await;
    }
    Ok(view)
}

/// Follows a thread, or no longer.
#[server(endpoint = "follow_thread")]
pub async fn follow_thread(message: MessageId, #[server(default)] following: bool) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::FollowThread { message, following }).await)?;
    lead_back(&format!("thread={message}"), "panel");
    Ok(())
}

/// Says that one has seen a thread. Answers how many notifications are unread now.
#[server(endpoint = "mark_thread_noticed")]
pub async fn mark_thread_noticed(message: MessageId) -> Result<i64, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::MarkThreadNoticed { message }).await)
}
