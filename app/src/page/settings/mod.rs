//! `/settings/*`.

mod profile;
mod sessions;

use leptos::prelude::*;

use crate::{
    api::{
        Fault,
        account::{Settings, open_settings},
        load::load,
    },
    part::{failure::Failure, icon::Icon, skips::Skips, title::PageTitle},
};

pub use profile::ProfilePage;
pub use sessions::SessionsPage;

/// Asks for the settings afresh.
#[derive(Clone, Copy)]
struct Again(RwSignal<u32>);

/// Asks for the settings afresh when `action` has gone well.
fn again_after<I, O>(action: Action<I, Result<O, Fault>>)
where
    I: Send + Sync + 'static,
    O: Send + Sync + 'static,
{
    let again = expect_context::<Again>();
    Effect::new(move |_| {
        if action.value().with(|value| matches!(value, Some(Ok(_)))) {
            again.0.update(|times| *times += 1);
        }
    });
}

/// The frame of every settings page: reads them, then shows `tab`.
fn framed(title: &'static str, tab: fn(Settings) -> AnyView) -> impl IntoView {
    let again = RwSignal::new(0_u32);
    provide_context(Again(again));
    let settings = load(move || again.get(), |_| open_settings());
    let page = move || {
        settings.get().map(|settings| match settings {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(settings) => {
                let owner = settings.me.server_owner;
                view! { <Frame title=title owner=owner>{tab(settings)}</Frame> }.into_any()
            }
        })
    };
    view! { <Transition fallback=|| ()>{page}</Transition> }
}

#[component]
fn Frame(title: &'static str, owner: bool, children: Children) -> impl IntoView {
    let current = move |tab: &'static str| (tab == title).then_some("page");
    view! {
        <PageTitle text=title/>
        <Skips main="content"/>
        <div class="page" data-kind="settings">
            <header class="page-head">
                <a class="button" data-kind="quiet" href="/">
                    <Icon name="arrow-left"/>
                    "Back to chat"
                </a>
            </header>
            <main class="settings" id="main" tabindex="-1">
                <h1>"Settings"</h1>
                <nav class="tabs" aria-label="Settings">
                    <a href="/settings/profile" aria-current=current("Profile")>"Profile"</a>
                    <a href="/settings/sessions" aria-current=current("Sessions")>"Sessions"</a>
                    {owner.then(|| view! { <a href="/admin/lanes">"Administration"</a> })}
                </nav>
                {children()}
            </main>
        </div>
    }
}
