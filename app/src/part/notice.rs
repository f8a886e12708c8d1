//! A line that says that something was done.

use leptos::prelude::*;

use super::icon::Icon;

/// Says `children` was done while `shown`.
#[component]
pub fn Notice(
    /// Whether it is said.
    #[prop(into)]
    shown: Signal<bool>,
    /// What it says.
    text: &'static str,
) -> impl IntoView {
    move || {
        shown.get().then(|| {
            view! {
                <p class="notice" data-kind="good" role="status">
                    <Icon name="check"/>
                    <span>{text}</span>
                </p>
            }
        })
    }
}

/// Whether something was done: by a plain form (`?done=<word>`), or by `action` on this page.
pub fn done<I, O, E>(word: &'static str, action: Action<I, Result<O, E>>) -> Signal<bool>
where
    I: Send + Sync + 'static,
    O: Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    let query = leptos_router::hooks::use_query_map();
    let value = action.value();
    Signal::derive(move || match value.with(|value| value.as_ref().map(Result::is_ok)) {
        Some(well) => well,
        None => query.with(|query| query.get_str("done") == Some(word)),
    })
}
