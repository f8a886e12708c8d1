//! Icons: one sheet of symbols, decoration beside a text.

use leptos::prelude::*;

/// An icon of the sheet.
#[component]
pub fn Icon(
    /// Its name on the sheet.
    #[prop(into)]
    name: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use_ href=move || format!("/icons.svg#{}", name.get())></use_>
        </svg>
    }
}

/// The product's mark.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" aria-hidden="true">
            <use_ href="/icons.svg#mark"></use_>
        </svg>
    }
}

/// The mark and the name, a way home.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <Mark/>
            "Thunderline"
        </a>
    }
}
