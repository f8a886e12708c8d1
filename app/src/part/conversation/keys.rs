//! Letters on a message that has the focus itself: each does what the tool does that names it.

use leptos::{ev::KeyboardEvent, prelude::*};
use thunderline::domain::MessageId;
use wasm_bindgen::JsCast;

use super::{Open, message::Powers};
use crate::state::{Asked, Client};

/// Acts on the message that has the focus, if there is one and the key is one of ours.
pub(super) fn press(event: &KeyboardEvent, open: &Open, client: Client) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() {
        return;
    }
    let Some(id) = focused(event) else { return };
    let Some(message) = open.transcript.message(id).filter(|message| !message.is_deleted()) else { return };
    let Some(powers) = open.transcript.row(id).map(|signals| Powers::over(&signals.row.get_untracked(), open)) else {
        return;
    };
    match event.key().as_str() {
        "p" | "P" if powers.pin => {
            event.prevent_default();
            client.pin(id, !message.pinned);
        }
        "f" | "F" if powers.flag => {
            event.prevent_default();
            open.transcript.asked.set(Some(Asked::Flag(id)));
        }
        _ => {}
    }
}

/// The message that the key was pressed on: on the row itself, not on something in it.
fn focused(event: &KeyboardEvent) -> Option<MessageId> {
    let row = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    row.id().strip_prefix("m-")?.parse().ok()
}
