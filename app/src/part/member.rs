//! What somebody is in a community, and the forms that change it.

use leptos::prelude::*;
use thunderline::domain::{CommunityId, CommunitySummary, PersonSummary, Role, member::MemberView};

use super::{
    avatar::Avatar,
    form::{Form, Refusal, Submit},
    moment::Moment,
};
use crate::page::{chat::use_shown, member::Acts};

/// A role as people read it.
pub const fn title(role: Role) -> &'static str {
    match role {
        Role::Guest => "Guest",
        Role::Bot => "Bot",
        Role::Member => "Member",
        Role::Moderator => "Moderator",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

/// Who it is about.
#[component]
pub fn Who(
    /// They.
    member: MemberView,
) -> impl IntoView {
    let name = member.person.name.clone();
    view! {
        <div class="profile">
            <Avatar id=member.person.id name=name.clone()/>
            <div>
                <h2><bdi>{name}</bdi></h2>
                <p class="muted">{format!("@{}", member.person.handle)}</p>
                <p class="muted">
                    {match (member.role, member.joined_at) {
                        (Some(role), Some(at)) => {
                            view! { {title(role)} " · joined " <Moment at=at day=true/> }.into_any()
                        }
                        _ => "Not a member".into_any(),
                    }}
                </p>
            </div>
        </div>
    }
}

/// Chooses their role.
#[component]
pub fn RoleForm(
    /// In which community.
    community: CommunityId,
    /// Whose.
    member: MemberView,
) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.role, opened.flash.as_ref()));
    let now = member.role;
    let options = member.may.roles.into_iter().map(move |role| {
        let selected = now == Some(role);
        view! { <option value=role.as_str() selected=selected>{title(role)}</option> }
    });
    view! {
        <section class="section">
            <h2>"Role"</h2>
            <p class="muted" id="role-hint">
                "Guests read public channels and join them. Members make channels as well. Moderators keep order: they delete messages, and act on members and guests. Admins also manage roles, channels and webhooks."
            </p>
            <ActionForm action=acts.role attr:class="inline-form">
                <input type="hidden" name="community" value=community.to_string()/>
                <input type="hidden" name="person" value=member.person.id.to_string()/>
                <div class="field">
                    <label for="role">"Role"</label>
                    <select id="role" name="role" aria-describedby="role-hint">{options.collect_view()}</select>
                </div>
                <Submit form=form kind="primary">"Change role"</Submit>
            </ActionForm>
            <Refusal form=form/>
        </section>
    }
}

/// Makes them the owner, after a question.
#[component]
pub fn HandOverForm(
    /// What.
    community: CommunitySummary,
    /// To whom.
    person: PersonSummary,
) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.over, opened.flash.as_ref()));
    view! {
        <section class="section">
            <h2>"Ownership"</h2>
            <details class="confirm">
                <summary class="button" data-kind="danger">"Hand over…"</summary>
                <ActionForm action=acts.over>
                    <input type="hidden" name="community" value=community.id.to_string()/>
                    <input type="hidden" name="person" value=person.id.to_string()/>
                    <p>
                        "Make " <bdi>{person.name.clone()}</bdi> " the owner of " <bdi>{community.name}</bdi>
                        "? You stay as an admin, and only they can give it back."
                    </p>
                    <Submit form=form kind="danger">"Hand over to " <bdi>{person.name}</bdi></Submit>
                    <Refusal form=form/>
                </ActionForm>
            </details>
        </section>
    }
}
