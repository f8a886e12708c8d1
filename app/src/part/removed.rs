//! Why one is no longer in the community one was looking at.

use leptos::{html, prelude::*};
use thunderline::domain::member::Departure;

use crate::{
    dom::page,
    state::{Removal, use_client},
};

/// Tells it over the page that was lost, and leads on. Closed until somebody is removed.
#[component]
pub fn Removed() -> impl IntoView {
    let removed = use_client().removed();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let told = removed.with(Option::is_some);
        if let Some(dialog) = dialog.get().filter(|dialog| told && !dialog.open()) {
            let _ = dialog.show_modal();
        }
    });
    let words = move || {
        removed.get().map(|Removal { community, departure, reason }| {
            let banned = departure == Departure::Banned;
            view! {
                <h2 id="removed-title">
                    {if banned { "You were banned from " } else { "You were removed from " }}
                    <bdi>{community}</bdi>
                </h2>
                {(!reason.is_empty()).then(|| view! { <p>"Reason: " <bdi>{reason}</bdi></p> })}
                <p>
                    {if banned {
                        "A moderator did it. You can neither read nor join it any more."
                    } else {
                        "A moderator did it. You may join again if it is open to you."
                    }}
                </p>
            }
        })
    };
    view! {
        <dialog class="question" node_ref=dialog aria-labelledby="removed-title" on:close=|_| page::go("/c")>
            {words}
            <p class="actions">
                <a class="button" data-kind="primary" href="/c" rel="external">"To your communities"</a>
            </p>
        </dialog>
    }
}
