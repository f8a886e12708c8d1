//! `/c/<community>/members`: who belongs to it, and invitations for those who were imported.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use thunderline::domain::{
    CommunitySummary, Role,
    custom_role::RoleBadge,
    person::{MemberSummary, PersonKind},
    query::community::MEMBERS_PAGE,
};

use super::chat::use_shown;
use crate::{
    api::{
        Fault, Flash,
        community::{InvitePerson, LeaveCommunity, Members, list_members},
        load::load,
        next,
    },
    dom::page,
    part::{
        bans::Bans,
        form::{Form, Refusal, Submit},
        head::PageHead,
        icon::Icon,
        notice::Notice,
        people::PersonRow,
        talk::TalkButton,
        title::PageTitle,
    },
};

/// The members.
#[component]
pub fn MembersPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.community.clone())));
    let invite = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().is_some_and(|c| c.may.invite)));
    let rules = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.may)).unwrap_or_default());
    let moderate = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().is_some_and(|c| c.may.moderate)));
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Members · {}", c.name)).unwrap_or_default()))/>
        {move || {
            community
                .get()
                .map(|community| {
                    let (id, slug, whole) = (community.id, community.slug.clone(), community.clone());
                    view! {
                        <main class="conversation" id="main" tabindex="-1">
                            <PageHead
                                back=format!("/c/{}", community.slug)
                                back_to=format!("Back to {}", community.name)
                                always=true
                            >
                                "Members of "
                                <bdi>{community.name.clone()}</bdi>
                            </PageHead>
                            <div class="sheet">
                                <Notice shown=lifted() text="The ban was lifted. They may join again."/>
                                {invite
                                    .get()
                                    .then(|| {
                                        view! {
                                            <p class="actions">
                                                <a class="button" data-kind="primary" href=format!("/c/{}/members/invites", community.slug)>
                                                    <Icon name="user-plus"/>
                                                    "Invite people"
                                                </a>
                                            </p>
                                        }
                                    })}
                                {rules.get().manage_moderation
                                    .then(|| {
                                        view! {
                                            <p class="actions">
                                                <a class="button" href=format!("/c/{}/settings/moderation", community.slug)>"Moderation settings"</a>
                                            </p>
                                        }
                                    })}
                                {rules.get().explain_rules
                                    .then(|| {
                                        let path = format!("/c/{}/settings/rules", community.slug);
                                        view! {
                                            <p class="actions">
                                                {rules.get().manage_rules.then(|| view! { <a class="button" href=path.clone()>"Rules"</a> })}
                                                <a class="button" data-kind="quiet" href=format!("{path}/why")>"Why can or can't somebody …?"</a>
                                            </p>
                                        }
                                    })}
                                <List community=whole path=format!("/c/{}/members", community.slug)/>
                                {moderate.get().then(|| view! { <Bans community=id path=format!("/c/{slug}/members")/> })}
                                {community.role.is_some_and(|role| role != Role::Owner).then(|| view! { <Leave id=id.to_string()/> })}
                            </div>
                        </main>
                    }
                })
        }}
    }
}

/// Whether a plain form has lifted a ban.
fn lifted() -> Signal<bool> {
    let query = use_query_map();
    Signal::derive(move || query.with(|query| query.get_str("done") == Some("lifted")))
}

#[component]
fn List(community: CommunitySummary, path: String) -> impl IntoView {
    let query = use_query_map();
    let begins = Memo::new(move |_| query.with(|query| query.get_str("begins").unwrap_or_default().to_owned()));
    let offset = Memo::new(move |_| {
        let offset = query.with(|query| query.get_str("offset").and_then(|text| text.parse::<i64>().ok()));
        offset.unwrap_or_default().max(0)
    });
    let id = community.id;
    let page = load(move || (begins.get(), offset.get()), move |(begins, offset)| list_members(id, begins, offset));
    let action = path.clone();
    view! {
        <form class="form inline-form" method="get" action=action role="search">
            <div class="field">
                <label for="begins">"Find by name or handle"</label>
                <input id="begins" name="begins" type="search" autocomplete="off" value=move || begins.get()/>
            </div>
            <button class="button" type="submit">
                "Find"
            </button>
        </form>
        <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
            {
                let path = path.clone();
                move || page.get().map(|page| rows(&community, page, &path, &begins.get(), offset.get()))
            }
        </Transition>
    }
}

fn rows(community: &CommunitySummary, page: Result<Members, Fault>, path: &str, begins: &str, offset: i64) -> AnyView {
    let Members { page, invited } = match page {
        Ok(members) => members,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    let link = |offset: i64| format!("{path}?begins={}&offset={offset}", next::encode(begins));
    let empty = page.members.is_empty();
    let (may_invite, manageable, may_manage_roles) = (page.may_invite, page.manageable, page.may_manage_roles);
    let mut badges = page.badges;
    let list = page
        .members
        .into_iter()
        .map(|member| {
            let manage = manageable.contains(&member.person.id).then(|| format!("{path}/{}", member.person.id));
            let place = badges.iter().position(|(person, _)| *person == member.person.id);
            let roles = place.map(|place| badges.swap_remove(place).1).unwrap_or_default();
            view! { <Member community=community.clone() member=member roles=roles may_invite=may_invite manage=manage/> }
        })
        .collect_view();
    view! {
        {invited.map(|code| view! { <Invitation code=code/> })}
        {may_manage_roles
            .then(|| {
                let path = format!("/c/{}/settings/roles", community.slug);
                view! { <p class="actions"><a class="button" href=path>"Roles"</a></p> }
            })}
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

#[component]
fn Member(
    community: CommunitySummary,
    member: MemberSummary,
    roles: Vec<RoleBadge>,
    may_invite: bool,
    manage: Option<String>,
) -> impl IntoView {
    let inside = community.role.is_some();
    let id = community.id;
    let talk = inside.then(|| view! { <TalkButton community=community person=member.person.clone()/> });
    let name = member.person.name.clone();
    let manage = manage.map(|path| {
        view! { <a class="button" data-kind="quiet" data-size="s" href=path>"Manage" <span class="vh">" " {name}</span></a> }
    });
    if !may_invite || member.person.kind != PersonKind::Placeholder {
        return view! { <PersonRow member=member since=true roles=roles>{manage} {talk}</PersonRow> }.into_any();
    }
    let invite = ServerAction::<InvitePerson>::new();
    let (person, name) = (member.person.id, member.person.name.clone());
    let form = use_shown()
        .with_untracked(|opened| Form::new(invite, Flash::about(opened.flash.as_ref(), "person", &person.to_string())));
    let code = move || invite.value().with(|value| value.as_ref().and_then(|made| made.as_ref().ok().cloned()));
    view! {
        <PersonRow member=member since=true roles=roles>
            {manage}
            {talk}
            <ActionForm action=invite>
                <input type="hidden" name="person" value=person.to_string()/>
                <input type="hidden" name="community" value=id.to_string()/>
                <Submit form=form kind="quiet" size="s">"Invite to claim" <span class="vh">" " {name}</span></Submit>
                <Refusal form=form/>
            </ActionForm>
        </PersonRow>
        {move || code().map(|code| view! { <li class="person"><Invitation code=code/></li> })}
    }
    .into_any()
}

/// The link of an invitation. The server keeps only its digest, so it is shown this once.
#[component]
fn Invitation(code: String) -> impl IntoView {
    let path = format!("/sign-up?claim={}", next::encode(&code));
    // As it is to be sent; until the page is taken over, what a browser copies from the link is whole as well.
    let origin = RwSignal::new(String::new());
    Effect::new(move |_| origin.set(page::origin()));
    view! {
        <div class="notice" data-kind="good" role="status" id="invited">
            <Icon name="link"/>
            <p>
                "Send them this link. It is shown only now, and works once, for two weeks: "
                <a href=path.clone() rel="external">{move || origin.get()} {path.clone()}</a>
            </p>
        </div>
    }
}

/// The way out. An owner has none: a community belongs to somebody.
#[component]
fn Leave(id: String) -> impl IntoView {
    let leave = ServerAction::<LeaveCommunity>::new();
    let form = use_shown().with_untracked(|opened| Form::new(leave, opened.flash.as_ref()));
    view! {
        <section class="section">
            <h2>"Leave"</h2>
            <p>"You stop taking part in all its channels."</p>
            <ActionForm action=leave>
                <input type="hidden" name="community" value=id/>
                <p class="actions">
                    <Submit form=form>"Leave community"</Submit>
                </p>
                <Refusal form=form/>
            </ActionForm>
        </section>
    }
}
