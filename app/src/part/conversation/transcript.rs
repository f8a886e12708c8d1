use leptos::{ev::KeyboardEvent, prelude::*};
use thunderline::{
    domain::ChannelSummary,
    view::{Item, calendar::Day},
};
use wasm_bindgen::JsCast;

use super::{
    Open, copying,
    edges::{Newer, Older},
    keys,
    message::MessageRow,
    rows::rows,
};
use crate::{dom::scroll, state::use_client};

/// The messages, and what stands above and below them.
#[component]
pub(super) fn TranscriptRegion(channel: ChannelSummary) -> impl IntoView {
    let open = expect_context::<Open>();
    let (transcript, client) = (open.transcript, use_client());
    let label = format!("Messages in {}", channel.name);
    let line = move |item: Item| match item {
        Item::Day(day) => view! { <DayDivider day=day/> }.into_any(),
        Item::New => view! {
            <li class="new-divider" id="new">
                <h2>"New since you left"</h2>
            </li>
        }
        .into_any(),
        // Only a thread has them.
        Item::Replies => ().into_any(),
        Item::Message(id) => view! { <MessageRow id=id/> }.into_any(),
    };
    view! {
        <div
            class="scroller"
            id="scroller"
            role="region"
            aria-label="Messages"
            tabindex="0"
            node_ref=transcript.scroller
            on:scroll=move |_| transcript.scrolled()
            on:keydown=move |event| {
                roam(&event);
                keys::press(&event, &open, client);
            }
            on:pointerover=|event| copying::offer(&event)
            on:focusin=|event| copying::offer(&event)
            on:click=|event| copying::copy(&event)
        >
            <div class="transcript" id="transcript" role="log" aria-live="off" aria-label=label>
                <Older channel=channel/>
                <ol class="messages">
                    {rows(move || transcript.items.get(), line)}
                </ol>
                <Newer/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
pub(super) fn DayDivider(day: Day) -> impl IntoView {
    view! {
        <li class="day">
            <h2>
                <time datetime=day.iso()>{day.long()}</time>
            </h2>
        </li>
    }
}

/// ↑ and ↓ walk over the messages.
pub(super) fn roam(event: &KeyboardEvent) {
    if event.alt_key() {
        return;
    }
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let here = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let (Some(target), Some(here)) = (target, here) else { return };
    let next = if target == here && !down {
        scroll::last(&here)
    } else if target.class_list().contains("message") {
        scroll::neighbour(&target, down)
    } else {
        return;
    };
    if let Some(next) = next {
        event.prevent_default();
        let _ = next.focus();
    }
}
