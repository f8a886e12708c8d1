//! How a message came to say what it says: each edit with what it changed.

use leptos::prelude::*;
use thunderline::{
    domain::{
        Time,
        history::{EDITS_KEPT, History},
    },
    view::{Piece, changes},
};

use super::moment::Moment;

/// The edits of a message, newest first, and what it said at first.
#[component]
pub fn Edits(
    /// What is kept.
    history: History,
) -> impl IntoView {
    let note = match (history.edits.len(), history.edited_at) {
        (0, None) => Some("This message was never edited."),
        (0, Some(_)) => Some("It was edited before it was brought here; what it said then is not known."),
        _ => None,
    };
    let full = i64::try_from(history.edits.len()).is_ok_and(|many| many >= EDITS_KEPT);
    let first = history.edits.last().map_or(history.body.as_str(), |oldest| oldest.before.as_str()).to_owned();
    let steps = history.steps().map(|(edit, after)| {
        let (at, reason) = (edit.at, edit.reason.clone());
        let pieces = changes(&edit.before, after).into_iter().map(piece).collect_view();
        view! { <Step said="Edited" at=at reason=reason>{pieces}</Step> }
    });
    let steps = steps.collect_view();
    let said = if full { "Before that" } else { "Posted" };
    view! {
        {note.map(|note| view! { <p class="muted">{note}</p> })}
        <ol class="edits">
            {steps}
            <Step said=said at=history.created_at reason=None>{first}</Step>
        </ol>
        {full.then(|| view! { <p class="muted">{format!("The last {EDITS_KEPT} edits are kept.")}</p> })}
    }
}

#[component]
fn Step(said: &'static str, at: Time, reason: Option<String>, children: Children) -> impl IntoView {
    view! {
        <li>
            <p class="edit-head">
                <strong>{said}</strong>
                " "
                <Moment at=at/>
            </p>
            {reason.map(|reason| view! { <p class="edit-reason" dir="auto">"Reason: " {reason}</p> })}
            <p class="edit-text" dir="auto">{children()}</p>
        </li>
    }
}

fn piece(piece: Piece) -> AnyView {
    match piece {
        Piece::Same(text) => text.into_any(),
        Piece::Gone(text) => view! { <del><span class="vh">"removed: "</span>{text}</del> }.into_any(),
        Piece::New(text) => view! { <ins><span class="vh">"added: "</span>{text}</ins> }.into_any(),
    }
}
