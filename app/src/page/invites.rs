//! `/c/<community>/members/invites`: the links by which people join.

use leptos::prelude::*;
use thunderline::domain::{CommunityId, Time, invite_link::InviteLink};

use super::chat::use_shown;
use crate::{
    api::{
        Fault, Flash,
        invite_link::{JOIN, Links, MakeInviteLink, RevokeInviteLink, list_invite_links},
        load::load,
    },
    dom::page,
    part::{
        failure::Nothing,
        form::{ErrorSummary, Form, Named, Refusal, Submit},
        head::PageHead,
        icon::Icon,
        moment::Moment,
        notice::{Notice, done},
        title::PageTitle,
    },
};

/// For how long a link can be made to work here, in seconds; 0: until it is revoked.
const TIMES: [(i64, &str); 5] = [
    (7 * 86_400, "7 days"),
    (3_600, "1 hour"),
    (86_400, "1 day"),
    (30 * 86_400, "30 days"),
    (0, "Until it is revoked"),
];
/// How many people a link can be made to bring in here; 0: any number.
const USES: [(i64, &str); 5] =
    [(0, "Any number"), (1, "1 person"), (5, "5 people"), (25, "25 people"), (100, "100 people")];
const FIELDS: &[Named] = &[("expires_in", "Works for", "expires-in"), ("max_uses", "Brings in", "max-uses")];

/// The links.
#[component]
pub fn InvitesPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.clone()));
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Invite people · {}", c.community.name)).unwrap_or_default()))/>
        {move || match community.get() {
            Some(open) if open.may.invite => {
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead
                            back=format!("/c/{}/members", open.community.slug)
                            back_to=format!("Back to the members of {}", open.community.name)
                            always=true
                        >
                            "Invite people to "
                            <bdi>{open.community.name.clone()}</bdi>
                        </PageHead>
                        <div class="sheet">
                            <Managed community=open.community.id/>
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
fn Managed(community: CommunityId) -> impl IntoView {
    let shown = use_shown();
    let (make, revoke) = (ServerAction::<MakeInviteLink>::new(), ServerAction::<RevokeInviteLink>::new());
    let links = load(move || (make.version().get(), revoke.version().get()), move |_| list_invite_links(community));
    let form = shown.with_untracked(|opened| Form::new(make, opened.flash.as_ref()));
    let made = move || make.value().with(|value| value.as_ref().and_then(|made| made.as_ref().ok().cloned()));
    view! {
        <p class="lede">"Whoever opens a link joins as a member, also without an account here: they make one on the way."</p>
        <Notice shown=done("revoked", *revoke) text="The link works no more."/>
        {move || made().map(|code| view! { <Made code=code/> })}
        <section class="section">
            <h2>"Make a link"</h2>
            <ActionForm action=make attr:class="form">
                <ErrorSummary form=form heading="The link was not made" fields=FIELDS/>
                <input type="hidden" name="community" value=community.to_string()/>
                <Choice form=form id="expires-in" name="expires_in" label="Works for" choices=&TIMES/>
                <Choice form=form id="max-uses" name="max_uses" label="Brings in" choices=&USES/>
                <p class="actions">
                    <Submit form=form kind="primary">"Make a link"</Submit>
                </p>
            </ActionForm>
        </section>
        <section class="section">
            <h2>"Links"</h2>
            <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
                {move || links.get().map(|links| rows(community, revoke, links))}
            </Transition>
        </section>
    }
}

#[component]
fn Choice(
    form: Form,
    id: &'static str,
    name: &'static str,
    label: &'static str,
    choices: &'static [(i64, &'static str)],
) -> impl IntoView {
    let chosen = form.typed(name, choices.first().map(|(value, _)| value.to_string()).unwrap_or_default());
    let options = choices.iter().map(|(value, words)| {
        let value = value.to_string();
        let selected = value == chosen;
        view! { <option value=value selected=selected>{*words}</option> }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id name=name>{options.collect_view()}</select>
        </div>
    }
}

/// The new link. The server keeps only its digest, so it is shown this once.
#[component]
fn Made(code: String) -> impl IntoView {
    let path = [JOIN, &code].concat();
    // As it is to be sent; until the page is taken over, what a browser copies from the link is whole as well.
    let origin = RwSignal::new(None::<String>);
    let copied = RwSignal::new(false);
    Effect::new(move |_| origin.set(Some(page::origin())));
    let whole = path.clone();
    view! {
        <div class="notice" data-kind="good" role="status" id="invited">
            <Icon name="link"/>
            <div>
                <p>"Send this link to whom you want here. It is shown only now:"</p>
                <p class="invite-link">
                    <a href=path.clone() rel="external">{move || origin.get()} {path.clone()}</a>
                </p>
                {move || {
                    let whole = [&origin.get()?, whole.as_str()].concat();
                    Some(
                        view! {
                            <button
                                class="button"
                                type="button"
                                data-size="s"
                                on:click=move |_| {
                                    page::copy(&whole);
                                    page::announce("Link copied.");
                                    copied.set(true);
                                }
                            >
                                {move || if copied.get() { "Copied" } else { "Copy link" }}
                            </button>
                        },
                    )
                }}
            </div>
        </div>
    }
}

fn rows(community: CommunityId, revoke: ServerAction<RevokeInviteLink>, links: Result<Links, Fault>) -> AnyView {
    let Links { links, made } = match links {
        Ok(links) => links,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    let empty = links.is_empty();
    let rows =
        links.into_iter().map(|link| view! { <Row community=community revoke=revoke link=link/> }).collect_view();
    view! {
        {made.map(|code| view! { <Made code=code/> })}
        {empty.then(|| view! { <p class="muted">"There is no link yet."</p> })}
        <ul class="cards">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Row(community: CommunityId, revoke: ServerAction<RevokeInviteLink>, link: InviteLink) -> impl IntoView {
    let id = link.id.to_string();
    let form = use_shown().with_untracked(|opened| Form::new(revoke, Flash::about(opened.flash.as_ref(), "link", &id)));
    let joined = match (link.uses, link.max_uses) {
        (uses, Some(most)) => format!("{uses} of {most} joined"),
        (1, None) => "1 person joined".to_owned(),
        (uses, None) => format!("{uses} people joined"),
    };
    let maker = link.inviter.name.clone();
    view! {
        <li class="card-row invite-row">
            <Icon name="link"/>
            <p class="card-text">
                <span class="card-title">
                    {joined}
                    {(!link.works).then(|| view! { " " <span class="badge">"works no more"</span> })}
                </span>
                <span class="muted">"Made by " <bdi>{maker.clone()}</bdi> ", " <Moment at=link.created_at/></span>
                <Until at=link.expires_at/>
            </p>
            <ActionForm action=revoke>
                <input type="hidden" name="community" value=community.to_string()/>
                <input type="hidden" name="link" value=id/>
                <Submit form=form kind="danger" size="s">
                    {if link.works { "Revoke" } else { "Remove" }} <span class="vh">" the link made by " {maker}</span>
                </Submit>
                <Refusal form=form/>
            </ActionForm>
        </li>
    }
}

#[component]
fn Until(at: Option<Time>) -> impl IntoView {
    match at {
        Some(at) => view! { <span class="muted">"Until " <Moment at=at/></span> }.into_any(),
        None => view! { <span class="muted">"Until it is revoked"</span> }.into_any(),
    }
}
