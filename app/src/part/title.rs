//! The title of a page.

use leptos::prelude::*;
use leptos_meta::Title;

/// What the browser's tab says.
///
/// When a page goes, `leptos_meta` asks whichever title came last once more before that title is taken off the stack; by
/// then the page's signals are gone, so it has no text.
#[component]
pub fn PageTitle(
    /// Without the product's name, which follows by itself.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! { <Title text=move || text.try_get().unwrap_or_default()/> }
}
