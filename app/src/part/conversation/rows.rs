//! A list of rows, each with a key: one function for every list, so that the browser loads one.

use std::sync::Arc;

use leptos::prelude::*;
use thunderline::view::Item;

type Keys = Arc<dyn Fn() -> Vec<Item> + Send + Sync>;
type Row = Arc<dyn Fn(Item) -> AnyView + Send + Sync>;

/// The rows of these keys; a row is drawn once, for as long as its key stands.
pub(super) fn rows(
    keys: impl Fn() -> Vec<Item> + Send + Sync + 'static,
    row: impl Fn(Item) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list(Arc::new(keys), Arc::new(row))
}

fn list(keys: Keys, row: Row) -> AnyView {
    view! { <For each=move || keys() key=|item| *item children=move |item| row(item)/> }.into_any()
}
