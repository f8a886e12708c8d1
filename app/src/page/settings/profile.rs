//! `/settings/profile`: the name shown, the colours, signing out.

use leptos::prelude::*;
use thunderline::domain::account::Me;

use super::{again_after, framed};
use crate::{
    api::{
        Flash,
        account::{ChangeProfile, SetTheme, Settings},
    },
    part::{
        avatar::Avatar,
        field::Field,
        form::{ErrorSummary, Form, Named, Refusal, Submit},
        icon::Icon,
        notice::{Notice, done},
    },
    theme::Theme,
};

/// Oneself.
#[component]
pub fn ProfilePage() -> impl IntoView {
    framed("Profile", |settings| {
        let Settings { me, theme, flash, .. } = settings;
        view! {
            <section class="section">
                <h2>"Profile"</h2>
                <NameForm me=me flash=flash.clone()/>
            </section>
            <section class="section">
                <h2>"Appearance"</h2>
                <ThemeForm theme=theme flash=flash/>
            </section>
            <section class="section">
                <h2>"Sign out"</h2>
                // A plain form on purpose: the page is loaded anew, and nothing of this person is left in it.
                <form method="post" action="/api/sign_out">
                    <p class="actions">
                        <button class="button" type="submit">
                            <Icon name="log-out"/>
                            "Sign out"
                        </button>
                    </p>
                </form>
            </section>
        }
        .into_any()
    })
}

#[component]
fn NameForm(me: Me, flash: Option<Flash>) -> impl IntoView {
    const FIELDS: &[Named] = &[("name", "Name", "name")];
    let change = ServerAction::<ChangeProfile>::new();
    let form = Form::new(change, flash.as_ref());
    let role = if me.server_owner { ", owner of this server" } else { "" };
    let (id, name) = (me.person.id, me.person.name);
    let before = name.clone();
    let shown = Signal::derive(move || match change.value().get() {
        Some(Ok(name)) => name,
        _ => before.clone(),
    });
    view! {
        <div class="profile">
            <Avatar id=id name=shown size="l"/>
            <p>
                <strong>{shown}</strong>
                <br/>
                <span class="muted">{format!("@{}{role}", me.person.handle)}</span>
            </p>
        </div>
        <ActionForm action=change attr:class="form">
            <ErrorSummary form=form heading="Your name was not changed" fields=FIELDS/>
            <Notice shown=done("profile", *change) text="Saved."/>
            <Field form=form id="name" name="name" label="Name" value=name autocomplete="name" maxlength=100/>
            <p class="actions">
                <Submit form=form kind="primary">"Save"</Submit>
            </p>
        </ActionForm>
    }
}

#[component]
fn ThemeForm(theme: Theme, flash: Option<Flash>) -> impl IntoView {
    let set = ServerAction::<SetTheme>::new();
    again_after(*set);
    let form = Form::new(set, flash.as_ref());
    Effect::new(move |_| {
        if let Some(Ok(theme)) = set.value().get() {
            wear(theme);
        }
    });
    let segment = move |this: Theme, icon: &'static str, label: &'static str| {
        view! {
            <label class="segment">
                <input type="radio" name="theme" value=this.as_str() checked=this == theme/>
                <Icon name=icon/>
                {label}
            </label>
        }
    };
    view! {
        <ActionForm action=set attr:class="form">
            <fieldset class="field segments">
                <legend>"Theme"</legend>
                {segment(Theme::System, "monitor", "System")}
                {segment(Theme::Light, "sun", "Light")}
                {segment(Theme::Dark, "moon", "Dark")}
            </fieldset>
            <p class="actions">
                <Submit form=form>"Use this theme"</Submit>
            </p>
            <Refusal form=form/>
        </ActionForm>
    }
}

/// Puts the theme on the page that is open; the server does it for the next ones.
fn wear(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    let _ = match theme.attribute() {
        Some(value) => root.set_attribute("data-theme", value),
        None => root.remove_attribute("data-theme"),
    };
}
