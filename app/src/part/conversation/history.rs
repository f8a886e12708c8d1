//! What a message said before, over the conversation.

use leptos::{html, prelude::*, task::spawn_local};
use thunderline::domain::{Error, history::History as Kept};

use super::Open;
use crate::{
    dom::page,
    part::history::Edits,
    state::{Asked, use_client},
};

/// The history of a message. Closed until the mark of an edit is pressed; the browser keeps the focus inside.
#[component]
pub(super) fn History() -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    let client = use_client();
    let dialog = NodeRef::<html::Dialog>::new();
    let kept = RwSignal::new(None::<Result<Kept, Error>>);
    let about = Memo::new(move |_| transcript.asked.get().and_then(Asked::history));
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        let Some(message) = about.get() else {
            if dialog.open() {
                dialog.close();
            }
            return;
        };
        kept.set(None);
        let _ = dialog.show_modal();
        spawn_local(async move {
            let answer = client.history(message).await;
            if about.try_get_untracked() == Some(Some(message)) {
                kept.try_set(Some(answer));
            }
        });
    });
    let leave = move || {
        if let Some(message) = about.get_untracked() {
            transcript.asked.set(None);
            page::focus(&format!("m-{message}"));
        }
    };
    let inside = move || match kept.get() {
        None => view! { <p class="muted" role="status">"Reading the history…"</p> }.into_any(),
        Some(Ok(history)) => view! { <Edits history=history/> }.into_any(),
        Some(Err(error)) => view! { <p class="field-error" role="alert">{error.to_string()}</p> }.into_any(),
    };
    view! {
        <dialog class="question history" node_ref=dialog aria-labelledby="history-title" on:close=move |_| leave()>
            <h2 id="history-title">"Edit history"</h2>
            // Longer than the screen, it scrolls; the keyboard has to reach it.
            <div class="history-body" tabindex="0" role="group" aria-label="Edits">
                {move || about.get().is_some().then(inside)}
            </div>
            <p class="actions">
                <button class="button" data-kind="quiet" data-size="s" type="button" on:click=move |_| leave()>
                    "Close"
                </button>
            </p>
        </dialog>
    }
}
