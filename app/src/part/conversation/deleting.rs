//! Asking before a message is deleted.

use leptos::{html, prelude::*, task::spawn_local};
use thunderline::domain::MessageId;
use wasm_bindgen::JsCast;

use super::Open;
use crate::{
    dom::{page, scroll},
    state::{Asked, Transcript, use_client},
};

const QUESTION: &str = "Delete this message?";
const WHAT_COMES: &str = "Everybody sees that a message was here, and nobody can read it any more.";

/// The question. Closed until a message's delete button is pressed; the browser keeps the focus inside.
#[component]
pub(super) fn Deleting() -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    let client = use_client();
    let dialog = NodeRef::<html::Dialog>::new();
    let wrong = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let asked = transcript.asked.get().and_then(Asked::deletion).is_some();
        if let Some(dialog) = dialog.get() {
            if asked && !dialog.open() {
                wrong.set(None);
                let _ = dialog.show_modal();
            } else if !asked && dialog.open() {
                dialog.close();
            }
        }
    });
    let keep = move || {
        if let Some(id) = transcript.asked.get_untracked().and_then(Asked::deletion) {
            transcript.asked.set(None);
            page::focus(&transcript.row_id(id));
        }
    };
    let delete = move |_| {
        let Some(id) = transcript.asked.get_untracked().and_then(Asked::deletion) else { return };
        spawn_local(async move {
            let result = client.delete(id).await;
            if !transcript.is_alive() {
                return;
            }
            match result {
                Ok(()) => {
                    transcript.asked.set(None);
                    // After the dialog is closed: the browser puts the focus back to where it was.
                    request_animation_frame(move || move_on(transcript, id));
                }
                Err(error) => {
                    wrong.try_set(Some(error.to_string()));
                }
            }
        });
    };
    view! {
        <dialog class="question" node_ref=dialog aria-labelledby=transcript.id("delete-question") on:close=move |_| keep()>
            <h2 id=transcript.id("delete-question")>{QUESTION}</h2>
            <p>{WHAT_COMES}</p>
            {move || wrong.get().map(|wrong| view! { <p class="field-error" role="alert">{wrong}</p> })}
            <p class="actions">
                <button class="button" data-kind="danger" type="button" on:click=delete>
                    "Delete"
                </button>
                <button class="button" data-kind="quiet" type="button" on:click=move |_| keep()>
                    "Keep it"
                </button>
            </p>
        </dialog>
    }
}

/// The question in a message's row, for a browser without JavaScript (`?delete=`).
#[component]
pub(super) fn PlainDelete(id: MessageId) -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    view! {
        <form class="flag-form" data-plain="" method="post" action="/api/delete_message">
            <input type="hidden" name="message" value=id.to_string()/>
            <p>
                <strong>{QUESTION}</strong>
            </p>
            <p>{WHAT_COMES}</p>
            <p class="actions">
                <button class="button" data-kind="danger" data-size="s" type="submit">
                    "Delete"
                </button>
                <a class="button" data-kind="quiet" data-size="s" href=transcript.link("at", id)>
                    "Keep it"
                </a>
            </p>
        </form>
    }
}

/// The focus goes to the next message, or to the composer.
fn move_on(transcript: Transcript, id: MessageId) {
    let row =
        document().get_element_by_id(&transcript.row_id(id)).and_then(|row| row.dyn_into::<web_sys::Element>().ok());
    match row.and_then(|row| scroll::neighbour(&row, true).or_else(|| scroll::neighbour(&row, false))) {
        Some(next) => {
            let _ = next.focus();
        }
        None => page::focus(&transcript.id("composer-body")),
    }
}
