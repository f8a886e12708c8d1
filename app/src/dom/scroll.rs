//! Scrolling of the transcript. It is laid out bottom up (`column-reverse`): `scrollTop` is 0 at the newest message
//! and negative above it.

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// How near to the end counts as being there, in pixels.
const NEAR: i32 = 24;
/// How near to an edge of the window the next page is asked for, in pixels.
const AHEAD: i32 = 800;

/// Whether the newest row is in view.
pub fn is_at_end(scroller: &Element) -> bool {
    scroller.scroll_top() > -NEAR
}

/// Goes to the newest row.
pub fn to_end(scroller: &Element) {
    scroller.set_scroll_top(0);
}

/// Whether the top of the window comes into view.
pub fn is_near_top(scroller: &Element) -> bool {
    scroller.scroll_height() - scroller.client_height() + scroller.scroll_top() < AHEAD
}

/// Whether the bottom of the window comes into view.
pub fn is_near_bottom(scroller: &Element) -> bool {
    scroller.scroll_top() > -AHEAD
}

/// The first message in view.
fn first_in_view(scroller: &Element) -> Option<Element> {
    let top = scroller.get_bounding_client_rect().top();
    let rows = scroller.query_selector_all("li.message").ok()?;
    (0..rows.length())
        .filter_map(|n| rows.item(n)?.dyn_into::<Element>().ok())
        .find(|row| row.get_bounding_client_rect().bottom() > top)
}

/// Keeps the first message in view where it is, through a change that is about to be drawn.
pub fn keep(scroller: &Element) {
    let Some(row) = first_in_view(scroller) else { return };
    let scroller = scroller.clone();
    let before = row.get_bounding_client_rect().top();
    // A frame is drawn after the change reached the document: nobody sees the jump.
    request_animation_frame(move || {
        if row.is_connected() {
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
            let moved = (row.get_bounding_client_rect().top() - before).round() as i32;
            if moved != 0 {
                scroller.set_scroll_top(scroller.scroll_top() + moved);
            }
        }
    });
}

/// The id of the first message in view, as the element's id.
pub fn first_id(scroller: &Element) -> Option<String> {
    first_in_view(scroller).map(|row| row.id())
}

/// Brings an element into the middle of the view.
pub fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// The message before or after a row, over dividers.
pub fn neighbour(row: &Element, down: bool) -> Option<HtmlElement> {
    let mut next = row.clone();
    loop {
        next = if down { next.next_element_sibling()? } else { next.previous_element_sibling()? };
        if next.class_list().contains("message") {
            return next.dyn_into().ok();
        }
    }
}

/// The last message of the transcript.
pub fn last(scroller: &Element) -> Option<HtmlElement> {
    let rows = scroller.query_selector_all("li.message").ok()?;
    rows.item(rows.length().checked_sub(1)?)?.dyn_into().ok()
}
