//! The channel column: the community's channels with what is unread, and oneself at the foot.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use thunderline::{
    domain::{ChannelId, ChannelKind, ChannelStatus, ChannelSummary, Visibility},
    view::Shell,
};

use super::{avatar::Avatar, drafted::Drafted, head::IconLink, icon::Icon, talks::Talks};
use crate::state::{Connection, use_client};

/// The icon that says what kind a channel is.
pub const fn icon(channel: &ChannelSummary) -> &'static str {
    match (channel.status, channel.kind, channel.visibility) {
        (ChannelStatus::Archived, ..) => "archive",
        (_, ChannelKind::Direct | ChannelKind::Group, _) => "user",
        (_, _, Visibility::Private | Visibility::Restricted) => "lock",
        (_, ChannelKind::Announcement, _) => "megaphone",
        _ => "hash",
    }
}

/// The channels of the open community.
#[component]
pub fn ChannelColumn(
    /// What the client holds.
    shell: Signal<Shell>,
    /// The address of the open channel.
    open: Signal<Option<String>>,
) -> impl IntoView {
    let community = Memo::new(move |_| shell.with(|shell| shell.open.as_ref().map(|open| open.community.clone())));
    let slug = Memo::new(move |_| community.with(|c| c.as_ref().map(|c| c.slug.clone()).unwrap_or_default()));
    let may_create = Memo::new(move |_| shell.with(|shell| shell.open.as_ref().is_some_and(|o| o.may.create_channel)));
    let listed = move |archived: bool| {
        Memo::new(move |_| {
            shell.with(|s| {
                let channels = s.open.iter().flat_map(|open| &open.channels);
                let channels = channels.filter(|c| !c.kind.is_conversation());
                channels.filter(|c| (c.status == ChannelStatus::Archived) == archived).map(|c| c.id).collect()
            })
        })
    };
    let (order, archived): (Memo<Vec<ChannelId>>, Memo<Vec<ChannelId>>) = (listed(false), listed(true));
    view! {
        <section class="channels" id="channels" aria-labelledby="community-name">
            <header class="community-head">
                <h2 id="community-name" class="community-name">
                    <a href=move || format!("/c/{}", slug.get())>
                        {move || community.with(|c| c.as_ref().map(|c| c.name.clone()))}
                    </a>
                </h2>
                <JumpButton/>
                {move || view! { <IconLink href=format!("/c/{}/members", slug.get()) icon="users" title="Members"/> }}
            </header>
            <nav class="channels-nav" aria-label="Channels">
                {move || order.with(Vec::is_empty).then(|| view! { <p class="channels-empty">"No channels yet."</p> })}
                <ChannelList order=order shell=shell slug=slug open=open/>
                <Moderation shell=shell/>
                {move || {
                    may_create
                        .get()
                        .then(|| {
                            view! {
                                <a class="channel channel-add" href=move || format!("/c/{}/new-channel", slug.get())>
                                    <Icon name="plus"/>
                                    <span class="channel-name">"Create a channel"</span>
                                </a>
                            }
                        })
                }}
                <Talks shell=shell open=open/>
                {move || {
                    (!archived.with(Vec::is_empty)).then(|| view! { <Archived order=archived shell=shell slug=slug open=open/> })
                }}
            </nav>
            <Foot shell=shell/>
        </section>
    }
    .into_any()
}

/// Opens the palette; a browser without JavaScript has the list itself.
#[component]
fn JumpButton() -> impl IntoView {
    let client = use_client();
    let (palette, awake) = (client.palette(), RwSignal::new(false));
    Effect::new(move |_| awake.set(true));
    view! {
        <button
            class="icon-button"
            type="button"
            title="Go to… (Ctrl K)"
            hidden=move || !awake.get()
            on:click=move |_| palette.set(true)
        >
            <Icon name="compass"/>
            <span class="vh">"Go to…"</span>
        </button>
    }
}

/// The way to what was flagged, with how much of it waits: for moderators.
#[component]
fn Moderation(shell: Signal<Shell>) -> impl IntoView {
    let path = use_location().pathname;
    let waiting = Memo::new(move |_| {
        shell.with(|shell| {
            let open = shell.open.as_ref()?;
            Some((open.community.slug.clone(), open.flagged?))
        })
    });
    let current = move || path.with(|path| path.ends_with("/moderation")).then_some("page");
    let count = move |many: i64| {
        (many > 0).then(|| view! { <span class="count">{short(many)}<span class="vh">" to be judged"</span></span> })
    };
    move || {
        waiting.get().map(|(slug, many)| {
            view! {
                <a class="channel channel-add" href=format!("/c/{slug}/moderation") aria-current=current>
                    <Icon name="shield"/>
                    <span class="channel-name">"Moderation"</span>
                    {count(many)}
                </a>
            }
        })
    }
}

#[component]
fn ChannelList(
    order: Memo<Vec<ChannelId>>,
    shell: Signal<Shell>,
    slug: Memo<String>,
    open: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <ul class="channel-list">
            <For each=move || order.get() key=|id| *id let:id>
                {
                    let channel = Memo::new(move |_| shell.with(|shell| shell.channel(id).cloned()));
                    view! { <ChannelLink channel=channel slug=slug open=open/> }
                }
            </For>
        </ul>
    }
}

/// Channels that can only be read (C07): folded, unless one of them is open.
#[component]
fn Archived(
    order: Memo<Vec<ChannelId>>,
    shell: Signal<Shell>,
    slug: Memo<String>,
    open: Signal<Option<String>>,
) -> impl IntoView {
    let unfolded = Memo::new(move |_| {
        let Some(open) = open.get() else { return false };
        shell.with(|shell| order.with(|order| order.iter().filter_map(|id| shell.channel(*id)).any(|c| c.slug == open)))
    });
    view! {
        <details class="category" open=move || unfolded.get()>
            <summary class="category-name">
                <Icon name="chevron-down"/>
                "Archived"
                <span class="count" data-quiet="">
                    {move || order.with(Vec::len)}
                </span>
            </summary>
            <ChannelList order=order shell=shell slug=slug open=open/>
        </details>
    }
}

/// One channel of the list. Gone channels draw nothing for the moment until their row goes.
#[component]
fn ChannelLink(
    channel: Memo<Option<ChannelSummary>>,
    slug: Memo<String>,
    open: Signal<Option<String>>,
) -> impl IntoView {
    let with = move |read: fn(&ChannelSummary) -> String| channel.with(|c| c.as_ref().map(read).unwrap_or_default());
    let unread = Memo::new(move |_| channel.with(|c| c.as_ref().map_or(0, ChannelSummary::unread)));
    let mine = Memo::new(move |_| channel.with(|c| c.as_ref()?.participation));
    let muted = Memo::new(move |_| mine.get().is_some_and(|mine| mine.muted));
    let stands_out = move || unread.get() > 0 && mine.get().is_some_and(|mine| mine.stands_out());
    let current = move || {
        let here = with(|c| c.slug.clone());
        open.with(|open| open.as_deref() == Some(here.as_str())).then_some("page")
    };
    let kind = Signal::derive(move || channel.with(|c| c.as_ref().map_or("hash", icon)));
    let words = move || {
        let private = kind.get() == "lock";
        [private.then_some("private"), muted.get().then_some("muted")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    };
    view! {
        <li>
            <a
                class="channel"
                href=move || format!("/c/{}/{}", slug.get(), with(|c| c.slug.clone()))
                data-unread=move || stands_out().then_some("")
                data-muted=move || muted.get().then_some("")
                aria-current=current
            >
                <Icon name=kind/>
                <span class="channel-name">{move || with(|c| c.name.clone())}</span>
                <Drafted shell=use_client().shell() channel=Signal::derive(move || channel.with(|c| c.as_ref().map(|c| c.id)))/>
                {move || { let words = words(); (!words.is_empty()).then(|| view! { <span class="vh">{words}</span> }) }}
                {move || {
                    (unread.get() > 0)
                        .then(|| view! { <span class="count" data-quiet="">{short(unread.get())}<span class="vh">" unread"</span></span> })
                }}
            </a>
        </li>
    }
}

/// A count that fits its badge.
pub fn short(count: i64) -> String {
    if count > 9_999 { format!("{}k", count / 1_000) } else { count.to_string() }
}

/// Oneself: name, state of the line, settings.
#[component]
fn Foot(shell: Signal<Shell>) -> impl IntoView {
    let client = use_client();
    let connection = client.connection();
    let me = Memo::new(move |_| shell.with(|shell| shell.me.clone()));
    let name = Signal::derive(move || me.with(|me| me.name.clone()));
    let state = move || match connection.get() {
        Connection::Live => "Online",
        Connection::Reconnecting => "Reconnecting",
        Connection::Offline => "Offline",
    };
    view! {
        <footer class="me">
            {move || view! { <Avatar id=me.with(|me| me.id) name=name/> }}
            <p class="me-name">
                <span class="name">{name}</span>
                <span class="me-state">{state}</span>
            </p>
            <IconLink href="/settings/profile" icon="settings" title="Settings"/>
        </footer>
    }
}
