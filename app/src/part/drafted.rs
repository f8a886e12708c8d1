//! The mark of a channel in which one has begun to write.

use leptos::prelude::*;
use thunderline::{domain::ChannelId, view::Shell};

use super::icon::Icon;

/// A pencil where something of mine is begun, there or in a thread of it.
#[component]
pub fn Drafted(
    /// What the client holds.
    shell: Signal<Option<Shell>>,
    /// In which channel.
    #[prop(into)]
    channel: Signal<Option<ChannelId>>,
) -> impl IntoView {
    let begun = Memo::new(move |_| {
        shell.with(|shell| {
            let open = shell.as_ref().and_then(|shell| shell.open.as_ref());
            open.zip(channel.get()).is_some_and(|(open, channel)| open.drafted.contains(&channel))
        })
    });
    move || {
        begun.get().then(|| {
            view! {
                <Icon name="pencil"/>
                <span class="vh">"Draft"</span>
            }
        })
    }
}
