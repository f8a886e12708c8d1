//! `/sign-up`, also with an invitation to claim an imported person.

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};
use thunderline::domain::{query::ClaimedPerson, text::PASSWORD_CHARS};

use crate::{
    api::{
        Flash,
        account::{Door, SignUp, open_door},
        load::load,
        next,
    },
    part::{
        door::DoorFrame,
        failure::Failure,
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Submit},
        icon::Icon,
    },
};

/// The page where one makes an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let query = use_query_map();
    let onward = Memo::new(move |_| query.with(|query| next::local(query.get_str("next").unwrap_or("/"))));
    let claim = Memo::new(move |_| query.with(|query| query.get("claim").filter(|code| !code.is_empty())));
    let door = load(move || (claim.get(), onward.get()), |(claim, onward)| open_door(claim, Some(onward)));
    let page = move || {
        door.get().map(|door| match door {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(door) if door.onward.is_some() => view! { <Redirect path=onward.get_untracked()/> }.into_any(),
            Ok(door) => view! { <Card door=door code=claim.get_untracked() onward=onward.get_untracked()/> }.into_any(),
        })
    };
    view! {
        <DoorFrame title="Create an account">
            <Transition fallback=|| view! { <h1>"Create an account"</h1> }>{page}</Transition>
        </DoorFrame>
    }
}

#[component]
fn Card(door: Door, code: Option<String>, onward: String) -> impl IntoView {
    let Door { vacant, claim, invited, flash, .. } = door;
    let lost = code.is_some() && claim.is_none();
    let sign_in = next::sign_in(&onward);
    let lede = match (&claim, &invited) {
        (Some(claim), _) => format!(
            "Everything {} wrote in {} becomes yours. Choose how you sign in from now on.",
            claim.name, claim.community
        ),
        (None, Some(invited)) => format!("With an account you join {} at once.", invited.community),
        (None, None) if vacant => "Nobody lives here yet: the first account owns this server.".to_owned(),
        (None, None) => "One account for every community on this server.".to_owned(),
    };
    view! {
        <h1>{if claim.is_some() { "Is this you?" } else { "Create an account" }}</h1>
        <p class="lede">{lede}</p>
        {lost
            .then(|| {
                view! {
                    <p class="notice" data-kind="bad" role="status">
                        <Icon name="alert"/>
                        <span>"This invitation was used or has run out. Ask for another, or make an account of your own."</span>
                    </p>
                }
            })}
        <SignUpForm onward=onward code=code.filter(|_| !lost) claim=claim flash=flash button="Create account"/>
        <p class="card-foot">"Have an account? " <a href=sign_in>"Sign in"</a></p>
    }
}

const FIELDS: &[Named] =
    &[("name", "Name", "name"), ("handle", "Handle", "handle"), ("password", "Password", "password")];

/// The form.
#[component]
pub fn SignUpForm(
    /// Where to go then.
    onward: String,
    /// The invitation's code.
    code: Option<String>,
    /// Whom it lets one claim.
    claim: Option<ClaimedPerson>,
    /// What the plain form brought back.
    flash: Option<Flash>,
    /// The words on the button.
    button: &'static str,
) -> impl IntoView {
    let action = ServerAction::<SignUp>::new();
    let form = Form::new(action, flash.as_ref());
    let (name, handle) = claim.map(|claim| (claim.name, claim.handle)).unwrap_or_default();
    view! {
        <ActionForm action=action attr:class="form">
            <ErrorSummary form=form heading="The account was not created" fields=FIELDS/>
            <input type="hidden" name="next" value=onward/>
            {code.map(|code| view! { <input type="hidden" name="claim" value=code/> })}
            <Field form=form id="name" name="name" label="Name" value=name autocomplete="name" maxlength=100/>
            <Field
                form=form
                id="handle"
                name="handle"
                label="Handle"
                hint="How you sign in, and how others mention you: @mira"
                kind=Kind::Plain
                value=handle
                autocomplete="username"
                maxlength=33
            />
            <Field
                form=form
                id="password"
                name="password"
                label="Password"
                hint="At least 10 characters. A sentence works well."
                kind=Kind::Password
                autocomplete="new-password"
                minlength=PASSWORD_CHARS
            />
            <Submit form=form kind="primary" wide=true>{button}</Submit>
        </ActionForm>
    }
}
