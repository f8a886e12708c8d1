//! Drafts.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{ChannelId, MessageId};

use super::Fault;

/// Keeps what one has begun to write. The client sends it as a form whose answer it does not await: a page that is being
/// left gets none.
#[server(endpoint = "save_draft")]
pub async fn save_draft(
    channel: ChannelId,
    #[server(default)] root: Option<MessageId>,
    #[server(default)] body: String,
) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::SaveDraft { channel, root, body }).await)
}
