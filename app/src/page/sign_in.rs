//! `/sign-in`.

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};

use crate::{
    api::{
        Flash,
        account::{SignIn, open_door},
        load::load,
        next,
    },
    part::{
        door::DoorFrame,
        failure::Failure,
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Submit},
    },
};

/// The page where one signs in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let onward = Memo::new(move |_| query.with(|query| next::local(query.get_str("next").unwrap_or("/"))));
    let door = load(move || onward.get(), |onward| open_door(None, Some(onward)));
    let page = move || {
        door.get().map(|door| match door {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(door) if door.onward.is_some() => view! { <Redirect path=onward.get_untracked()/> }.into_any(),
            Ok(door) => view! {
                <h1>"Welcome back"</h1>
                <p class="lede">
                    {match &door.invited {
                        Some(invited) => format!("Sign in to join {}.", invited.community),
                        None => "Sign in to go on.".to_owned(),
                    }}
                </p>
                <SignInForm onward=onward.get_untracked() flash=door.flash/>
                <p class="card-foot">"New here? " <a href=sign_up(&onward.get_untracked())>"Create an account"</a></p>
            }
            .into_any(),
        })
    };
    view! {
        <DoorFrame title="Sign in">
            <Transition fallback=|| view! { <h1>"Welcome back"</h1> }>{page}</Transition>
        </DoorFrame>
    }
}

fn sign_up(onward: &str) -> String {
    if onward == "/" { "/sign-up".to_owned() } else { format!("/sign-up?next={}", next::encode(onward)) }
}

const FIELDS: &[Named] = &[("handle", "Handle", "handle"), ("password", "Password", "password")];

/// The form.
#[component]
pub fn SignInForm(
    /// Where to go then.
    onward: String,
    /// What the plain form brought back.
    flash: Option<Flash>,
) -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let form = Form::new(action, flash.as_ref());
    view! {
        <ActionForm action=action attr:class="form">
            <ErrorSummary form=form heading="You are not signed in" fields=FIELDS/>
            <input type="hidden" name="next" value=onward/>
            <Field form=form id="handle" name="handle" label="Handle" kind=Kind::Plain autocomplete="username"/>
            <Field form=form id="password" name="password" label="Password" kind=Kind::Password autocomplete="current-password"/>
            <Submit form=form kind="primary" wide=true>"Sign in"</Submit>
        </ActionForm>
    }
}
