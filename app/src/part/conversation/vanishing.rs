use std::time::Duration;

use leptos::prelude::*;
use thunderline::{domain::Time, view::calendar};

use super::glyph;
use crate::{dom::page, state::use_client};

/// How often the time that is left is told anew.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// When a message vanishes. The server says the hour, which holds for whoever it keeps the row for; the browser says
/// what is left.
#[component]
pub(super) fn Vanishing(at: Time) -> impl IntoView {
    let client = use_client();
    let now = RwSignal::new(None);
    Effect::new(move |_| {
        now.set(Some(page::now()));
        let ticking = set_interval_with_handle(
            move || {
                now.try_set(Some(page::now()));
            },
            TOLD_EVERY,
        );
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    let words = move || match now.get() {
        None => format!("Disappears on {} UTC", calendar::full(at)),
        Some(now) => format!("Disappears {}", calendar::remaining(at.since(now))),
    };
    let hour = move || {
        if client.zoned().get() { calendar::full(page::local(at)) } else { format!("{} UTC", calendar::full(at)) }
    };
    view! {
        <p class="vanishing" title=hour>
            {glyph("hourglass")}
            <time datetime=at.rfc3339()>{words}</time>
        </p>
    }
}
