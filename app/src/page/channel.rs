//! `/c/<community>/<channel>`: the conversation.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use thunderline::domain::{MessageId, Visibility};

use super::chat::use_shown;
use crate::{
    api::Opened,
    part::{
        aside::{Aside, aside},
        avatar::Avatar,
        channels::icon,
        conversation::Conversation,
        head::{Back, IconLink},
        icon::Icon,
        mute::MuteButton,
        shortcuts::search_here,
        title::PageTitle,
    },
    state::use_client,
};

/// A channel.
#[component]
pub fn ChannelPage() -> impl IntoView {
    let shown = use_shown();
    let title = Memo::new(move |_| {
        shown.with(|opened| match (&opened.channel, &opened.community) {
            (Some(channel), Some(community)) => format!("{} · {}", channel.channel.title(), community.community.name),
            _ => "Opening".to_owned(),
        })
    });
    let search = use_location().search;
    let query = use_query_map();
    let asked =
        Memo::new(move |_| query.with(|query| query.get_str("thread").and_then(|id| id.parse::<MessageId>().ok())));
    let thread = Memo::new(move |_| asked.get().or_else(|| shown.with(|opened| opened.thread)));
    let panel = Memo::new(move |_| super::chat::panel(&search.get()).filter(|_| thread.get().is_none()));
    let has_channel = Memo::new(move |_| shown.with(|opened| opened.channel.is_some()));
    view! {
        <PageTitle text=Signal::derive(move || title.get())/>
        <main class="conversation" id="main" tabindex="-1" aria-busy=move || (!has_channel.get()).then_some("true")>
            <Head/>
            {move || conversation(&shown.get())}
        </main>
        {move || {
            let beside = match (thread.get(), panel.get()) {
                (Some(thread), _) => Aside::Thread(thread),
                (None, Some("members")) => Aside::Members,
                (None, Some("pins")) => Aside::Pins,
                _ => return None,
            };
            Some(aside(beside, || {}))
        }}
    }
}

fn conversation(opened: &Arc<Opened>) -> Option<impl IntoView + use<>> {
    let view = opened.channel.clone()?;
    let community = opened.community.as_ref()?.community.slug.clone();
    // What is done without JavaScript is done in the thread while one is open.
    let threaded = opened.thread.is_some() || use_query_map().with_untracked(|query| query.get_str("thread").is_some());
    Some(view! {
        <Conversation
            view=view
            community=community
            at=opened.place.at
            edit=opened.editing.clone().filter(|_| !threaded)
            flag=opened.place.flag.filter(|_| !threaded)
            delete=opened.place.delete.filter(|_| !threaded)
            react=opened.place.react.filter(|_| !threaded).map(|message| (message, opened.reactors.clone()))
            flash=opened.flash.clone()
            fresh=Some(opened.fresh)
        />
    })
}

/// The bar above the transcript; follows the feed.
#[component]
fn Head() -> impl IntoView {
    let shown = use_shown();
    let live = use_client().shell();
    // The list's own entry hears of a new topic or participant; a channel that is on no list of mine is as it was read.
    let channel = Memo::new(move |_| {
        shown.with(|opened| {
            let read = &opened.channel.as_ref()?.channel;
            let heard = live.with(|shell| shell.as_ref().and_then(|shell| shell.channel(read.id).cloned()));
            Some(heard.unwrap_or_else(|| read.clone()))
        })
    });
    let community = Memo::new(move |_| shown.with(|o| o.community.as_ref().map(|c| c.community.name.clone())));
    let path = Memo::new(move |_| shown.with(|opened| opened.channel_path()));
    let search = use_location().search;
    let panel = Memo::new(move |_| super::chat::panel(&search.get()));
    // Pressed again, the button of a panel closes it.
    let toggled = move |name: &str| {
        let path = path.get();
        if panel.get() == Some(name) { path } else { format!("{path}?panel={name}") }
    };
    view! {
        <header class="conversation-head">
            {move || {
                let to = format!("Back to the channels of {}", community.get().unwrap_or_default());
                view! { <Back href=shown.with(|opened| opened.community_path()) to=to/> }
            }}
            {move || {
                channel
                    .get()
                    .map(|channel| {
                        let private = channel.visibility != Visibility::Public && !channel.kind.is_conversation();
                        view! {
                            <div class="conversation-title">
                                <h1>
                                    {match channel.people.first().cloned() {
                                        Some(person) => {
                                            let presence = use_client().presence(person.id);
                                            view! {
                                                <span class="vh">"conversation with "</span>
                                                <Avatar id=person.id name=Signal::stored(person.name) size="s" presence=presence/>
                                            }
                                                .into_any()
                                        }
                                        None => view! { <Icon name=icon(&channel)/> }.into_any(),
                                    }}
                                    {private.then(|| view! { <span class="vh">"private channel "</span> })}
                                    <span>{channel.name.clone()}</span>
                                </h1>
                                {(!channel.topic.is_empty()).then(|| view! { <p class="topic">{channel.topic.clone()}</p> })}
                            </div>
                            <div class="conversation-actions">
                                <IconLink href=search_here(&shown.with(|opened| opened.community_path()), &channel.slug) icon="search" title="Search here"/>
                                <a
                                    class="icon-button"
                                    data-panel="pins"
                                    href=move || toggled("pins")
                                    aria-current=move || (panel.get() == Some("pins")).then_some("true")
                                    title="Pinned messages"
                                >
                                    <Icon name="pin"/>
                                    <span class="vh">"Pinned messages"</span>
                                </a>
                                <a
                                    class="icon-button"
                                    data-panel="members"
                                    href=move || toggled("members")
                                    aria-current=move || (panel.get() == Some("members")).then_some("true")
                                    aria-label=format!("{} members", channel.participants)
                                    title="Members"
                                >
                                    <Icon name="users"/>
                                    <span class="icon-count">{channel.participants}</span>
                                </a>
                                {channel
                                    .participation
                                    .map(|mine| {
                                        view! { <MuteButton channel=channel.id muted=mine.muted level=mine.level/> }
                                    })}
                                <IconLink href=format!("{}/about", path.get()) icon="settings" title="About this channel"/>
                            </div>
                        }
                    })
            }}
        </header>
    }
}
