//! Parts whose code a browser fetches apart from the page's: nobody who only reads and writes has to wait for them.
//!
//! They are one file, fetched at the first sign that somebody is there, so that mostly it is there before it is wanted.
//! Where the server rendered one of them, which only an address with a query asks for, it is fetched before the page is
//! taken over. They are one function as well: each would have to be made ready by itself.

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::{
    ev::{keydown, pointermove},
    task::spawn_local,
};
use thunderline::{domain::MessageId, view::Shell};

use super::{conversation, palette, panel::MembersPanel, pins::PinsPanel, thread::ThreadPanel, toast::ToastKind};
use crate::state::use_client;

/// One of the parts, with what it needs.
#[derive(Clone, Debug)]
pub enum Aside {
    /// Goes anywhere.
    Palette(Signal<Shell>),
    /// Who takes part in the open channel.
    Members,
    /// What is pinned there.
    Pins,
    /// A thread, by one of its messages.
    Thread(MessageId),
    /// Something of a conversation.
    Conversation(conversation::Aside),
}

impl Aside {
    fn view(self) -> AnyView {
        match self {
            Self::Palette(shell) => view! { <palette::Dialog shell=shell/> }.into_any(),
            Self::Members => view! { <MembersPanel/> }.into_any(),
            Self::Pins => view! { <PinsPanel/> }.into_any(),
            Self::Thread(message) => view! { <ThreadPanel message=message/> }.into_any(),
            Self::Conversation(part) => part.view(),
        }
    }
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_async, reason = "as in the browser, which has to fetch it")]
async fn fetched(part: Aside) -> Option<AnyView> {
    Some(part.view())
}

#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(aside, fallible, preload(fetch), wasm_split_path = ::leptos::wasm_split)]
fn split(part: Aside) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
    Ok(part.view())
}

#[cfg(feature = "hydrate")]
async fn fetched(part: Aside) -> Option<AnyView> {
    split(part).await.ok()
}

/// Fetches the parts that the server may have rendered; whether the page can be taken over.
#[cfg(feature = "hydrate")]
pub async fn is_ready() -> bool {
    !crate::dom::page::has_query() || fetch().await.is_ok()
}

/// Shows a part as soon as its code is there. Where it cannot be fetched the person is told, and `failed` is called.
pub fn aside(part: Aside, failed: impl FnOnce() + Send + 'static) -> AnyView {
    let client = use_client();
    let failed: Box<dyn FnOnce() + Send> = Box::new(failed);
    Suspend::new(async move {
        let view = fetched(part).await;
        if view.is_none() {
            failed();
            client.toasts().show(ToastKind::Bad, "This cannot be shown now: the server does not answer.");
        }
        view
    })
    .into_any()
}

/// Fetches the parts when a pointer or a key moves.
pub fn fetch_at_first_sign() {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| {
        let asked = StoredValue::new(false);
        let sign = move || {
            if !asked.try_get_value().unwrap_or(true) {
                asked.set_value(true);
                spawn_local(async {
                    // Whoever wants one of them is told then.
                    let _ = fetch().await;
                });
            }
        };
        let pointer = window_event_listener(pointermove, move |_| sign());
        let key = window_event_listener(keydown, move |_| sign());
        on_cleanup(move || {
            pointer.remove();
            key.remove();
        });
    });
}
