//! `/c/<community>/<channel>/messages/<message>/history`: what a message said before it was edited.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use thunderline::domain::{Error, MessageId, history::History};

use super::chat::use_shown;
use crate::{
    api::{Fault, load::load, message::read_history},
    part::{head::PageHead, history::Edits, icon::Icon, title::PageTitle},
};

/// The history of a message.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let shown = use_shown();
    let params = use_params_map();
    let message = Memo::new(move |_| {
        params.with(|params| params.get_str("message").and_then(|text| text.parse::<MessageId>().ok()))
    });
    let channel = Memo::new(move |_| shown.with(|opened| opened.channel_id()));
    let kept = load(
        move || (message.get(), channel.get()),
        |(message, channel)| async move {
            let kept = match message {
                Some(message) => read_history(message).await,
                None => Err(Fault(Error::NotFound)),
            };
            kept.and_then(|kept| if Some(kept.channel) == channel { Ok(kept) } else { Err(Fault(Error::NotFound)) })
        },
    );
    let back = move || {
        let channel = shown.with(|opened| opened.channel_path());
        message.get().map_or_else(|| channel.clone(), |message| format!("{channel}?at={message}#m-{message}"))
    };
    view! {
        <PageTitle text="Edit history"/>
        <main class="conversation" id="main" tabindex="-1">
            {move || view! { <PageHead back=back() back_to="Back to the message" always=true>"Edit history"</PageHead> }}
            <div class="sheet">
                <Transition fallback=|| view! { <p class="muted">"Reading the history…"</p> }>
                    {move || kept.get().map(edits)}
                </Transition>
            </div>
        </main>
    }
}

fn edits(kept: Result<History, Fault>) -> AnyView {
    match kept {
        Ok(history) => view! { <Edits history=history/> }.into_any(),
        // Not allowed reads like not there.
        Err(Fault(Error::NotFound | Error::Forbidden { .. })) => {
            #[cfg(feature = "ssr")]
            crate::api::context::refuse(&Error::NotFound);
            view! {
                <div class="empty">
                    <Icon name="clock"/>
                    <h2>"Nothing here"</h2>
                    <p>"There is no such message, or its history is not open to you: authors see that of their own messages, moderators everybody's."</p>
                </div>
            }
            .into_any()
        }
        Err(fault) => {
            view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }.into_any()
        }
    }
}
