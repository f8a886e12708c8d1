//! What a small form of the conversation said when it was refused, without JavaScript.

use leptos::prelude::*;

use super::glyph;
use crate::api::Flash;

/// Forms that say themselves what is wrong with them, where they stand.
const THEIR_OWN: [&str; 2] = ["post_message", "edit_message"];

/// Why something that was done to a message was refused.
#[component]
pub(super) fn Refused(flash: Option<Flash>) -> impl IntoView {
    flash.filter(|flash| !THEIR_OWN.contains(&flash.form.as_str())).map(|flash| {
        view! {
            <p class="notice" data-kind="bad" role="alert">
                {glyph("alert")}
                <span>{flash.error.to_string()}</span>
            </p>
        }
    })
}
