//! The direct conversations in the channel column.

use leptos::prelude::*;
use thunderline::{
    domain::{ChannelId, ChannelSummary, PersonSummary},
    view::Shell,
};

use super::{avatar::Avatar, channels::short, drafted::Drafted, icon::Icon, people};
use crate::state::use_client;

/// My conversations in the open community, by name, and the way to a new one.
#[component]
pub fn Talks(
    /// What the client holds.
    shell: Signal<Shell>,
    /// The address of the open channel.
    open: Signal<Option<String>>,
) -> impl IntoView {
    let slug = Memo::new(move |_| {
        shell.with(|shell| shell.open.as_ref().map(|open| open.community.slug.clone())).unwrap_or_default()
    });
    let member = Memo::new(move |_| shell.with(|s| s.open.as_ref().is_some_and(|open| open.community.role.is_some())));
    let order = Memo::new(move |_| {
        shell.with(|shell| {
            let channels = shell.open.iter().flat_map(|open| &open.channels);
            channels.filter(|channel| channel.kind.is_conversation()).map(|channel| channel.id).collect::<Vec<_>>()
        })
    });
    move || {
        member.get().then(|| {
            view! {
                <h3 class="category-name" id="talks">"Direct messages"</h3>
                <ul class="channel-list" aria-labelledby="talks">
                    <For each=move || order.get() key=|id| *id let:id>
                        <Talk id=id shell=shell slug=slug open=open/>
                    </For>
                </ul>
                <a class="channel" href=move || format!("/c/{}/new-message", slug.get())>
                    <Icon name="plus"/>
                    <span class="channel-name">"New message"</span>
                </a>
            }
        })
    }
}

/// One conversation. What is unread there is addressed to me.
#[component]
fn Talk(id: ChannelId, shell: Signal<Shell>, slug: Memo<String>, open: Signal<Option<String>>) -> impl IntoView {
    let channel = Memo::new(move |_| shell.with(|shell| shell.channel(id).cloned()));
    let with = move |read: fn(&ChannelSummary) -> String| channel.with(|c| c.as_ref().map(read).unwrap_or_default());
    let unread = Memo::new(move |_| channel.with(|c| c.as_ref().map_or(0, ChannelSummary::unread)));
    let muted = Memo::new(move |_| channel.with(|c| c.as_ref()?.participation).is_some_and(|mine| mine.muted));
    let current = move || {
        let here = with(|c| c.slug.clone());
        open.with(|open| open.as_deref() == Some(here.as_str())).then_some("page")
    };
    let person = Memo::new(move |_| channel.with(|c| c.as_ref()?.people.first().cloned()));
    view! {
        <li>
            <a
                class="channel"
                href=move || format!("/c/{}/{}", slug.get(), with(|c| c.slug.clone()))
                data-unread=move || (unread.get() > 0 && !muted.get()).then_some("")
                data-muted=move || muted.get().then_some("")
                aria-current=current
            >
                {move || person.get().map(|person| view! { <Face person=person/> })}
                <span class="channel-name">{move || with(|c| c.name.clone())}</span>
                <Drafted shell=use_client().shell() channel=Some(id)/>
                {move || muted.get().then(|| view! { <span class="vh">"muted"</span> })}
                {move || {
                    (unread.get() > 0)
                        .then(|| {
                            view! {
                                <span class="count" data-quiet=muted.get().then_some("")>
                                    {short(unread.get())}
                                    <span class="vh">" unread"</span>
                                </span>
                            }
                        })
                }}
            </a>
        </li>
    }
}

/// Somebody's mark with whether they are there, in words as well.
#[component]
fn Face(person: PersonSummary) -> impl IntoView {
    let presence = use_client().presence(person.id);
    view! {
        <Avatar id=person.id name=Signal::stored(person.name) size="xs" presence=presence/>
        {move || people::word(presence.get()).map(|word| view! { <span class="vh">{word} " "</span> })}
    }
}
