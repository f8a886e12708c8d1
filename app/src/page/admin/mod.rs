//! `/admin/*`: the operator's console.

mod audit;
mod entries;
mod figures;
mod lanes;
mod letters;

use leptos::prelude::*;
use thunderline::domain::Lane;

pub use audit::AuditPage;
pub use lanes::{LanesPage, letter_href};

use crate::{
    api::Fault,
    part::{icon::Icon, skips::Skips, title::PageTitle},
};

/// Asks for the page afresh.
#[derive(Clone, Copy)]
struct Again(RwSignal<u32>);

/// Asks for the page afresh when `action` has gone well.
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

/// A lane's name in words.
const fn title(lane: Lane) -> &'static str {
    match lane {
        Lane::Realtime => "Realtime",
        Lane::CrossDomain => "Cross-domain",
        Lane::General => "General",
    }
}

/// The frame of every page of the console; `refresh` is the page's own address.
#[component]
fn Frame(title: &'static str, refresh: String, children: Children) -> impl IntoView {
    let current = move |tab: &'static str| (tab == title).then_some("page");
    view! {
        <PageTitle text=title/>
        <Skips main="content"/>
        <div class="page" data-kind="admin">
            <header class="page-head">
                <a class="button" data-kind="quiet" href="/">
                    <Icon name="arrow-left"/>
                    "Back to chat"
                </a>
            </header>
            <main class="admin" id="main" tabindex="-1">
                <h1>"Administration"</h1>
                <div class="admin-head">
                    <nav class="tabs" aria-label="Administration">
                        <a href="/admin/lanes" aria-current=current("Lanes")>"Lanes"</a>
                        <a href="/admin/audit" aria-current=current("Audit log")>"Audit log"</a>
                    </nav>
                    // Asks the server again, which the router would not do for the page it is on.
                    <a class="button" data-kind="quiet" data-size="s" href=refresh rel="external">
                        <Icon name="refresh"/>
                        "Refresh"
                    </a>
                </div>
                {children()}
            </main>
        </div>
    }
}
