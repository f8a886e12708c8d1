//! Who is banned from a community.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use thunderline::domain::{
    CommunityId,
    member::{BANS_PAGE, Ban, BanPage},
};

use super::{
    avatar::Avatar,
    form::{Form, Refusal, Submit},
    icon::Icon,
    moment::Moment,
};
use crate::{
    api::{
        Fault, Flash,
        load::load,
        moderation::{LiftBan, list_bans},
    },
    page::chat::use_shown,
};

/// The bans of a community, a page at a time (`?bans=<offset>`).
#[component]
pub fn Bans(
    /// Which community.
    community: CommunityId,
    /// The address of the page.
    path: String,
) -> impl IntoView {
    let query = use_query_map();
    let offset = Memo::new(move |_| {
        let offset = query.with(|query| query.get_str("bans").and_then(|text| text.parse::<i64>().ok()));
        offset.unwrap_or_default().max(0)
    });
    let lift = ServerAction::<LiftBan>::new();
    let page = load(move || (offset.get(), lift.version().get()), move |(offset, _)| list_bans(community, offset));
    view! {
        <section class="section" id="bans">
            <h2>"Banned"</h2>
            <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
                {
                    let path = path.clone();
                    move || page.get().map(|page| rows(community, lift, page, &path, offset.get()))
                }
            </Transition>
        </section>
    }
}

fn rows(
    community: CommunityId,
    lift: ServerAction<LiftBan>,
    page: Result<BanPage, Fault>,
    path: &str,
    offset: i64,
) -> AnyView {
    let BanPage { bans, more } = match page {
        Ok(page) => page,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    if bans.is_empty() {
        return view! { <p class="muted">"Nobody is banned."</p> }.into_any();
    }
    let link = |offset: i64| format!("{path}?bans={offset}#bans");
    let rows = bans.into_iter().map(|ban| view! { <Row community=community lift=lift ban=ban/> }).collect_view();
    view! {
        <ul class="people" data-boxed="">{rows}</ul>
        <p class="pager">
            {(offset > 0).then(|| view! {
                <a class="button" data-kind="quiet" data-size="s" rel="prev" href=link((offset - BANS_PAGE).max(0))>"Later bans"</a>
            })}
            {more.then(|| view! {
                <a class="button" data-kind="quiet" data-size="s" rel="next" href=link(offset + BANS_PAGE)>"Earlier bans"</a>
            })}
        </p>
    }
    .into_any()
}

#[component]
fn Row(community: CommunityId, lift: ServerAction<LiftBan>, ban: Ban) -> impl IntoView {
    let (person, name) = (ban.person.id.to_string(), ban.person.name.clone());
    let form =
        use_shown().with_untracked(|opened| Form::new(lift, Flash::about(opened.flash.as_ref(), "person", &person)));
    view! {
        <li class="person">
            <Avatar id=ban.person.id name=name.clone()/>
            <div class="ban">
                <p><span class="name">{name.clone()}</span> " " <span class="handle">{format!("@{}", ban.person.handle)}</span></p>
                {(!ban.reason.is_empty()).then(|| view! { <p dir="auto">{ban.reason}</p> })}
                <p class="handle">"By " <bdi>{ban.moderator.name}</bdi> ", " <Moment at=ban.created_at/></p>
            </div>
            <ActionForm action=lift>
                <input type="hidden" name="community" value=community.to_string()/>
                <input type="hidden" name="person" value=person/>
                <Submit form=form kind="quiet" size="s">"Lift ban" <span class="vh">" of " {name}</span></Submit>
                <Refusal form=form/>
            </ActionForm>
        </li>
    }
}
