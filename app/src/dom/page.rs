//! The tab: clock, visibility, network, address, announcements.

use leptos::prelude::{document, window, window_event_listener_untyped};
use thunderline::domain::Time;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::VisibilityState;

/// Milliseconds since 1970 by this browser's clock.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// The present, by this browser's clock.
pub fn now() -> Time {
    Time::from_micros(now_ms() * 1_000)
}

/// A chance, evenly from 0 up to 1.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// The time moved into this browser's zone, with the offset that held then.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit 53 bits")]
pub fn local(time: Time) -> Time {
    let date = js_sys::Date::new(&JsValue::from_f64((time.micros() / 1_000) as f64));
    time.plus(-(date.get_timezone_offset() as i64) * Time::MINUTE)
}

/// Whether the tab is in front of the person.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Whether the browser believes in its network.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Calls `heard` at every `name` event of the window, for as long as the page lives.
pub fn on_window(name: &'static str, heard: impl Fn(web_sys::Event) + 'static) {
    // Never removed: the client lives as long as the page.
    let _listener = window_event_listener_untyped(name, heard);
}

/// Calls `heard` at every `name` event of the document, for as long as the page lives.
pub fn on_document(name: &str, heard: impl FnMut(web_sys::Event) + 'static) {
    let heard = Closure::<dyn FnMut(web_sys::Event)>::new(heard);
    let _ = document().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}

/// Leaves for another page, with a load of its own: nothing of this page's state goes along.
pub fn go(address: &str) {
    let _ = window().location().set_href(address);
}

/// Path and query of this page.
pub fn here() -> String {
    let location = window().location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

/// Whether the address of this page asks for more than its path names.
pub fn has_query() -> bool {
    window().location().search().is_ok_and(|query| !query.is_empty())
}

/// Path and query of this page with another thread beside it, or none.
pub fn with_thread(thread: Option<&str>) -> String {
    let here = here();
    let (path, query) = here.split_once('?').unwrap_or((&here, ""));
    let mine = ["thread=", "earlier=", "later=", "panel=", "edit=", "react=", "delete="];
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !mine.iter().any(|mine| pair.starts_with(mine)))
        .map(ToOwned::to_owned)
        .collect();
    pairs.extend(thread.map(|thread| ["thread=", thread].concat()));
    if pairs.is_empty() { path.to_owned() } else { [path, "?", &pairs.join("&")].concat() }
}

/// Scheme and host of this page.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Says something politely to assistive technology.
pub fn announce(text: &str) {
    if let Some(announcer) = document().get_element_by_id("announcer") {
        announcer.set_text_content(Some(text));
    }
}

/// Puts text on the clipboard; browsers refuse where the page is not secure.
pub fn copy(text: &str) {
    // Absent outside secure contexts, where calling it would throw.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        let copied = window().navigator().clipboard().write_text(text);
        leptos::task::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(copied).await;
        });
    }
}

/// Sends a form, also while the page is being left, and hears no answer.
pub fn send(action: &str, fields: &[(&str, &str)]) {
    let Ok(form) = web_sys::UrlSearchParams::new() else { return };
    for (name, value) in fields {
        form.append(name, value);
    }
    let _ = window().navigator().send_beacon_with_opt_url_search_params(action, Some(&form));
}

/// The text of a file of this site; `None` when it cannot be had.
pub async fn read(path: &str) -> Option<String> {
    use wasm_bindgen_futures::JsFuture;

    let answer = JsFuture::from(window().fetch_with_str(path)).await.ok()?.dyn_into::<web_sys::Response>().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Moves the focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
