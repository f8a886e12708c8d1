use leptos::prelude::*;

use super::glyph;
use crate::state::{Connection, use_client};

/// The state of the line: always true, empty while all is well.
#[component]
pub(super) fn ConnectionLine() -> impl IntoView {
    let client = use_client();
    let (connection, unsent) = (client.connection(), client.unsent());
    let state = move || match connection.get() {
        Connection::Live => "live",
        Connection::Reconnecting => "reconnecting",
        Connection::Offline => "offline",
    };
    let waits = move || match unsent.get() {
        0 => "What you write is kept and sent in order.".to_owned(),
        1 => "1 message waits to be sent.".to_owned(),
        n => [&n.to_string(), " messages wait to be sent."].concat(),
    };
    let words = move || match connection.get() {
        Connection::Live => None,
        Connection::Reconnecting => Some(view! { {glyph("refresh")} <span>"Reconnecting. " {waits}</span> }.into_any()),
        Connection::Offline => Some(
            view! {
                {glyph("wifi-off")}
                <span>"Offline. " {waits}</span>
                <button class="link-button" type="button" on:click=move |_| client.try_now()>
                    "Try now"
                </button>
            }
            .into_any(),
        ),
    };
    view! {
        <p class="connection" role="status" data-state=state>
            {words}
        </p>
    }
}
