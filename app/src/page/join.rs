//! `/join/<code>`: an invitation to a community, for whoever holds the link.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use thunderline::domain::{Error, invite_link::Invited};

use super::directory::people;
use crate::{
    api::{
        Fault,
        invite_link::{Invitation, JOIN, JoinByLink, open_invitation},
        load::load,
        next,
    },
    part::{
        door::DoorFrame,
        failure::Failure,
        form::{Form, Refusal, Submit},
    },
};

/// The page of an invitation.
#[component]
pub fn JoinPage() -> impl IntoView {
    let params = use_params_map();
    let code = Memo::new(move |_| params.with(|params| params.get("code").unwrap_or_default()));
    let invitation = load(move || code.get(), open_invitation);
    let card = move || {
        invitation.get().map(|invitation| match invitation {
            Ok(invitation) => view! { <Card invitation=invitation code=code.get_untracked()/> }.into_any(),
            Err(Fault(Error::NotFound)) => view! { <Gone/> }.into_any(),
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
        })
    };
    view! {
        <DoorFrame title="Invitation">
            <Transition fallback=|| view! { <h1>"Invitation"</h1> }>{card}</Transition>
        </DoorFrame>
    }
}

/// For a link that works no more, and for one that never did.
#[component]
fn Gone() -> impl IntoView {
    view! {
        <h1>"This invitation does not work"</h1>
        <p class="lede">"It has run out, was used up or taken back, or it is not for you. Ask for another."</p>
        <p class="actions">
            <a class="button" data-kind="primary" href="/">"Go home"</a>
        </p>
    }
}

#[component]
fn Card(invitation: Invitation, code: String) -> impl IntoView {
    let Invitation { invited, signed_in, flash } = invitation;
    let Invited { community, description, members, inviter, slug } = invited;
    let join = ServerAction::<JoinByLink>::new();
    let form = Form::new(join, flash.as_ref());
    let here = next::encode(&[JOIN, &code].concat());
    let name = community.clone();
    let way = match (slug, signed_in) {
        (Some(slug), _) => view! {
            <p>"You are a member already."</p>
            <p class="actions">
                <a class="button" data-kind="primary" data-wide="" href=format!("/c/{slug}")>"Open " <bdi>{name}</bdi></a>
            </p>
        }
        .into_any(),
        (None, true) => view! {
            <ActionForm action=join attr:class="form">
                <input type="hidden" name="code" value=code/>
                <Submit form=form kind="primary" wide=true>"Join " <bdi>{name}</bdi></Submit>
                <Refusal form=form/>
            </ActionForm>
        }
        .into_any(),
        (None, false) => view! {
            <p class="actions">
                <a class="button" data-kind="primary" data-wide="" href=format!("/sign-up?next={here}")>"Create an account and join"</a>
            </p>
            <p class="card-foot">"Have an account? " <a href=format!("/sign-in?next={here}")>"Sign in and join"</a></p>
        }
        .into_any(),
    };
    view! {
        <h1>"Join " <bdi>{community}</bdi></h1>
        <p class="lede">
            <bdi>{inviter}</bdi> " invites you. " {people(members)} {if members == 1 { " talks" } else { " talk" }} " there."
        </p>
        {(!description.is_empty()).then(|| view! { <p dir="auto">{description}</p> })}
        {way}
    }
}
