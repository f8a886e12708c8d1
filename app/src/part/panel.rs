//! The panel beside a conversation.

use leptos::prelude::*;
use thunderline::domain::{Presence, person::MemberSummary, query::MemberPage};

use super::{
    head::IconLink,
    icon::Icon,
    people::{PersonRow, presence},
};
use crate::{
    api::{Fault, channel::list_participants, load::load},
    page::chat::use_shown,
};

/// Who takes part in the open channel.
#[component]
pub fn MembersPanel() -> impl IntoView {
    let shown = use_shown();
    let channel = Memo::new(move |_| shown.with(|opened| opened.channel_id()));
    let page = load(
        move || channel.get(),
        |channel| async move {
            match channel {
                Some(channel) => list_participants(channel, 0).await,
                None => Ok(MemberPage::default()),
            }
        },
    );
    let path = shown.with_untracked(|opened| opened.channel_path());
    let may_add = shown.with_untracked(|opened| opened.channel.as_ref().is_some_and(|channel| channel.may.add));
    let add = format!("{path}/about#people");
    view! {
        <aside class="panel" id="panel" aria-labelledby="panel-title">
            <header class="panel-head">
                <h2 id="panel-title">"Members"</h2>
                <IconLink href=path icon="x" title="Close members"/>
            </header>
            <div class="panel-body">
                {may_add
                    .then(|| {
                        view! {
                            <p class="actions">
                                <a class="button" data-kind="quiet" href=add>
                                    <Icon name="user-plus"/>
                                    "Add people"
                                </a>
                            </p>
                        }
                    })}
                <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
                    {move || page.get().map(lists)}
                </Transition>
            </div>
        </aside>
    }
}

fn lists(page: Result<MemberPage, Fault>) -> AnyView {
    match page {
        Err(fault) => {
            view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }.into_any()
        }
        Ok(page) => {
            let members: Vec<_> = page.members.into_iter().map(|member| (presence(&member), member)).collect();
            let members = StoredValue::new(members);
            view! {
                {move || list("Online", those(members, true))}
                {move || list("Offline", those(members, false))}
                {page.more.then(|| view! { <p class="muted">"The first hundred are shown."</p> })}
            }
            .into_any()
        }
    }
}

/// The members who are there, or those who are not.
fn those(members: StoredValue<Vec<(Signal<Presence>, MemberSummary)>>, there: bool) -> Vec<MemberSummary> {
    members.with_value(|members| {
        let those = members.iter().filter(|(presence, _)| (presence.get() != Presence::Offline) == there);
        those.map(|(_, member)| member.clone()).collect()
    })
}

fn list(title: &'static str, members: Vec<MemberSummary>) -> Option<impl IntoView> {
    (!members.is_empty()).then(|| {
        let count = members.len();
        view! {
            <h3 class="list-title">{title} " " <span class="muted">{count}</span></h3>
            <ul class="people">{members.into_iter().map(|member| view! { <PersonRow member=member/> }).collect_view()}</ul>
        }
    })
}
