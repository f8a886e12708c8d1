//! The frame of pages outside the shell: sign-in, sign-up.

use leptos::prelude::*;

use super::{icon::Brand, skips::Skips, title::PageTitle};

/// A page with one card.
#[component]
pub fn DoorFrame(
    /// The page's title.
    title: &'static str,
    /// What stands in the card.
    children: Children,
) -> impl IntoView {
    view! {
        <PageTitle text=title/>
        <Skips main="content"/>
        <div class="page" data-kind="door">
            <header class="page-head">
                <Brand/>
            </header>
            <main class="card" id="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
}
