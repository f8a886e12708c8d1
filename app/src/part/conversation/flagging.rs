//! Flagging a message: telling the moderators why they should look at it.

use leptos::{
    ev::{MouseEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use thunderline::{
    domain::{Error, MessageId, text::REASON_CHARS},
    view::body::sentence,
};

use super::{Open, edges::is_for_browser, glyph};
use crate::{
    api::Flash,
    dom::page,
    state::{Asked, use_client},
};

/// Who will see it: nobody is to be surprised.
const WHO: &str =
    "The community's moderators will see this message, your name and what you write here. Nobody else will.";

/// The tool that opens the question; a link to the form where there is no JavaScript.
#[component]
pub(super) fn FlagTool(id: MessageId) -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    let ask = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            transcript.asked.set(Some(Asked::Flag(id)));
        }
    };
    view! {
        <a class="icon-button" href=format!("?flag={id}#m-{id}") aria-keyshortcuts="F" title="Flag (F)" on:click=ask>
            {glyph("flag")}
            <span class="vh">"Flag"</span>
        </a>
    }
}

/// Says that a message waits to be judged. Only those who may judge it are ever told.
#[component]
pub(super) fn FlaggedMark(id: MessageId) -> impl IntoView {
    let queue = expect_context::<Open>().address.with_value(|address| {
        let community = address.rsplit_once('/').map_or(address.as_str(), |(community, _)| community);
        format!("{community}/moderation#f-{id}")
    });
    view! {
        <p class="mark-line" data-kind="flagged">
            {glyph("flag")}
            "Flagged. "
            <a href=queue>"Review"</a>
        </p>
    }
}

fn words(error: &Error) -> String {
    match error.of_field("reason") {
        Some(wrong) => sentence(&["The reason ", wrong].concat()),
        None => error.to_string(),
    }
}

/// The form in a message's row, for a browser without JavaScript (`?flag=`).
#[component]
pub(super) fn PlainFlag(id: MessageId, flash: Option<Flash>) -> impl IntoView {
    let address = expect_context::<Open>().address;
    let typed = flash.as_ref().and_then(|flash| flash.fields.get("reason").cloned()).unwrap_or_default();
    let wrong = flash.map(|flash| words(&flash.error));
    let field = format!("flag-{id}");
    view! {
        <form class="flag-form" data-plain="" method="post" action="/api/flag_message">
            <input type="hidden" name="message" value=id.to_string()/>
            <label for=field.clone()>"Why should the moderators look at this?"</label>
            <p class="hint" id=format!("{field}-hint")>{WHO}</p>
            <textarea
                id=field.clone()
                name="reason"
                rows="2"
                dir="auto"
                required
                maxlength=REASON_CHARS.to_string()
                aria-describedby=format!("{field}-hint")
                aria-invalid=wrong.is_some().then_some("true")
            >
                {typed}
            </textarea>
            {wrong.map(|wrong| view! { <p class="field-error" role="alert">{wrong}</p> })}
            <p class="actions">
                <button class="button" data-kind="primary" data-size="s" type="submit">
                    "Flag"
                </button>
                <a class="button" data-kind="quiet" data-size="s" href=move || format!("{}?at={id}#m-{id}", address.get_value())>
                    "Cancel"
                </a>
            </p>
        </form>
    }
}

/// The question why. Closed until somebody flags a message; the browser keeps the focus inside.
#[component]
pub(super) fn Flagging() -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    let client = use_client();
    let (dialog, field) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Textarea>::new());
    let (wrong, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let about = Memo::new(move |_| transcript.asked.get().and_then(Asked::flag));
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if about.get().is_none() {
            if dialog.open() {
                dialog.close();
            }
            return;
        }
        wrong.set(None);
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
        let _ = dialog.show_modal();
    });
    let leave = move || {
        if let Some(message) = about.get_untracked() {
            transcript.asked.set(None);
            page::focus(&format!("m-{message}"));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(message), Some(field)) = (about.get_untracked(), field.get_untracked()) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let reason = field.value();
        spawn_local(async move {
            let result = client.flag(message, reason).await;
            busy.try_set(false);
            match result {
                Ok(()) if about.try_get_untracked() == Some(Some(message)) => leave(),
                Ok(()) => {}
                Err(error) => {
                    wrong.try_set(Some(words(&error)));
                }
            }
        });
    };
    view! {
        <dialog class="question" node_ref=dialog aria-labelledby="flag-question" on:close=move |_| leave()>
            <h2 id="flag-question">"Flag this message"</h2>
            <form class="flag-form" method="dialog" on:submit=submit>
                <label for="flag-reason">"Why should the moderators look at this?"</label>
                <p class="hint" id="flag-reason-hint">{WHO}</p>
                <textarea
                    id="flag-reason"
                    rows="3"
                    dir="auto"
                    required
                    autofocus
                    maxlength=REASON_CHARS.to_string()
                    aria-describedby="flag-reason-hint"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    node_ref=field
                ></textarea>
                {move || wrong.get().map(|wrong| view! { <p class="field-error" role="alert">{wrong}</p> })}
                <p class="actions">
                    <button class="button" data-kind="primary" type="submit" aria-busy=move || busy.get().then_some("true")>
                        "Flag"
                    </button>
                    <button class="button" data-kind="quiet" type="button" on:click=move |_| leave()>
                        "Cancel"
                    </button>
                </p>
            </form>
        </dialog>
    }
}
