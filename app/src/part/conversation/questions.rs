//! What is asked over a conversation.

use leptos::prelude::*;

use super::{Aside, Open, aside::apart};

/// The questions, from the first one on.
#[component]
pub(super) fn Questions() -> impl IntoView {
    let asked = expect_context::<Open>().transcript.asked;
    let wanted = RwSignal::new(false);
    Effect::new(move |_| {
        if asked.with(Option::is_some) && !wanted.get_untracked() {
            wanted.set(true);
        }
    });
    move || {
        wanted.get().then(|| {
            apart(Aside::Questions, move || {
                asked.try_set(None);
                wanted.try_set(false);
            })
        })
    }
}
