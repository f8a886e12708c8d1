//! Pinning a message, and the mark of one that is pinned.

use leptos::{ev::SubmitEvent, prelude::*};
use thunderline::domain::MessageId;

use super::glyph;
use crate::state::use_client;

/// The tool that pins a message, or takes the pin away.
#[component]
pub(super) fn PinTool(id: MessageId, pinned: Memo<bool>) -> impl IntoView {
    let client = use_client();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        client.pin(id, !pinned.get_untracked());
    };
    let words = move || if pinned.get() { "Unpin" } else { "Pin" };
    view! {
        <form
            method="post"
            action=move || if pinned.get() { "/api/unpin_message" } else { "/api/pin_message" }
            on:submit=submit
        >
            <input type="hidden" name="message" value=id.to_string()/>
            <button class="icon-button" type="submit" aria-keyshortcuts="P" title=move || format!("{} (P)", words())>
                {glyph("pin")}
                <span class="vh">{words}</span>
            </button>
        </form>
    }
}

/// Says that a message is pinned.
#[component]
pub(super) fn PinnedMark() -> impl IntoView {
    view! {
        <p class="mark-line">
            {glyph("pin")}
            "Pinned"
        </p>
    }
}
