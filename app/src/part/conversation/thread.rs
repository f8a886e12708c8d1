//! A thread: what it began with, its replies, and where one writes another.

use leptos::prelude::*;
use thunderline::{
    domain::{
        ChannelSummary, MessageId,
        query::{ChannelRights, MessageSource, Span, ThreadView},
        reaction::Reactors,
    },
    view::Item,
};
use uuid::Uuid;

use super::{
    Open,
    composer::Composer,
    copying,
    deleting::Deleting,
    edges::{Newer, Pill, is_for_browser},
    flagging::Flagging,
    history::History,
    is_reply,
    message::MessageRow,
    picker::Picker,
    refused::take_up,
    rows::rows,
    transcript::{DayDivider, roam},
};
use crate::{
    api::flash::Flash,
    dom,
    state::{Transcript, use_client},
};

/// Everything below the head of a thread's panel.
#[component]
pub fn Thread(
    /// The thread with a page of its replies.
    view: ThreadView,
    /// Its channel.
    channel: ChannelSummary,
    /// What one may do there.
    may: ChannelRights,
    /// The channel's address.
    address: String,
    /// The permalink's target.
    at: Option<MessageId>,
    /// The message being edited without JavaScript.
    edit: Option<MessageSource>,
    /// The message that is reacted to without JavaScript, and who reacted to it.
    react: Option<(MessageId, Vec<Reactors>)>,
    /// The message of which it is asked whether to delete it, without JavaScript.
    delete: Option<MessageId>,
    /// A form that was refused.
    flash: Option<Flash>,
    /// An id nobody used yet, for what is posted without JavaScript.
    fresh: Uuid,
) -> impl IntoView {
    let client = use_client();
    let transcript = Transcript::of_thread(client, view, may.unhurried);
    // Whoever opens a thread here is about to write in it; a page that comes with one keeps its focus.
    let opened_here = client.minute().get_untracked().is_some();
    let me = client.shell().with_untracked(|shell| shell.as_ref().map(|shell| shell.me.id));
    let refused = edit.and_then(|source| take_up(transcript, source, flash.as_ref()));
    provide_context(Open {
        transcript,
        me: me.unwrap_or_else(|| Uuid::nil().into()),
        may,
        address: StoredValue::new(address),
        title: StoredValue::new(channel.title()),
        name: StoredValue::new(channel.name),
        at,
        refused: StoredValue::new(refused),
        flag: StoredValue::new(None),
        delete,
        react: StoredValue::new(react),
    });
    client.enter(transcript);
    Effect::new(move |before: Option<bool>| {
        if before.is_none() {
            client.show_unsent(transcript);
            match at {
                Some(at) => dom::scroll::show(&transcript.row_id(at)),
                None if opened_here => dom::page::focus(&transcript.id("composer-body")),
                None => {}
            }
            request_animation_frame(move || {
                if transcript.is_alive() {
                    transcript.scrolled();
                }
            });
        }
        client.use_zone();
        transcript.lay();
        true
    });
    let line = move |item: Item| match item {
        Item::Day(day) => view! { <DayDivider day=day/> }.into_any(),
        Item::Replies => view! { <Replies/> }.into_any(),
        Item::Message(id) => view! { <MessageRow id=id/> }.into_any(),
        // A thread has no read mark.
        Item::New => ().into_any(),
    };
    let flash = Flash::of(flash.as_ref(), "post_message").filter(is_reply);
    view! {
        <div
            class="scroller"
            id=transcript.id("scroller")
            role="region"
            aria-label="Replies"
            tabindex="0"
            node_ref=transcript.scroller
            on:scroll=move |_| transcript.scrolled()
            on:keydown=move |event| roam(&event)
            on:pointerover=|event| copying::offer(&event)
            on:focusin=|event| copying::offer(&event)
            on:click=|event| copying::copy(&event)
        >
            <div class="transcript" role="log" aria-live="off" aria-label="Thread">
                <ol class="messages">
                    {rows(move || transcript.items.get(), line)}
                </ol>
                <Newer/>
            </div>
        </div>
        <div class="conversation-foot">
            <Pill/>
            <Composer flash=flash fresh=Some(fresh)/>
        </div>
        <Deleting/>
        <Picker/>
        <History/>
        <Flagging/>
    }
    .into_any()
}

/// Below what the thread began with: how many replies there are, and the way to earlier ones.
#[component]
fn Replies() -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    let root = transcript.thread.and_then(|thread| transcript.row(thread)).map(|root| root.row);
    let replies = Memo::new(move |_| {
        let of = |row: &thunderline::view::Row| row.message().and_then(|root| Some(root.thread.as_ref()?.replies));
        root.as_ref().and_then(|row| row.with(of)).unwrap_or_default()
    });
    let words = move || match replies.get() {
        0 => "No replies yet".to_owned(),
        1 => "1 reply".to_owned(),
        many => format!("{many} replies"),
    };
    view! {
        <li class="replies">
            <h3>{words}</h3>
            {move || {
                transcript
                    .older
                    .get()
                    .map(|position| {
                        view! {
                            <a
                                class="button"
                                data-kind="quiet"
                                data-size="s"
                                rel="prev"
                                href=transcript.page_link(true, position)
                                on:click=move |event| {
                                    if !is_for_browser(&event) {
                                        event.prevent_default();
                                        transcript.load(Span::Before { position });
                                    }
                                }
                            >
                                "Earlier replies"
                            </a>
                        }
                    })
            }}
        </li>
    }
}
