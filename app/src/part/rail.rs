//! The rail: one round mark a community.

use leptos::prelude::*;
use thunderline::{domain::CommunitySummary, view::Shell};

use super::{
    avatar::{hue, initials},
    icon::{Icon, Mark},
};

/// My communities.
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
            <ul class="rail-list">{move || communities.get().into_iter().map(entry).collect_view()}</ul>
            <a class="rail-add" href="/c" title="Find or create a community">
                <Icon name="plus"/>
                <span class="vh">"Find or create a community"</span>
            </a>
        </nav>
    }
    // Types end here: a page's type would otherwise hold every part of it, deeper than the compiler goes.
    .into_any()
}
