//! `/c/<community>/members/<person>`: what somebody is in a community, and what can be done about them.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use thunderline::domain::{
    CommunityId, CommunitySummary, Error, PersonId,
    member::{Cleared, MemberView},
};

use super::chat::use_shown;
use crate::{
    api::{
        Fault,
        custom_role::{GiveCustomRole, TakeCustomRole},
        load::load,
        member::{ChangeRole, HandOver, read_member},
        moderation::{BanMember, ClearMessages, KickMember, LiftBan, TimeOutMember},
    },
    part::{
        head::PageHead,
        icon::Icon,
        member::{HandOverForm, RoleForm, Who},
        member_roles::OwnRoles,
        moderation::Moderation,
        notice::{Notice, done},
        talk::TalkButton,
        title::PageTitle,
    },
};

/// One person of a community.
#[component]
pub fn MemberPage() -> impl IntoView {
    let shown = use_shown();
    // What is said of a change outlives the reading afresh that follows it: one's own role may be another since.
    let community = Memo::new_with_compare(
        move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.community.clone())),
        |before, now| before.is_none_or(|before| identity(before.as_ref()) != identity(now.and_then(Option::as_ref))),
    );
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

fn identity(community: Option<&CommunitySummary>) -> Option<(CommunityId, &str)> {
    community.map(|community| (community.id, community.name.as_str()))
}

/// What can be done; each outlives the reading afresh that follows it.
#[derive(Clone, Copy)]
pub struct Acts {
    /// Give a role.
    pub role: ServerAction<ChangeRole>,
    /// Hand over.
    pub over: ServerAction<HandOver>,
    /// Remove.
    pub kick: ServerAction<KickMember>,
    /// Ban.
    pub ban: ServerAction<BanMember>,
    /// Lift a ban.
    pub lift: ServerAction<LiftBan>,
    /// Give or end a time-out.
    pub time_out: ServerAction<TimeOutMember>,
    /// Delete messages.
    pub clear: ServerAction<ClearMessages>,
    /// Give a role of the community's own.
    pub give: ServerAction<GiveCustomRole>,
    /// Take one.
    pub take: ServerAction<TakeCustomRole>,
}

impl Acts {
    fn new() -> Self {
        Self {
            role: ServerAction::new(),
            over: ServerAction::new(),
            kick: ServerAction::new(),
            ban: ServerAction::new(),
            lift: ServerAction::new(),
            time_out: ServerAction::new(),
            clear: ServerAction::new(),
            give: ServerAction::new(),
            take: ServerAction::new(),
        }
    }

    /// Another number after each time something went well: what was refused is left as it was typed.
    fn done(self) -> usize {
        let membership = well(self.role) + well(self.over) + well(self.kick);
        let roles = well(self.give) + well(self.take);
        membership + roles + well(self.ban) + well(self.lift) + well(self.time_out) + well(self.clear)
    }
}

#[component]
fn Managed(community: CommunitySummary) -> impl IntoView {
    let params = use_params_map();
    let person =
        Memo::new(move |_| params.with(|params| params.get_str("person").and_then(|id| id.parse::<PersonId>().ok())));
    let acts = Acts::new();
    provide_context(acts);
    let id = community.id;
    let read = load(
        move || (person.get(), acts.done()),
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
        <Notice shown=done("kicked", *acts.kick) text="They were removed."/>
        <Notice shown=done("banned", *acts.ban) text="They were banned."/>
        <Notice shown=done("lifted", *acts.lift) text="The ban was lifted. They may join again."/>
        <Notice shown=done("time-out", *acts.time_out) text="The time-out was changed."/>
        <Notice shown=done("cleared", *acts.clear) text="Their messages were deleted."/>
        <Notice shown=done("given", *acts.give) text="The role was given."/>
        <Notice shown=done("taken", *acts.take) text="The role was taken."/>
        <How cleared=*acts.clear/>
        <How cleared=*acts.ban/>
        <Transition fallback=|| view! { <p class="muted">"Reading…"</p> }>
            {
                let community = community.clone();
                move || read.get().map(|read| sections(&community, read))
            }
        </Transition>
    }
}

/// How many messages were deleted.
#[component]
fn How<I>(cleared: Action<I, Result<Cleared, Fault>>) -> impl IntoView
where
    I: Send + Sync + 'static,
{
    let value = cleared.value();
    move || {
        let cleared = value.with(|value| value.as_ref().and_then(|cleared| cleared.as_ref().ok().copied()))?;
        let words = match cleared {
            Cleared { removed: 0, .. } => return None,
            Cleared { removed: 1, more: false } => "1 message was deleted.".to_owned(),
            Cleared { removed, more: false } => format!("{removed} messages were deleted."),
            Cleared { removed, more: true } => {
                format!("{removed} messages were deleted; there are more. Delete again.")
            }
        };
        Some(view! { <p class="muted" role="status">{words}</p> })
    }
}

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
    let nothing = !member.may.any() && !member.custom_roles.iter().any(|role| role.may);
    let (roles, over) = (!member.may.roles.is_empty(), member.may.hand_over);
    view! {
        <Who member=member.clone()/>
        {member.role.map(|_| view! { <TalkButton community=community.clone() person=member.person.clone()/> })}
        {roles.then(|| view! { <RoleForm community=community.id member=member.clone()/> })}
        {(!member.custom_roles.is_empty()).then(|| view! { <OwnRoles community=community.id member=member.clone()/> })}
        {over.then(|| view! { <HandOverForm community=community.clone() person=member.person.clone()/> })}
        <Moderation community=community.id member=member/>
        {nothing.then(|| view! { <p class="muted">"There is nothing you can do about them here."</p> })}
    }
    .into_any()
}
