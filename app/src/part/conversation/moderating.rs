use leptos::prelude::*;
use thunderline::domain::PersonSummary;

use super::{Open, glyph};

/// Leads from a message to what a moderator can do about its author.
#[component]
pub(super) fn Moderate(who: PersonSummary) -> impl IntoView {
    let PersonSummary { id, name, .. } = who;
    let address = expect_context::<Open>().community();
    let words = format!("Moderate {name}…");
    let title = words.clone();
    view! {
        <a class="icon-button" href=format!("{address}/members/{id}") title=title>
            {glyph("shield")}
            <span class="vh">{words}</span>
        </a>
    }
}
