//! What is asked over a conversation.

use leptos::prelude::*;

use super::{Open, deleting::Deleting, flagging::Flagging, history::History, picker::Picker};
use crate::{
    part::{later::later, toast::ToastKind},
    state::use_client,
};

later! {
    fn questions() -> AnyView {
        view! {
            <Deleting/>
            <Picker/>
            <History/>
            <Flagging/>
        }
        .into_any()
    }
}

/// The questions, from the first one on.
#[component]
pub(super) fn Questions() -> impl IntoView {
    let asked = expect_context::<Open>().transcript.asked;
    let client = use_client();
    let wanted = RwSignal::new(false);
    Effect::new(move |_| {
        if asked.with(Option::is_some) && !wanted.get_untracked() {
            wanted.set(true);
        }
    });
    move || {
        wanted.get().then(|| {
            Suspend::new(async move {
                let questions = questions().await;
                if questions.is_none() {
                    asked.try_set(None);
                    wanted.try_set(false);
                    client.toasts().show(ToastKind::Bad, "This cannot be asked now: the server does not answer.");
                }
                questions
            })
        })
    }
}
