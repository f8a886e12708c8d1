//! The roles of the community's own that a member has, and the forms that give and take them.

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId,
    custom_role::{MemberRole, RoleBadge},
    member::MemberView,
};

use super::{
    form::{Form, Refusal, Submit},
    people::RoleBadges,
};
use crate::page::{chat::use_shown, member::Acts};

/// What a member has of the community's own roles, and what else they can be given.
#[component]
pub fn OwnRoles(
    /// In which community.
    community: CommunityId,
    /// Whose.
    member: MemberView,
) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let (give, take) = use_shown().with_untracked(|opened| {
        let flash = opened.flash.as_ref();
        (Form::new(acts.give, flash), Form::new(acts.take, flash))
    });
    let person = member.person.id;
    let rows = member.custom_roles.into_iter().map(move |MemberRole { role, held, may }| {
        let hidden = move || {
            view! {
                <input type="hidden" name="community" value=community.to_string()/>
                <input type="hidden" name="person" value=person.to_string()/>
                <input type="hidden" name="custom_role" value=role.id.to_string()/>
            }
        };
        let name = role.name.clone();
        let change = may.then(|| {
            if held {
                view! {
                    <ActionForm action=acts.take>
                        {hidden()}
                        <Submit form=take kind="quiet" size="s">"Take" <span class="vh">" " {name}</span></Submit>
                    </ActionForm>
                }
                .into_any()
            } else {
                view! {
                    <ActionForm action=acts.give>
                        {hidden()}
                        <Submit form=give size="s">"Give" <span class="vh">" " {name}</span></Submit>
                    </ActionForm>
                }
                .into_any()
            }
        });
        view! {
            <li class="own-role">
                <RoleBadges roles=vec![RoleBadge::from(&role)]/>
                {(!held).then(|| view! { <span class="muted">"not given"</span> })}
                {change}
            </li>
        }
    });
    view! {
        <section class="section" id="roles" tabindex="-1">
            <h2>"Roles"</h2>
            <ul class="own-roles">{rows.collect_view()}</ul>
            <Refusal form=give/>
            <Refusal form=take/>
        </section>
    }
}
