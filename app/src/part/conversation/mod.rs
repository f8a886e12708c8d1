//! The conversation: connection line, transcript, composer and typing line.

mod aside;
mod completing;
mod composer;
mod connection;
mod copying;
mod deleting;
mod edges;
mod editing;
mod failure;
mod flagging;
mod history;
#[cfg(feature = "ssr")]
mod kept;
mod keys;
mod message;
mod moderating;
mod outcome;
mod picker;
mod pinning;
mod questions;
mod quoting;
mod reactions;
mod refused;
mod rows;
mod slow;
mod stay;
mod thread;
mod thread_link;
mod tools;
mod transcript;
mod typing;
mod vanishing;
mod waiting;

use leptos::prelude::*;
use thunderline::{
    domain::{
        MessageId, Topic,
        query::{ChannelRights, ChannelView, MessageSource},
        reaction::Reactors,
    },
    view::Item,
};
use uuid::Uuid;

use crate::{
    api::flash::Flash,
    dom,
    state::{Transcript, use_client},
};
use composer::Composer;
use connection::ConnectionLine;
use edges::Pill;
use outcome::Outcome;
use questions::Questions;
use refused::{RefusedEdit, take_up};
use rows::rows;
use transcript::TranscriptRegion;
use typing::TypingLine;
use waiting::Waiting;

pub use aside::Aside;
pub use thread::Thread;

/// What every part of one conversation knows.
#[derive(Clone, Copy)]
struct Open {
    transcript: Transcript,
    me: thunderline::domain::PersonId,
    may: ChannelRights,
    /// The channel's address: `/c/<community>/<channel>`.
    address: StoredValue<String>,
    name: StoredValue<String>,
    /// What it is called in running text.
    title: StoredValue<String>,
    /// The permalink's target.
    at: Option<MessageId>,
    /// The edit that was refused without JavaScript.
    refused: StoredValue<Option<RefusedEdit>>,
    /// The message that is flagged without JavaScript, and what the form said when it was refused.
    flag: StoredValue<Option<(MessageId, Option<Flash>)>>,
    /// The message that may be deleted without JavaScript.
    delete: Option<MessageId>,
    /// The message that is reacted to without JavaScript, and who reacted to it.
    react: StoredValue<Option<(MessageId, Vec<Reactors>)>>,
}

impl Open {
    /// The community's address: its own page has the way in.
    fn community(&self) -> String {
        self.address.with_value(|path| path.rsplit_once('/').map_or_else(String::new, |(up, _)| up.to_owned()))
    }
}

/// Everything below the page's header. Stands inside `<main class="conversation">`, after the header.
#[component]
pub fn Conversation(
    /// The channel with a page of its messages.
    view: ChannelView,
    /// The community's address.
    community: String,
    /// The permalink's target (`?at=`).
    #[prop(optional_no_strip)]
    at: Option<MessageId>,
    /// The message being edited without JavaScript (`?edit=`).
    #[prop(optional_no_strip)]
    edit: Option<MessageSource>,
    /// The message that is reacted to without JavaScript (`?react=`), and who reacted to it.
    #[prop(optional_no_strip)]
    react: Option<(MessageId, Vec<Reactors>)>,
    /// The message that is flagged without JavaScript (`?flag=`).
    #[prop(optional_no_strip)]
    flag: Option<MessageId>,
    /// The message of which it is asked whether to delete it, without JavaScript (`?delete=`).
    #[prop(optional_no_strip)]
    delete: Option<MessageId>,
    /// A form that was refused.
    #[prop(optional_no_strip)]
    flash: Option<Flash>,
    /// An id nobody used yet, for what is posted without JavaScript.
    #[prop(optional_no_strip)]
    fresh: Option<Uuid>,
) -> impl IntoView {
    let client = use_client();
    let transcript = Transcript::new(client, &view);
    let topic = Topic::Channel(view.channel.id);
    let me = client.shell().with_untracked(|shell| shell.as_ref().map(|shell| shell.me.id));
    let editing = edit.is_some();
    let refused = edit.and_then(|source| take_up(transcript, source, flash.as_ref()));
    let open = Open {
        transcript,
        me: me.unwrap_or_else(|| Uuid::nil().into()),
        may: view.may,
        address: StoredValue::new(["/c/", &community, "/", &view.channel.slug].concat()),
        name: StoredValue::new(view.channel.name.clone()),
        title: StoredValue::new(view.channel.title()),
        at,
        refused: StoredValue::new(refused),
        flag: StoredValue::new(flag.map(|message| (message, Flash::of(flash.as_ref(), "flag_message")))),
        delete,
        react: StoredValue::new(react),
    };
    provide_context(open);
    client.enter(transcript);
    Effect::new(move |before: Option<bool>| {
        if before.is_none() {
            client.show_unsent(transcript);
            if let Some(at) = at {
                dom::scroll::show(&transcript.row_id(at));
            }
            client.read(transcript);
            // What is beside the page may be in view already, and nobody scrolls to where they are.
            request_animation_frame(move || {
                if transcript.is_alive() {
                    transcript.scrolled();
                }
            });
        }
        // Not before the first rendering is hydrated: the server knows no zone.
        client.use_zone();
        transcript.lay();
        true
    });
    let lost = client.has_lost(topic);
    let channel = view.channel;
    let parts = move |_| {
        let (channel, community, flash) = (channel.clone(), community.clone(), flash.clone());
        view! {
            <ConnectionLine/>
            <Show
                when=move || !lost.get()
                fallback=move || view! { <Lost name=open.name.get_value() community=community.clone()/> }
            >
                <TranscriptRegion channel=channel.clone()/>
                <div class="conversation-foot">
                    <Pill/>
                    <Waiting/>
                    <Outcome flash=flash.clone() editing=editing/>
                    <Composer flash=Flash::of(flash.as_ref(), "post_message").filter(|flash| !is_reply(flash)) fresh=fresh/>
                    <TypingLine/>
                </div>
                <Questions/>
            </Show>
        }
        .into_any()
    };
    // Under a key of its own: another conversation gets a document of its own, not this one's scroll position and
    // half-written text.
    let key = Item::Message(MessageId::fresh());
    rows(move || vec![key], parts)
}

/// Whether a form was that of a thread.
fn is_reply(flash: &Flash) -> bool {
    flash.fields.contains_key("reply_to") && flash.fields.get("reply_in").is_none_or(|shown| shown != "channel")
}

/// In place of a conversation one may no longer see.
#[component]
fn Lost(name: String, community: String) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    view! {
        <div class="empty">
            <h2 tabindex="-1" node_ref=heading>"You are no longer in " <bdi>{name}</bdi></h2>
            <p>"The channel was closed to you while it was open here. Ask somebody in it to add you again."</p>
            <p class="actions">
                <a class="button" data-kind="primary" href=format!("/c/{community}")>"To the other channels"</a>
            </p>
        </div>
    }
}

/// An icon whose name never changes: a row holds several, and a window hundreds.
fn glyph(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use_ href=["/icons.svg#", name].concat()></use_>
        </svg>
    }
}
