//! What the server provides to each request, and how its answers leave.

use http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use thunderline::{
    domain::{Actor, Error, MessageId, Result, Surface, query::MemberPage},
    engine::{Command, Engine, Query},
};

use super::{Fault, Flash};

/// Whether the request came over TLS; provided by the server. Without it: no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secure(pub bool);

/// The engine.
pub fn engine() -> Result<Engine> {
    use_context::<Engine>().ok_or_else(|| Error::Internal { reference: "no engine in this context".into() })
}

/// Who asks; a visitor when the server said nothing.
pub fn actor() -> Actor {
    use_context::<Actor>().unwrap_or_else(|| Actor::visitor(Surface::Page))
}

/// What a plain form said when it was refused.
pub fn flash() -> Option<Flash> {
    use_context::<Flash>()
}

/// Runs a command for whoever asks.
pub async fn execute<C: Command>(command: C) -> Result<C::Output> {
    engine()?.execute(actor(), command).await
}

/// Asks a query for whoever asks.
pub async fn ask<Q: Query>(query: Q) -> Result<Q::Output> {
    engine()?.ask(&actor(), query).await
}

/// Says of each member whether they are there now: only the hub knows.
pub fn present(mut page: MemberPage) -> MemberPage {
    if let Ok(engine) = engine() {
        page.members.iter_mut().for_each(|member| member.presence = engine.hub().presence(member.person.id));
    }
    page
}

/// The result with its HTTP status.
pub fn answer<T>(result: Result<T>) -> Result<T, Fault> {
    result.map_err(|error| {
        refuse(&error);
        Fault(error)
    })
}

/// Sets the response's status for `error`.
pub fn refuse(error: &Error) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Ok(status) = StatusCode::from_u16(error.status()) {
        response.set_status(status);
    }
    if let Error::TooMany { retry_after } = error {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from(*retry_after));
    }
}

/// A header of the request, if it is text.
pub fn header(name: HeaderName) -> Option<String> {
    use_context::<http::request::Parts>()?.headers.get(name)?.to_str().ok().map(ToOwned::to_owned)
}

/// Whether a plain form asks: a browser without (or before) JavaScript, which is to be led somewhere.
pub fn is_plain() -> bool {
    header(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

/// Leads a plain form back to where it stood, with `query` (without `?`, may be empty) and `fragment` in place of its
/// own. A client with JavaScript stays where it is.
pub fn lead_back(query: &str, fragment: &str) {
    if !is_plain() {
        return;
    }
    let Some(path) = header(header::REFERER).and_then(|from| path_of(&from)) else { return };
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    leptos_axum::redirect(&super::next::local(&format!("{path}{query}{fragment}")));
}

/// Leads a plain form back to a message, in the channel or in the thread where the form stood.
pub fn lead_to(message: MessageId) {
    let from = header(header::REFERER).and_then(|from| from.parse::<http::Uri>().ok());
    let pairs = from.as_ref().and_then(http::Uri::query).unwrap_or_default().split('&');
    let thread = pairs.filter_map(|pair| pair.strip_prefix("thread=")).find_map(|id| id.parse::<MessageId>().ok());
    match thread {
        Some(thread) => lead_back(&format!("thread={thread}&at={message}"), &format!("t-{message}")),
        None => lead_back(&format!("at={message}"), &format!("m-{message}")),
    }
}

/// The path of an address.
fn path_of(address: &str) -> Option<String> {
    let uri: http::Uri = address.parse().ok()?;
    Some(uri.path().to_owned())
}
