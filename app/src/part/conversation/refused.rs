//! What a plain form said when it was refused.

use leptos::prelude::*;
use thunderline::domain::{Error, query::MessageSource};

use super::{editing, glyph};
use crate::{api::Flash, state::Transcript};

/// An edit that was refused.
#[derive(Clone, Debug, Default)]
pub(super) struct RefusedEdit {
    /// Why.
    pub said: Option<String>,
    /// The reason that was typed.
    pub reason: String,
    /// What stands there now, where somebody else changed it meanwhile.
    pub now: Option<String>,
}

/// Opens the form to edit `source`, with what was typed into it before it was refused.
pub(super) fn take_up(transcript: Transcript, source: MessageSource, flash: Option<&Flash>) -> Option<RefusedEdit> {
    let message = source.message.to_string();
    let flash = flash.filter(|flash| flash.form == "edit_message" && flash.fields.get("message") == Some(&message));
    let Some(flash) = flash else {
        transcript.editing.set(Some(source));
        return None;
    };
    let field = |name: &str| flash.fields.get(name).cloned();
    let conflict = matches!(flash.error, Error::Conflict { .. });
    let refused = RefusedEdit {
        said: Some(editing::refusal(&flash.error)),
        reason: field("reason").unwrap_or_default(),
        now: conflict.then(|| source.body.clone()),
    };
    let body = field("body").unwrap_or_else(|| source.body.clone());
    transcript.editing.set(Some(MessageSource { body, ..source }));
    Some(refused)
}

/// What somebody else made of a message meanwhile.
#[component]
pub(super) fn Now(text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <p class="hint">"It says now:"</p>
            <blockquote class="edit-now" dir="auto">
                {text}
            </blockquote>
        }
    })
}

/// Words that could not be kept where they were typed: the form for them is gone.
#[component]
pub(super) fn Unsent(flash: Flash) -> impl IntoView {
    let body = flash.fields.get("body").cloned().unwrap_or_default();
    view! {
        <div class="notice unsent" data-kind="bad" role="alert">
            {glyph("alert")}
            <p>"Not kept: " {flash.error.to_string()}</p>
            <label>
                "What you wrote"
                <textarea readonly dir="auto" rows="3">
                    {body}
                </textarea>
            </label>
        </div>
    }
}
