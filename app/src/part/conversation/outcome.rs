//! What became of a small form of the conversation, without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{glyph, refused::Unsent};
use crate::{api::Flash, part::notice::Notice};

/// Forms that say themselves what is wrong with them, where they stand.
const THEIR_OWN: [&str; 3] = ["post_message", "edit_message", "flag_message"];

/// Why something that was done to a message was refused, or that it was done where nothing else shows it.
#[component]
pub(super) fn Outcome(
    flash: Option<Flash>,
    /// Whether the form to edit a message is there.
    editing: bool,
) -> impl IntoView {
    let query = use_query_map();
    let flagged = Signal::derive(move || query.with(|query| query.get_str("done") == Some("flagged")));
    let unsent = Flash::of(flash.as_ref(), "edit_message").filter(|_| !editing);
    view! {
        {unsent.map(|flash| view! { <Unsent flash=flash/> })}
        {flash
            .filter(|flash| !THEIR_OWN.contains(&flash.form.as_str()))
            .map(|flash| {
                view! {
                    <p class="notice" data-kind="bad" role="alert">
                        {glyph("alert")}
                        <span>{flash.error.to_string()}</span>
                    </p>
                }
            })}
        <Notice shown=flagged text="Flagged. The moderators will look at it."/>
    }
}
