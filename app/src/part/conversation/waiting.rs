//! What of mine waits for a moderator here, or was declined: mine alone, below the transcript.

use leptos::{ev::SubmitEvent, prelude::*};
use thunderline::domain::{
    MessageId,
    held::{Held, HeldStatus},
};

use super::glyph;
use crate::state::use_client;

/// The list; nothing where nothing waits.
#[component]
pub(super) fn Waiting() -> impl IntoView {
    let held = use_client().held();
    let any = Memo::new(move |_| held.with(|held| !held.is_empty()));
    move || {
        any.get().then(|| {
            view! {
                <section class="held" aria-label="Your messages that wait for approval">
                    <ul>
                        <For each=move || held.get() key=|one| (one.message, one.status, one.html.clone()) let(one)>
                            <Item held=one/>
                        </For>
                    </ul>
                </section>
            }
        })
    }
}

/// What became of one.
const fn words(held: &Held) -> &'static str {
    match (held.status, held.edits) {
        (HeldStatus::Waiting, false) => "Waiting for approval. Only you and the moderators see this.",
        (HeldStatus::Waiting, true) => "Your change waits for approval. Until then the message stays as it was.",
        (HeldStatus::Declined, false) => "Not posted: a moderator declined your message.",
        (HeldStatus::Declined, true) => "Not changed: a moderator declined your change.",
    }
}

#[component]
fn Item(held: Held) -> impl IntoView {
    let client = use_client();
    let (id, said, waits) = (held.message, words(&held), held.status == HeldStatus::Waiting);
    let discard = move |event: SubmitEvent| {
        event.prevent_default();
        client.discard_held(id);
    };
    view! {
        <li id=format!("h-{id}") data-status=held.status.as_str()>
            <p class="held-state" role="status">{glyph("shield")} <span>{said}</span></p>
            {(!held.note.is_empty()).then(|| view! { <p class="held-note" dir="auto">{held.note}</p> })}
            {waits.then(|| view! { <div class="message-body markdown" dir="auto" inner_html=held.html></div> })}
            <div class="actions">
                {waits.then(|| view! { <Edit id=id body=held.body/> })}
                <form method="post" action="/api/discard_held" on:submit=discard>
                    <input type="hidden" name="message" value=id.to_string()/>
                    <button class="button" data-kind="quiet" data-size="s" type="submit">
                        {if waits { "Take back" } else { "Put away" }}
                    </button>
                </form>
            </div>
        </li>
    }
}

/// Folds out; a plain form.
#[component]
fn Edit(id: MessageId, body: String) -> impl IntoView {
    let client = use_client();
    let field = NodeRef::<leptos::html::Textarea>::new();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            client.edit_held(id, field.value());
        }
    };
    let label = format!("held-{id}");
    view! {
        <details>
            <summary class="button" data-kind="quiet" data-size="s">"Edit"</summary>
            <form class="message-edit" method="post" action="/api/edit_held" on:submit=save>
                <input type="hidden" name="message" value=id.to_string()/>
                <label class="vh" for=label.clone()>"Edit what waits"</label>
                <textarea id=label name="body" dir="auto" rows="2" required node_ref=field>{body}</textarea>
                <p class="actions">
                    <button class="button" data-kind="primary" data-size="s" type="submit">"Save"</button>
                </p>
            </form>
        </details>
    }
}
