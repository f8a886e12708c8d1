//! The cookies pages set: the session, the theme, and the last place.

use http::{HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use thunderline::domain::Time;
use thunderline::domain::account::{SESSION_LIFE, SignedIn};

use super::context::{Secure, header};
use crate::theme::Theme;

/// The session's cookie over TLS: the prefix makes browsers hold it to this host, this path and TLS (RFC 6265bis).
pub const SESSION_SECURE: &str = "__Host-thunderline";
/// The session's cookie on plain loopback.
pub const SESSION_PLAIN: &str = "thunderline";

/// Lets the browser hold the session.
pub fn begin(session: &SignedIn) {
    set(session_name(), session.token.expose(), SESSION_LIFE / Time::SECOND, "; HttpOnly");
}

/// Takes the session from the browser.
pub fn end() {
    set(session_name(), "", 0, "; HttpOnly");
}

/// Remembers the choice of theme for a year.
pub fn choose(theme: Theme) {
    set("theme", theme.as_str(), 365 * 24 * 3_600, "");
}

/// The theme this browser chose.
pub fn theme() -> Theme {
    read("theme").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Remembers the last channel, for `/`. Both are addresses: letters, digits, dash and underscore.
pub fn remember(community: &str, channel: &str) {
    if last().is_none_or(|(c, h)| c != community || h != channel) {
        set("last", &format!("{community}/{channel}"), 365 * 24 * 3_600, "; HttpOnly");
    }
}

/// The addresses of the last channel's community and of the channel.
pub fn last() -> Option<(String, String)> {
    use thunderline::domain::text::Slug;
    let value = read("last")?;
    let (community, channel) = value.split_once('/')?;
    Some((Slug::parse("last", community).ok()?.into(), Slug::parse("last", channel).ok()?.into()))
}

/// Keeps the code of an invitation for the page that shows it once, to a browser without JavaScript.
pub fn show_once(code: &str) {
    set("invited", code, 120, "; HttpOnly");
}

/// Takes the code kept by [`show_once`].
pub fn shown_once() -> Option<String> {
    let code = read("invited").filter(|code| !code.is_empty())?;
    set("invited", "", 0, "; HttpOnly");
    Some(code)
}

fn session_name() -> &'static str {
    if is_secure() { SESSION_SECURE } else { SESSION_PLAIN }
}

fn is_secure() -> bool {
    use_context::<Secure>().is_some_and(|secure| secure.0)
}

fn read(name: &str) -> Option<String> {
    let cookies = header(header::COOKIE)?;
    let found = cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned())
}

/// `life` is in seconds; 0 removes the cookie.
fn set(name: &str, value: &str, life: i64, more: &str) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    let secure = if is_secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={life}; SameSite=Lax{more}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}
