//! The conversation: transcript, typing line, connection line and composer.

use leptos::prelude::*;
use thunderline::domain::{
    MessageId,
    query::{ChannelView, MessageSource},
};

use crate::api::flash::Flash;

/// Everything below the page's header. Stands inside `<main class="conversation">`, after the header.
#[component]
pub fn Conversation(
    /// The channel with a page of its messages.
    view: ChannelView,
    /// The community's address.
    community: String,
    /// The permalink's target (`?at=`).
    #[prop(optional_no_strip)]
    at: Option<MessageId>,
    /// The message being edited without JavaScript (`?edit=`).
    #[prop(optional_no_strip)]
    edit: Option<MessageSource>,
    /// A form that was refused.
    #[prop(optional_no_strip)]
    flash: Option<Flash>,
) -> impl IntoView {
    let _ = (view, community, at, edit, flash);
}
