//! Asking before something is done that cannot be undone.

use leptos::{html, prelude::*};

/// A button that asks first: in a dialog, or, without JavaScript, in a question that folds out below it. The form stands
/// in both.
#[component]
pub fn Confirm(
    /// What the ids in it begin with, unique on the page.
    id: String,
    /// The word on the button; the question is named by it for assistive technology.
    word: &'static str,
    /// To what it would be done.
    what: String,
    /// The question.
    question: &'static str,
    /// What would come of it.
    consequence: &'static str,
    /// Whether the question stands open at first: a plain form was refused in it.
    #[prop(optional)]
    open: bool,
    /// The form, with the button that does it.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let ask = move |event: leptos::ev::MouseEvent| {
        if let Some(dialog) = dialog.get() {
            event.prevent_default();
            let _ = dialog.show_modal();
        }
    };
    let keep = move |_| {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
    };
    let heading = format!("{id}-question");
    view! {
        <details class="confirm" open=open>
            <summary class="button" data-kind="danger" data-size="s" on:click=ask>
                {word} "…" <span class="vh">" " {what.clone()}</span>
            </summary>
            <p>{question} " " {consequence}</p>
            {children()}
        </details>
        <dialog class="question" node_ref=dialog aria-labelledby=heading>
            <h2 id=heading.clone()>{question}</h2>
            <p><bdi>{what}</bdi></p>
            <p>{consequence}</p>
            <div class="actions">
                {children()}
                <button class="button" data-kind="quiet" data-size="s" type="button" on:click=keep>
                    "Keep it"
                </button>
            </div>
        </dialog>
    }
}
