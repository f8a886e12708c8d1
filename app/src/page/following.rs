//! The open channel, when it goes somewhere else.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::chat::use_shown;
use crate::{
    api::next::moved,
    part::toast::{ToastKind, Toasts},
    state::use_client,
};

/// Goes after the open channel where it goes: to its new address when it is renamed, away when it is deleted.
#[component]
pub fn FollowChannel() -> impl IntoView {
    let (client, toasts, shown, location) = (use_client(), expect_context::<Toasts>(), use_shown(), use_location());
    let live = client.shell();
    let go = move |path: &str| use_navigate()(path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    let away = go;
    Effect::new(move |_| {
        let Some((id, read)) =
            shown.with(|o| o.channel.as_ref().map(|view| (view.channel.id, view.channel.slug.clone())))
        else {
            return;
        };
        let now = live.with(|shell| Some(shell.as_ref()?.channel(id)?.slug.clone()));
        let Some(now) = now.filter(|now| *now != read) else { return };
        if let Some(path) = moved(&location.pathname.get_untracked(), &read, &now) {
            go(&[path, location.search.with_untracked(|search| with_mark(search))].concat());
        }
    });
    let deleted = client.deleted();
    Effect::new(move |_| {
        let Some((id, name)) = deleted.get() else { return };
        let (here, community) = shown.with_untracked(|o| (o.channel_id() == Some(id), o.community_path()));
        if here {
            toasts.show(ToastKind::Info, format!("#{name} was deleted."));
            away(&community);
        }
    });
}

/// A query with its `?`, if there is one.
fn with_mark(search: &str) -> String {
    if search.is_empty() { String::new() } else { ["?", search.trim_start_matches('?')].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_its_mark() {
        assert_eq!([with_mark(""), with_mark("at=1"), with_mark("?at=1")], ["", "?at=1", "?at=1"]);
    }
}
