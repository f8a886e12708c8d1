//! `/c/<community>/settings/roles`: the roles of a community's own; `?role=<role>` changes one.

mod form;

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use thunderline::domain::{
    CommunityId, CommunitySummary, CustomRoleId,
    custom_role::{CustomRole, CustomRoles, ManagedRole, Permission, RoleBadge},
};

use self::form::{Changing, Making};
use super::chat::use_shown;
use crate::{
    api::{
        Fault, Flash,
        custom_role::{CreateCustomRole, DeleteCustomRole, MoveCustomRole, list_custom_roles},
        load::{Loaded, load},
    },
    part::{
        confirm::Confirm,
        failure::Failure,
        form::{Form, Refusal, Submit},
        head::PageHead,
        notice::{Notice, done},
        people::RoleBadges,
        title::PageTitle,
    },
    state::use_client,
};

/// What changes roles on this page.
#[derive(Clone, Copy)]
struct Changes {
    make: ServerAction<CreateCustomRole>,
    order: ServerAction<MoveCustomRole>,
    delete: ServerAction<DeleteCustomRole>,
}

/// The roles.
#[component]
pub fn RolesPage() -> impl IntoView {
    let shown = use_shown();
    // What is typed, and what is said of a change, outlives the reading afresh that follows any change of roles.
    let community = Memo::new_with_compare(
        move |_| shown.with(|opened| opened.community.as_ref().map(|open| open.community.clone())),
        |before, now| before.is_none_or(|before| identity(before.as_ref()) != identity(now.and_then(Option::as_ref))),
    );
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Roles · {}", c.name)).unwrap_or_default()))/>
        {move || community.get().map(|community| view! { <Roles community=community/> })}
    }
}

fn identity(community: Option<&CommunitySummary>) -> Option<(CommunityId, &str)> {
    community.map(|community| (community.id, community.name.as_str()))
}

#[component]
fn Roles(community: CommunitySummary) -> impl IntoView {
    let changes = Changes { make: ServerAction::new(), order: ServerAction::new(), delete: ServerAction::new() };
    let (id, standing) = (community.id, use_client().standing());
    let roles = load(
        move || {
            let Changes { make, order, delete } = changes;
            (make.version().get(), order.version().get(), delete.version().get(), standing.get())
        },
        move |_| list_custom_roles(id),
    );
    view! {
        <Transition>
            <Stands community=community roles=roles changes=changes/>
        </Transition>
    }
}

/// The list, or the form of one role, or what is there in their place. What is typed outlives the reading afresh.
#[component]
fn Stands(community: CommunitySummary, roles: Loaded<Result<CustomRoles, Fault>>, changes: Changes) -> impl IntoView {
    let query = use_query_map();
    let chosen = move || query.with(|query| query.get_str("role").and_then(|id| id.parse::<CustomRoleId>().ok()));
    let refused = Memo::new(move |_| roles.get().and_then(Result::err));
    let last = Memo::new(move |before: Option<&Option<CustomRoles>>| match roles.get() {
        Some(Ok(roles)) => Some(roles),
        _ => before.cloned().flatten(),
    });
    let all = Memo::new(move |_| last.get().unwrap_or_default());
    let permissions = Memo::new(move |_| all.with(|all| all.permissions.clone()));
    let known = Memo::new(move |_| {
        let chosen = chosen()?;
        all.with(|all| Some(all.roles.iter().find(|known| known.role.id == chosen && known.mine)?.role.clone()))
    });
    let ready = Memo::new(move |_| last.with(Option::is_some));
    let community = StoredValue::new(community);
    move || match refused.get() {
        Some(fault) => view! { <Failure fault=fault/> }.into_any(),
        None if ready.get() => {
            let known = known.get();
            view! { <Sheet community=community.get_value() all=all permissions=permissions known=known changes=changes/> }
                .into_any()
        }
        None => ().into_any(),
    }
}

#[component]
fn Sheet(
    community: CommunitySummary,
    all: Memo<CustomRoles>,
    permissions: Memo<Vec<Permission>>,
    known: Option<CustomRole>,
    changes: Changes,
) -> impl IntoView {
    let path = format!("/c/{}/settings/roles", community.slug);
    let (back, back_to) = match &known {
        Some(_) => (path.clone(), format!("Back to the roles of {}", community.name)),
        None => (format!("/c/{}/members", community.slug), format!("Back to the members of {}", community.name)),
    };
    let heading = if known.is_some() { "Edit a role of " } else { "Roles of " };
    let name = community.name.clone();
    view! {
        <main class="conversation" id="main" tabindex="-1">
            <PageHead back=back back_to=back_to always=true>
                {heading}
                <bdi>{name}</bdi>
            </PageHead>
            <div class="sheet">
                {match known {
                    Some(role) => Either::Left(view! { <Changing community=community path=path role=role permissions=permissions/> }),
                    None => Either::Right(view! { <List community=community path=path all=all permissions=permissions changes=changes/> }),
                }}
            </div>
        </main>
    }
}

#[component]
fn List(
    community: CommunitySummary,
    path: String,
    all: Memo<CustomRoles>,
    permissions: Memo<Vec<Permission>>,
    changes: Changes,
) -> impl IntoView {
    let query = use_query_map();
    let saved = Signal::derive(move || query.with(|query| query.get_str("done") == Some("saved")));
    // Said once, not by each role.
    let refusals = use_shown().with_untracked(|opened| {
        let flash = opened.flash.as_ref();
        [Form::new(changes.order, flash), Form::new(changes.delete, flash)]
    });
    let id = community.id;
    let rows = move || {
        let roles = all.with(|all| all.roles.clone());
        let highest = i64::try_from(roles.len()).unwrap_or(i64::MAX);
        roles
            .into_iter()
            .map(|managed| {
                let top = managed.role.position >= highest;
                view! { <Row community=id path=path.clone() managed=managed top=top changes=changes/> }
            })
            .collect_view()
    };
    view! {
        <p class="lede">
            "A role of your own gives whoever has it a badge, and what you tick, beside what they may do anyway. Nobody gives more than they have, or changes a role as high as their own."
        </p>
        <Notice shown=saved text="The role was saved."/>
        <Notice shown=done("made", *changes.make) text="The role was made."/>
        <Notice shown=done("moved", *changes.order) text="The role was moved."/>
        <Notice shown=done("deleted", *changes.delete) text="The role was deleted."/>
        <div id="refused">{refusals.into_iter().map(|form| view! { <Refusal form=form/> }).collect_view()}</div>
        {move || {
            all.with(|all| all.roles.is_empty())
                .then(|| view! { <p class="muted">"There is no role of your own yet. Make the first one below."</p> })
        }}
        <ol class="cards roles">{rows}</ol>
        <section class="section" id="new-role">
            <h2>"Make a role"</h2>
            <Making community=community make=changes.make permissions=permissions/>
        </section>
    }
}

#[component]
fn Row(community: CommunityId, path: String, managed: ManagedRole, top: bool, changes: Changes) -> impl IntoView {
    let ManagedRole { role, holders, mine } = managed;
    let (id, name) = (role.id.to_string(), StoredValue::new(role.name.clone()));
    let of_this = |flash: Option<&Flash>| Flash::about(flash, "custom_role", &id).cloned();
    let flash = use_shown().with_untracked(|opened| of_this(opened.flash.as_ref()));
    let (order, delete) = (Form::new(changes.order, flash.as_ref()), Form::new(changes.delete, flash.as_ref()));
    let named = StoredValue::new((community.to_string(), id.clone()));
    let hidden = move || {
        let (community, role) = named.get_value();
        view! {
            <input type="hidden" name="community" value=community/>
            <input type="hidden" name="custom_role" value=role/>
        }
    };
    let step = move |word: &'static str, position: i64| {
        view! {
            <ActionForm action=changes.order>
                {hidden()}
                <input type="hidden" name="position" value=position.to_string()/>
                <Submit form=order kind="quiet" size="s">{word} <span class="vh">" " {name.get_value()}</span></Submit>
            </ActionForm>
        }
    };
    let who = if holders == 1 { "1 member".to_owned() } else { format!("{holders} members") };
    let may = form::list(&role.permissions);
    view! {
        <li class="rule" id=format!("role-{id}") tabindex="-1">
            <h2 class="rule-name"><RoleBadges roles=vec![RoleBadge::from(&role)]/></h2>
            <p class="muted">{who} " · " {if may.is_empty() { "a badge only".to_owned() } else { may }}</p>
            {mine
                .then(|| {
                    view! {
                        <div class="actions">
                            {(!top).then(|| step("Move up", role.position + 1))}
                            {(role.position > 1).then(|| step("Move down", role.position - 1))}
                            <a class="button" data-kind="quiet" data-size="s" href=format!("{path}?role={id}")>
                                "Edit" <span class="vh">" " {name.get_value()}</span>
                            </a>
                            <Confirm
                                id=format!("delete-{id}")
                                word="Delete"
                                what=name.get_value()
                                question="Delete this role?"
                                consequence="Everybody who has it loses it, and what it allows."
                            >
                                <ActionForm action=changes.delete>
                                    {hidden()}
                                    <Submit form=delete kind="danger" size="s">"Delete role" <span class="vh">" " {name.get_value()}</span></Submit>
                                </ActionForm>
                            </Confirm>
                        </div>
                    }
                })}
        </li>
    }
}
