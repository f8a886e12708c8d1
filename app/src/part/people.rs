//! Lists of people.

use leptos::prelude::*;
use thunderline::domain::{
    Presence, Role,
    custom_role::RoleBadge,
    person::{MemberSummary, PersonKind},
};

use super::{avatar::Avatar, member::title, moment::Moment};
use crate::state::use_client;

/// The word beside a person's name, if one is due.
fn badge(member: &MemberSummary) -> Option<&'static str> {
    match (member.person.kind, member.role) {
        (PersonKind::Bot, _) => Some("bot"),
        (PersonKind::System, _) => Some("system"),
        (PersonKind::Placeholder, _) => Some("imported"),
        (PersonKind::Person, Role::Owner | Role::Admin | Role::Moderator | Role::Guest) => Some(member.role.as_str()),
        (PersonKind::Person, Role::Member | Role::Bot) => None,
    }
}

/// Whether a member is there, kept up to date. The feed knows better once it has heard of this person; until then what
/// the page read stands.
pub fn presence(member: &MemberSummary) -> Signal<Presence> {
    let live = use_client().presence(member.person.id);
    let first = member.presence;
    let heard = Memo::new(move |before: Option<&(bool, Presence)>| {
        let now = live.get();
        let heard = before.is_some_and(|(heard, _)| *heard) || now != Presence::Offline;
        (heard, if heard { now } else { first })
    });
    Signal::derive(move || heard.get().1)
}

/// One person of a list: who, what they are, and whether they are there.
#[component]
pub fn PersonRow(
    /// Who.
    member: MemberSummary,
    /// Whether it says what they are and since when.
    #[prop(optional)]
    since: bool,
    /// The roles of the community's own that they have.
    #[prop(optional)]
    roles: Vec<RoleBadge>,
    /// What can be done with them, at the end of the row.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let presence = presence(&member);
    let badge = badge(&member);
    let name = member.person.name.clone();
    view! {
        <li class="person" data-offline=move || (presence.get() == Presence::Offline).then_some("")>
            <Avatar id=member.person.id name=name.clone() presence=presence/>
            <p class="person-text">
                <span class="name">{name}</span>
                <span class="handle">{format!("@{}", member.person.handle)}</span>
                {(!roles.is_empty()).then(|| view! { <RoleBadges roles=roles/> })}
                {since.then(|| view! { <span class="handle">{title(member.role)} " · joined " <Moment at=member.joined_at day=true/></span> })}
            </p>
            {badge.map(|badge| view! { <span class="badge" data-kind=(badge == "bot").then_some("bot")>{badge}</span> })}
            {move || word(presence.get()).map(|word| view! { <span class="vh">{word}</span> })}
            {children.map(|children| children())}
        </li>
    }
}

/// Roles of a community's own beside a name, each in its colour.
#[component]
pub fn RoleBadges(
    /// They.
    roles: Vec<RoleBadge>,
) -> impl IntoView {
    let badge = |role: RoleBadge| {
        view! { <span class="role-badge" data-colour=role.colour.as_str()><bdi>{role.name}</bdi></span> }
    };
    view! { <span class="role-badges">{roles.into_iter().map(badge).collect_view()}</span> }
}

/// Whether somebody is there, in words.
pub const fn word(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Offline => None,
        Presence::Away => Some("away"),
        Presence::DoNotDisturb => Some("not to be disturbed"),
        Presence::Online => Some("online"),
    }
}
