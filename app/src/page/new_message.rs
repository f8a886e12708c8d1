//! `/c/<community>/new-message`: whom to talk to.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use thunderline::domain::{CommunitySummary, query::community::MEMBERS_PAGE};

use super::chat::use_shown;
use crate::{
    api::{
        Fault,
        community::{Members, list_members},
        load::load,
        next,
    },
    part::{failure::Nothing, head::PageHead, icon::Icon, people::PersonRow, talk::TalkButton, title::PageTitle},
};

/// The members, each with the way to talk to them.
#[component]
pub fn NewMessagePage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.community.clone())));
    view! {
        <PageTitle text="New message"/>
        {move || match community.get() {
            Some(community) if community.role.is_some() => {
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead
                            back=format!("/c/{}", community.slug)
                            back_to=format!("Back to {}", community.name)
                            always=true
                        >
                            "New message"
                        </PageHead>
                        <div class="sheet">
                            <p class="lede">
                                "Choose who you want to talk to. The two of you read what is said, and nobody else in this community."
                            </p>
                            <Choice community=community/>
                        </div>
                    </main>
                }
                    .into_any()
            }
            Some(_) => view! { <Nothing/> }.into_any(),
            None => ().into_any(),
        }}
    }
}

#[component]
fn Choice(community: CommunitySummary) -> impl IntoView {
    let query = use_query_map();
    let begins = Memo::new(move |_| query.with(|query| query.get_str("begins").unwrap_or_default().to_owned()));
    let offset = Memo::new(move |_| {
        let offset = query.with(|query| query.get_str("offset").and_then(|text| text.parse::<i64>().ok()));
        offset.unwrap_or_default().max(0)
    });
    let id = community.id;
    let page = load(move || (begins.get(), offset.get()), move |(begins, offset)| list_members(id, begins, offset));
    view! {
        <form class="form inline-form" method="get" action=format!("/c/{}/new-message", community.slug) role="search">
            <div class="field">
                <label for="begins">"Find by name or handle"</label>
                <input id="begins" name="begins" type="search" autocomplete="off" value=move || begins.get()/>
            </div>
            <button class="button" type="submit">"Find"</button>
        </form>
        <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
            {
                let community = community.clone();
                move || page.get().map(|page| rows(&community, page, &begins.get(), offset.get()))
            }
        </Transition>
    }
}

fn rows(community: &CommunitySummary, page: Result<Members, Fault>, begins: &str, offset: i64) -> AnyView {
    let page = match page {
        Ok(members) => members.page,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    let path = format!("/c/{}/new-message", community.slug);
    let link = |offset: i64| next::address(&path, &[("begins", begins), ("offset", &offset.to_string())]);
    let empty = page.members.is_empty();
    let list = page
        .members
        .into_iter()
        .map(|member| {
            let (community, person) = (community.clone(), member.person.clone());
            view! { <PersonRow member=member><TalkButton community=community person=person/></PersonRow> }
        })
        .collect_view();
    view! {
        {empty.then(|| view! { <p class="muted">"Nobody by that name."</p> })}
        <ul class="people" data-boxed="">{list}</ul>
        <p class="pager">
            {(offset > 0).then(|| view! {
                <a class="button" data-kind="quiet" data-size="s" rel="prev" href=link((offset - MEMBERS_PAGE).max(0))>"Earlier in the list"</a>
            })}
            {page.more.then(|| view! {
                <a class="button" data-kind="quiet" data-size="s" rel="next" href=link(offset + MEMBERS_PAGE)>"Later in the list"</a>
            })}
        </p>
    }
    .into_any()
}
