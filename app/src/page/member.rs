//! `/c/<community>/members/<person>`: what somebody is in a community, and what can be done about them.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use thunderline::domain::{CommunitySummary, Error, PersonId, member::MemberView};

use super::chat::use_shown;
use crate::{
    api::{
        Fault,
        member::{ChangeRole, HandOver, read_member},
    },
    part::{
        head::PageHead,
        icon::Icon,
        member::{HandOverForm, RoleForm, Who},
        notice::{Notice, done},
        title::PageTitle,
    },
};

/// One person of a community.
#[component]
pub fn MemberPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.community.clone())));
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Member · {}", c.name)).unwrap_or_default()))/>
        {move || {
            community
                .get()
                .map(|community| {
                    view! {
                        <main class="conversation" id="main" tabindex="-1">
                            <PageHead
                                back=format!("/c/{}/members", community.slug)
                                back_to=format!("Back to the members of {}", community.name)
                                always=true
                            >
                                "Manage member"
                            </PageHead>
                            <div class="sheet">
                                <Managed community=community/>
                            </div>
                        </main>
                    }
                })
        }}
    }
}

/// What can be done; each outlives the reading afresh that follows it.
#[derive(Clone, Copy)]
pub struct Acts {
    /// Give a role.
    pub role: ServerAction<ChangeRole>,
    /// Hand over.
    pub over: ServerAction<HandOver>,
}

#[component]
fn Managed(community: CommunitySummary) -> impl IntoView {
    let params = use_params_map();
    let person =
        Memo::new(move |_| params.with(|params| params.get_str("person").and_then(|id| id.parse::<PersonId>().ok())));
    let acts = Acts { role: ServerAction::new(), over: ServerAction::new() };
    provide_context(acts);
    let id = community.id;
    let times = move || well(acts.role) + well(acts.over);
    let read = Resource::new_blocking(
        move || (person.get(), times()),
        move |(person, _)| async move {
            match person {
                Some(person) => read_member(id, person).await,
                None => Err(Fault(Error::NotFound)),
            }
        },
    );
    view! {
        <Notice shown=done("role", *acts.role) text="The role was changed."/>
        <Notice shown=done("owner", *acts.over) text="The community was handed over. You are an admin now."/>
        <Transition fallback=|| view! { <p class="muted">"Reading…"</p> }>
            {
                let community = community.clone();
                move || read.get().map(|read| sections(&community, read))
            }
        </Transition>
    }
}

/// Another number after each time it went well: what was refused is left as it was typed.
fn well<S>(action: ServerAction<S>) -> usize
where
    S: ServerFn<Error = Fault> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let (value, version) = (action.value(), action.version());
    if value.with(|value| matches!(value, Some(Ok(_)))) { version.get() } else { 0 }
}

fn sections(community: &CommunitySummary, read: Result<MemberView, Fault>) -> AnyView {
    let member = match read {
        Ok(member) => member,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    let nothing = !member.may.any();
    let (roles, over) = (!member.may.roles.is_empty(), member.may.hand_over);
    view! {
        <Who member=member.clone()/>
        {roles.then(|| view! { <RoleForm community=community.id member=member.clone()/> })}
        {over.then(|| view! { <HandOverForm community=community.clone() person=member.person.clone()/> })}
        {nothing.then(|| view! { <p class="muted">"There is nothing you can do about them here."</p> })}
    }
    .into_any()
}
