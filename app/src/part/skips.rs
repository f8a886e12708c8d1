//! Links past what repeats on every page.

use leptos::prelude::*;

/// Skip links. Only those whose target is on the page.
#[component]
pub fn Skips(
    /// What `#main` is.
    #[prop(into)]
    main: Signal<&'static str>,
    /// Whether there is a message box.
    #[prop(optional, into)]
    composer: Signal<bool>,
    /// Whether there is a channel column.
    #[prop(optional, into)]
    channels: Signal<bool>,
) -> impl IntoView {
    // `rel="external"`: a fragment of this page is the browser's own business, not the router's.
    view! {
        <nav class="skips" aria-label="Skip links">
            <a href="#main" rel="external">"Skip to " {move || main.get()}</a>
            {move || composer.get().then(|| view! { <a href="#composer-body" rel="external">"Skip to message box"</a> })}
            {move || channels.get().then(|| view! { <a href="#channels" rel="external">"Skip to channels"</a> })}
        </nav>
    }
    .into_any()
}
