//! Changing a message in its place.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use thunderline::{
    domain::{
        Error, FieldError, MessageId,
        query::MessageSource,
        text::{MessageBody, REASON_CHARS},
    },
    view::body::sentence,
};

use super::{
    Open,
    edges::is_for_browser,
    refused::{Now, RefusedEdit},
};
use crate::{
    dom::page,
    state::{Client, Transcript, use_client},
};

/// Opens the form in place of the body, with the message's Markdown.
pub(super) fn begin(client: Client, transcript: Transcript, id: MessageId) {
    spawn_local(async move {
        match client.source(id).await {
            Ok(source) if transcript.is_alive() => transcript.editing.set(Some(source)),
            Ok(_) => {}
            Err(error) => page::announce(&error.to_string()),
        }
    });
}

/// Closes the form; the focus goes to the message.
fn end(transcript: Transcript, id: MessageId) {
    transcript.editing.set(None);
    request_animation_frame(move || page::focus(&transcript.row_id(id)));
}

/// The form in place of a message's body.
#[component]
pub(super) fn Editing(id: MessageId) -> impl IntoView {
    let Open { transcript, refused, .. } = expect_context::<Open>();
    let client = use_client();
    let field = NodeRef::<html::Textarea>::new();
    let why = NodeRef::<html::Input>::new();
    let Some(source) = transcript.editing.get_untracked() else { return ().into_any() };
    let (body, version) = (source.body.clone(), source.version);
    // Of a form without JavaScript; it is told once.
    let RefusedEdit { said, reason, now } = refused.try_update_value(Option::take).flatten().unwrap_or_default();
    let source = StoredValue::new(source);
    let (wrong, busy) = (RwSignal::new(said), RwSignal::new(false));
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            let end = field.text_length();
            let _ = field.set_selection_range(end, end);
        }
    });
    let save = move || {
        let Some(field) = field.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        let body = field.value();
        if source.with_value(|source| source.body == body) {
            end(transcript, id);
            return;
        }
        if let Err(error) = MessageBody::parse("message", &body) {
            wrong.set(Some(words(&error)));
            return;
        }
        let reason = why.get_untracked().map(|why| why.value()).unwrap_or_default();
        busy.set(true);
        spawn_local(async move {
            let result = keep(client, transcript, source, body, reason).await;
            if !transcript.is_alive() {
                return;
            }
            busy.try_set(false);
            match result {
                Ok(()) => end(transcript, id),
                Err(said) => {
                    wrong.try_set(Some(said));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.prevent_default();
            end(transcript, id);
        }
        "Enter" if !event.shift_key() && !super::composer::is_composing(&event) => {
            event.prevent_default();
            save();
        }
        _ => {}
    };
    let label = transcript.id(&format!("edit-{id}"));
    view! {
        <form class="message-edit" method="post" action="/api/edit_message" on:submit=submit>
            <input type="hidden" name="message" value=id.to_string()/>
            <input type="hidden" name="version" value=version/>
            <label class="vh" for=label.clone()>
                "Edit message"
            </label>
            <textarea
                id=label
                name="body"
                dir="auto"
                rows="2"
                autofocus
                required
                node_ref=field
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                on:keydown=press
            >
                {body}
            </textarea>
            <label class="vh" for=format!("reason-{id}")>
                "Why you change it, optional"
            </label>
            <input
                id=format!("reason-{id}")
                name="reason"
                class="edit-why"
                dir="auto"
                autocomplete="off"
                maxlength=REASON_CHARS.to_string()
                placeholder="Why? Optional; shown in the history"
                value=reason
                node_ref=why
                on:keydown=press
            />
            {move || wrong.get().map(|wrong| view! { <p class="field-error" role="alert">{wrong}</p> })}
            <Now text=now/>
            <Buttons id=id busy=busy/>
        </form>
    }
    .into_any()
}

/// Saving, and leaving the message as it is.
#[component]
fn Buttons(id: MessageId, busy: RwSignal<bool>) -> impl IntoView {
    let Open { transcript, address, .. } = expect_context::<Open>();
    view! {
        <p class="actions">
            <button class="button" data-kind="primary" data-size="s" type="submit" aria-busy=move || busy.get().then_some("true")>
                "Save"
            </button>
            <a
                class="button"
                data-kind="quiet"
                data-size="s"
                href=address.with_value(|address| format!("{address}?at={id}#m-{id}"))
                on:click=move |event| {
                    if !is_for_browser(&event) {
                        event.prevent_default();
                        end(transcript, id);
                    }
                }
            >
                "Cancel"
            </a>
            <span class="hint">"Esc cancels, Enter saves"</span>
        </p>
    }
}

/// Saves; or says why not. Who is told that another window was first may replace what stands there now.
async fn keep(
    client: Client,
    transcript: Transcript,
    source: StoredValue<MessageSource>,
    body: String,
    reason: String,
) -> Result<(), String> {
    let from = source.get_value();
    let Err(error) = client.edit(transcript, &from, body, reason).await else { return Ok(()) };
    if matches!(error, Error::Conflict { .. })
        && let Ok(now) = client.source(from.message).await
    {
        source.try_set_value(now);
        return Err(refusal(&error));
    }
    Err(words(&error))
}

/// Why an edit was refused whose form knows what stands there now.
pub(super) fn refusal(error: &Error) -> String {
    let said = words(error);
    if matches!(error, Error::Conflict { .. }) { said + " Save again to replace it." } else { said }
}

fn words(error: &Error) -> String {
    match error {
        Error::Invalid { fields } => {
            let said = |field: &FieldError| {
                let what = if field.field == "reason" { "The reason " } else { "The message " };
                [what, &field.message].concat()
            };
            sentence(&fields.first().map(said).unwrap_or_default())
        }
        Error::Unavailable => "Not saved: the server cannot be reached. Your text is kept here.".to_owned(),
        Error::NotFound => "Not saved: the message is no longer there.".to_owned(),
        Error::Conflict { message } => format!("Not saved. {message} Your text is kept here."),
        other => other.to_string(),
    }
}
