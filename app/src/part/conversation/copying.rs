//! A button on code to copy it: there while the pointer or the focus is in it, and only where there is JavaScript.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use crate::dom::page;

/// The class of the button.
const BUTTON: &str = "copy-code";
const LABEL: &str = "Copy code";

fn around(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

/// Gives the code that the event is in its button, once.
pub(super) fn offer(event: &Event) {
    let Some(code) = around(event, ".message-body pre") else { return };
    if code.query_selector(&[".", BUTTON].concat()).is_ok_and(|found| found.is_some()) {
        return;
    }
    let Ok(button) = document().create_element("button") else { return };
    for (name, value) in [("type", "button"), ("class", BUTTON), ("aria-label", LABEL), ("title", LABEL)] {
        let _ = button.set_attribute(name, value);
    }
    button.set_inner_html("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/icons.svg#copy\"></use></svg>");
    let _ = code.insert_before(&button, code.first_child().as_ref());
}

/// Copies the code whose button was pressed.
pub(super) fn copy(event: &Event) {
    let Some(button) = around(event, &[".", BUTTON].concat()) else { return };
    let code = button.parent_element().and_then(|pre| pre.query_selector("code").ok().flatten());
    if let Some(text) = code.and_then(|code| code.text_content()) {
        page::copy(&text);
        page::announce("Code copied.");
        button.set_inner_html("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/icons.svg#check\"></use></svg>");
    }
}
