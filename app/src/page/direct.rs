//! `/d/<conversation>`: on to the page of a conversation, which is in its community.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Redirect, hooks::use_params_map};
use thunderline::domain::{ChannelId, Error};

use crate::{
    api::{Fault, conversation::find_conversation, load::load},
    part::failure::Failure,
};

/// Leads on, or says that there is no such conversation.
#[component]
pub fn DirectPage() -> impl IntoView {
    let params = use_params_map();
    let asked =
        Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<ChannelId>().ok())));
    let found = load(
        move || asked.get(),
        |asked| async move {
            match asked {
                Some(channel) => find_conversation(channel).await,
                None => Err(Fault(Error::NotFound)),
            }
        },
    );
    let page = move || {
        found.get().map(|found| match found {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(path) => {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                view! { <Redirect path=path options=options/> }.into_any()
            }
        })
    };
    view! { <Transition fallback=|| ()>{page}</Transition> }
}
