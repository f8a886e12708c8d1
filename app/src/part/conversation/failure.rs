//! A message that was not sent.

use leptos::prelude::*;
use thunderline::{
    domain::MessageId,
    view::{Row, RowState},
};

use super::{Open, glyph};
use crate::{dom::page, state::use_client};

/// Why it was not sent, and what can be done.
#[component]
pub(super) fn Failure(id: MessageId, row: RwSignal<Row>) -> impl IntoView {
    let client = use_client();
    let transcript = expect_context::<Open>().transcript;
    let reason = move || {
        row.with(|row| if let RowState::Failed { reason, .. } = &row.state { reason.clone() } else { String::new() })
    };
    view! {
        <p class="message-failure" role="alert">
            {glyph("alert")}
            <span>"Not sent. " {reason}</span>
            <button class="link-button" type="button" on:click=move |_| client.retry(transcript, id)>
                "Try again"
            </button>
            <button class="link-button" type="button" on:click=move |_| super::composer::take_back(client, transcript, id)>
                "Edit"
            </button>
            <button
                class="link-button"
                type="button"
                on:click=move |_| {
                    client.discard(transcript, id);
                    page::focus(&transcript.id("composer-body"));
                }
            >
                "Discard"
            </button>
        </p>
    }
}
