//! Listening to an element from outside of the view it belongs to.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget};

/// Calls `heard` at every `name` event of `target`, before the listeners of the view it belongs to, until the owner of
/// the caller is cleaned up.
pub fn listen(target: &EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback_and_bool(name, heard.as_ref().unchecked_ref(), true);
    let kept = StoredValue::new_local((target.clone(), heard));
    on_cleanup(move || {
        kept.try_with_value(|(target, heard)| {
            let _ = target.remove_event_listener_with_callback_and_bool(name, heard.as_ref().unchecked_ref(), true);
        });
    });
}
