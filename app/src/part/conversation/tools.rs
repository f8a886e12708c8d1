//! What can be done with a message.

use leptos::{ev::MouseEvent, prelude::*};
use thunderline::domain::{MessageId, PersonSummary};

use super::{
    Open, edges::is_for_browser, flagging::FlagTool, glyph, message::Powers, moderating::Moderate, pinning::PinTool,
    thread_link::opener,
};
use crate::{
    dom::page,
    state::{Asked, use_client},
};

/// Plain links and forms, taken over in place.
#[component]
pub(super) fn Tools(id: MessageId, powers: Powers, pinned: Memo<bool>, who: Memo<PersonSummary>) -> impl IntoView {
    let open = expect_context::<Open>();
    let client = use_client();
    let transcript = open.transcript;
    let edit = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            super::editing::begin(client, transcript, id);
        }
    };
    let react = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            transcript.asked.set(Some(Asked::Reaction(id)));
        }
    };
    let delete = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            transcript.asked.set(Some(Asked::Deletion(id)));
        }
    };
    view! {
        <div class="message-tools" role="group" aria-label="Message actions">
            {powers
                .react
                .then(|| {
                    view! {
                        <a class="icon-button" href=transcript.link("react", id) title="React" on:click=react>
                            {glyph("smile")}
                            <span class="vh">"React"</span>
                        </a>
                    }
                })}
            {transcript.thread.is_none().then(|| view! { <ReplyTools id=id may=powers.reply/> })}
            {powers
                .edit
                .then(|| {
                    view! {
                        <a class="icon-button" href=transcript.link("edit", id) title="Edit" on:click=edit>
                            {glyph("pencil")}
                            <span class="vh">"Edit"</span>
                        </a>
                    }
                })}
            <LinkTool id=id/>
            {powers.pin.then(|| view! { <PinTool id=id pinned=pinned/> })}
            {powers.flag.then(|| view! { <FlagTool id=id/> })}
            {powers.moderate.then(|| view! { <Moderate who=who.get_untracked()/> })}
            {powers
                .delete
                .then(|| {
                    view! {
                        <a
                            class="icon-button"
                            data-kind="danger"
                            href=transcript.link("delete", id)
                            title="Delete"
                            on:click=delete
                        >
                            {glyph("trash")}
                            <span class="vh">"Delete"</span>
                        </a>
                    }
                })}
        </div>
    }
}

/// To answer a message: in a thread beside the channel, or in it under a quote.
#[component]
fn ReplyTools(id: MessageId, may: bool) -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    // A reply that stands in the channel belongs to a thread already.
    let thread = transcript.message(id).and_then(|message| message.root).unwrap_or(id);
    let beside = opener();
    let quote = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            transcript.quoting.set(Some(id));
            page::focus(&transcript.id("composer-body"));
        }
    };
    view! {
        <a
            class="icon-button"
            href=format!("?thread={thread}#panel")
            title="Reply in thread"
            on:click=move |event| beside(event, thread)
        >
            {glyph("message-square")}
            <span class="vh">"Reply in thread"</span>
        </a>
        {may
            .then(|| {
                view! {
                    <a
                        class="icon-button"
                        href=format!("?at={id}&quote={id}#composer")
                        title="Reply with quote"
                        on:click=quote
                    >
                        {glyph("reply")}
                        <span class="vh">"Reply with quote"</span>
                    </a>
                }
            })}
    }
}

/// The way to a message: a link, which pressed is on the clipboard.
#[component]
fn LinkTool(id: MessageId) -> impl IntoView {
    let open = expect_context::<Open>();
    let link = open.transcript.link("at", id);
    let address = link.clone();
    let copied = RwSignal::new(false);
    let copy = move |event: MouseEvent| {
        if is_for_browser(&event) {
            return;
        }
        event.prevent_default();
        page::copy(&[page::origin(), open.address.get_value(), address.clone()].concat());
        page::announce("Link copied.");
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            std::time::Duration::from_secs(2),
        );
    };
    view! {
        <a class="icon-button" href=link title="Link to this message" on:click=copy>
            {move || if copied.get() { glyph("check").into_any() } else { glyph("link").into_any() }}
            <span class="vh">"Link to this message"</span>
        </a>
    }
}
