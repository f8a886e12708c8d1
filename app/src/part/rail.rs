//! The rail: the inbox, and one round mark a community.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use thunderline::{domain::CommunitySummary, view::Shell};

use super::{
    avatar::{hue, initials},
    icon::{Icon, Mark},
};

/// My inbox and my communities.
#[component]
pub fn Rail(
    /// What the client holds.
    shell: Signal<Shell>,
    /// The address of the open community.
    open: Signal<Option<String>>,
) -> impl IntoView {
    let communities = Memo::new(move |_| shell.with(|shell| shell.communities.clone()));
    let unread = Memo::new(move |_| {
        shell.with(|shell| shell.unread().next().and_then(|_| shell.open.as_ref().map(|open| open.community.id)))
    });
    let entry = move |community: CommunitySummary| {
        let slug = community.slug.clone();
        let current = move || open.with(|open| open.as_deref() == Some(slug.as_str())).then_some("true");
        let id = community.id;
        let has_unread = move || unread.get() == Some(id);
        view! {
            <li>
                <a
                    class="community-mark"
                    href=format!("/c/{}", community.slug)
                    data-hue=hue(id)
                    data-unread=move || has_unread().then_some("")
                    aria-current=current
                    title=community.name.clone()
                >
                    <span aria-hidden="true">{initials(&community.name)}</span>
                    <span class="vh">{community.name.clone()}{move || has_unread().then_some(", unread")}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="rail" aria-label="Communities">
            <a class="rail-home" href="/c" title="Thunderline">
                <Mark/>
                <span class="vh">"Thunderline home"</span>
            </a>
            <InboxLink shell=shell/>
            <ul class="rail-list">{move || communities.get().into_iter().map(entry).collect_view()}</ul>
            <a class="rail-add" href="/c" title="Find or create a community">
                <Icon name="plus"/>
                <span class="vh">"Find or create a community"</span>
            </a>
            <a class="rail-add" href="/settings/profile" title="Settings">
                <Icon name="settings"/>
                <span class="vh">"Your settings"</span>
            </a>
        </nav>
    }
    // Types end here: a page's type would otherwise hold every part of it, deeper than the compiler goes.
    .into_any()
}

/// The way to the inbox, with how much of it is unread.
#[component]
fn InboxLink(shell: Signal<Shell>) -> impl IntoView {
    let path = use_location().pathname;
    let unread = Memo::new(move |_| shell.with(|shell| shell.notifications));
    let current = move || path.with(|path| path == "/inbox").then_some("page");
    let count = move || {
        let unread = unread.get();
        (unread > 0).then(|| {
            view! {
                <span class="vh">", "</span>
                <span class="count">{short(unread)}<span class="vh">" unread"</span></span>
            }
        })
    };
    view! {
        <a class="rail-inbox" href="/inbox" title="Inbox" aria-current=current>
            <Icon name="inbox"/>
            <span class="vh">"Inbox"</span>
            {count}
        </a>
    }
}

/// A count that fits its badge.
fn short(count: i64) -> String {
    if count > 99 { "99+".to_owned() } else { count.to_string() }
}
