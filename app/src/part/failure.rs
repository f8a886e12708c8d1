//! What a page shows in place of itself.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Redirect, hooks::use_location};
use thunderline::domain::Error;

use super::{
    icon::{Brand, Mark},
    skips::Skips,
    title::PageTitle,
};
use crate::api::{Fault, next};

/// The page for `fault`: sign-in for who is signed out, not-found, or what broke.
#[component]
pub fn Failure(
    /// Why there is no page.
    fault: Fault,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::context::refuse(&fault.0);
    match fault.0 {
        Error::SignedOut => view! { <ToSignIn/> }.into_any(),
        // Not allowed reads like not there: one page, the same bytes.
        Error::NotFound | Error::Forbidden { .. } => view! { <Nothing/> }.into_any(),
        other => view! { <Broken error=other/> }.into_any(),
    }
}

/// Leads to the sign-in page, and from there back to here.
#[component]
fn ToSignIn() -> impl IntoView {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    let search = if search.is_empty() { search } else { format!("?{search}") };
    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
    view! { <Redirect path=next::sign_in(&format!("{path}{search}")) options=options/> }
}

/// The page for what is not there, or not for this person.
#[component]
pub fn Nothing() -> impl IntoView {
    view! {
        <PageTitle text="Nothing here"/>
        <Skips main="content"/>
        <div class="page" data-kind="door">
            <header class="page-head">
                <Brand/>
            </header>
            <main class="empty" id="main" tabindex="-1">
                <Mark/>
                <h1>"Nothing here"</h1>
                <p>
                    "This page does not exist, or it is not open to you. If somebody sent you the link, ask them to add you."
                </p>
                <p class="actions">
                    <a class="button" data-kind="primary" href="/">
                        "Go home"
                    </a>
                </p>
            </main>
        </div>
    }
}

/// The page for what broke.
#[component]
pub fn Broken(
    /// What broke.
    error: Error,
) -> impl IntoView {
    let reference = match &error {
        Error::Internal { reference } => Some(reference.clone()),
        _ => None,
    };
    let sentence = match &error {
        Error::Internal { .. } => "The server made a mistake, and wrote down which.".to_owned(),
        other => other.to_string(),
    };
    view! {
        <PageTitle text="Something broke"/>
        <Skips main="content"/>
        <div class="page" data-kind="door">
            <header class="page-head">
                <Brand/>
            </header>
            <main class="empty" id="main" tabindex="-1">
                <Mark/>
                <h1>"Something broke"</h1>
                <p>{sentence}</p>
                {reference
                    .map(|reference| view! { <p class="reference">"Reference " <code>{reference}</code></p> })}
                <p class="actions">
                    // Asks the server again, which the router would not do for the page it is on.
                    <a class="button" data-kind="primary" href="" rel="external">
                        "Try again"
                    </a>
                    <a class="button" href="/" rel="external">
                        "Go home"
                    </a>
                </p>
            </main>
        </div>
    }
}
