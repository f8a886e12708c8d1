//! `/`: on to the last channel, or what this place is.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Redirect};

use super::{sign_in::SignInForm, sign_up::SignUpForm};
use crate::{
    api::{
        account::{Door, open_door},
        load::load,
    },
    part::{failure::Failure, icon::Brand, skips::Skips, title::PageTitle},
};

/// The first page.
#[component]
pub fn WelcomePage() -> impl IntoView {
    let door = load(|| (), |()| open_door(None, None));
    let page = move || {
        door.get().map(|door| match door {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(Door { onward: Some(path), .. }) => {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                view! { <Redirect path=path options=options/> }.into_any()
            }
            Ok(door) => view! { <Landing door=door/> }.into_any(),
        })
    };
    view! { <Transition fallback=|| ()>{page}</Transition> }
}

#[component]
fn Landing(door: Door) -> impl IntoView {
    let Door { vacant, flash, .. } = door;
    view! {
        <PageTitle text="Welcome"/>
        <Skips main="content"/>
        <div class="page" data-kind="welcome">
            <header class="page-head">
                <Brand/>
            </header>
            <main class="welcome" id="main" tabindex="-1">
                <div class="welcome-text">
                    <h1>"A place to talk that is yours"</h1>
                    {if vacant {
                        view! {
                            <p class="lede">
                                "Thunderline is running on your own machine. Nobody lives here yet: the first account owns it."
                            </p>
                            <ol class="steps">
                                <li><strong>"Make your account."</strong> " It becomes the owner."</li>
                                <li><strong>"Start a community."</strong> " It comes with a #general channel."</li>
                                <li><strong>"Ask people in."</strong> " The address of this page is enough."</li>
                            </ol>
                        }
                            .into_any()
                    } else {
                        view! {
                            <p class="lede">
                                "Channels for what you do together, on a machine somebody here keeps. What is said stays with the people it was said to."
                            </p>
                            <ol class="steps">
                                <li><strong>"Make an account."</strong> " A name, a handle and a password; nothing else is asked."</li>
                                <li><strong>"Join a community."</strong> " Or start one of your own."</li>
                                <li><strong>"Say something."</strong> " It arrives at once, and it is kept."</li>
                            </ol>
                        }
                            .into_any()
                    }}
                </div>
                <section class="card" aria-labelledby="start">
                    {if vacant {
                        view! {
                            <h2 id="start">"Your account"</h2>
                            <SignUpForm onward="/c".to_owned() code=None claim=None flash=flash button="Create account and begin"/>
                        }
                            .into_any()
                    } else {
                        view! {
                            <h2 id="start">"Sign in"</h2>
                            <SignInForm onward="/".to_owned() flash=flash/>
                            <p class="card-foot">"New here? " <a href="/sign-up">"Create an account"</a></p>
                        }
                            .into_any()
                    }}
                </section>
            </main>
        </div>
    }
}
