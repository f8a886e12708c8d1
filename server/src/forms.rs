use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use app::api::{Fault, Flash, next};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use thunderline::domain::{CorrelationId, Error, Time};

use crate::{
    context::Context,
    error::FAULT,
    origin::{cookie, is_plain_form, referring_page, text},
    router::REQUEST_BYTES,
};

/// How long a refused form is kept, in microseconds.
const KEPT: i64 = 10 * Time::MINUTE;
/// The most refused forms kept; beyond it the oldest goes.
const FLASHES: usize = 1_000;
/// The most bytes of one form that are kept.
const FLASH_BYTES: usize = 64 * 1_024;
/// The cookie that binds a refused form to its browser.
const COOKIE: &str = "flash";
/// Takes that cookie away.
pub(crate) const FORGET: HeaderValue = HeaderValue::from_static("flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");

/// Refused forms of browsers without JavaScript, until the page that shows them is asked for.
#[derive(Debug, Default)]
pub(crate) struct Flashes(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_secret: HashMap<String, Refused>,
    oldest: VecDeque<String>,
}

#[derive(Debug)]
struct Refused {
    flash: Flash,
    /// The path of the page whose form it was.
    page: String,
    until: Time,
}

impl Flashes {
    /// Keeps a refused form, and answers the secret its browser is to hold.
    fn keep(&self, flash: Flash, page: String, now: Time) -> String {
        // Version 7 has 74 random bits; what is behind it is worth little and gone after ten minutes.
        let secret = CorrelationId::fresh().to_string();
        let mut kept = self.lock();
        while kept.oldest.len() >= FLASHES {
            if let Some(oldest) = kept.oldest.pop_front() {
                kept.by_secret.remove(&oldest);
            }
        }
        kept.oldest.push_back(secret.clone());
        kept.by_secret.insert(secret.clone(), Refused { flash, page, until: now.plus(KEPT) });
        secret
    }

    /// Takes what this browser's form on the page at `path` said.
    pub(crate) fn take(&self, headers: &HeaderMap, path: &str, now: Time) -> Option<Flash> {
        let secret = cookie(headers, COOKIE)?;
        let mut kept = self.lock();
        if kept.by_secret.get(secret)?.page != path {
            // It waits: somebody who was signed out meanwhile finds their words again after signing in.
            return None;
        }
        kept.oldest.retain(|other| other != secret);
        kept.by_secret.remove(secret).filter(|refused| refused.until > now).map(|refused| refused.flash)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leads a plain form (a browser without JavaScript) to a page whatever came of it: to where the server function says,
/// or back to its own page; and when it was refused, keeps what was typed for that page.
pub(crate) async fn lead(State(context): State<Context>, request: Request, next: Next) -> Response {
    if !is_plain_form(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let back = referring_page(&parts.headers);
    let form = parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let secure = context.front().is_secure(&parts.headers);
    let Ok(typed) = to_bytes(body, REQUEST_BYTES).await else {
        let error = Error::TooLarge { limit: REQUEST_BYTES as u64 };
        return refused(&context, Flash { form, error, fields: BTreeMap::new() }, back, secure, &HeaderMap::new());
    };
    let response = next.run(Request::from_parts(parts, Body::from(typed.clone()))).await;
    let (mut head, body) = response.into_parts();
    if head.headers.contains_key(FAULT) || head.status.is_client_error() || head.status.is_server_error() {
        let error = error_of(body).await;
        let fields = if typed.len() <= FLASH_BYTES { fields(&typed) } else { BTreeMap::new() };
        return refused(&context, Flash { form, error, fields }, back, secure, &head.headers);
    }
    // Where the function leads nowhere, the framework copies the `Referer` as it came: only a path of this server is
    // followed.
    let led = text(&head.headers, header::LOCATION.as_str()).filter(|led| next::is_local(led));
    let to = HeaderValue::from_str(led.unwrap_or(&back)).unwrap_or(HeaderValue::from_static("/"));
    head.headers.insert(header::LOCATION, to);
    head.status = StatusCode::SEE_OTHER;
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_TYPE);
    Response::from_parts(head, Body::empty())
}

fn refused(context: &Context, flash: Flash, back: String, secure: bool, from: &HeaderMap) -> Response {
    let page = back.split('?').next().unwrap_or("/").to_owned();
    let to = if flash.error == Error::SignedOut { next::sign_in(&back) } else { back };
    let secret = context.flashes().keep(flash, page, context.engine().clock().now());
    let over_tls = if secure { "; Secure" } else { "" };
    let held = format!("{COOKIE}={secret}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{over_tls}", KEPT / Time::SECOND);
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    for cookie in from.get_all(header::SET_COOKIE) {
        headers.append(header::SET_COOKIE, cookie.clone());
    }
    if let Ok(held) = HeaderValue::from_str(&held) {
        headers.append(header::SET_COOKIE, held);
    }
    headers.insert(header::LOCATION, HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/")));
    response
}

async fn error_of(body: Body) -> Error {
    let bytes = to_bytes(body, REQUEST_BYTES).await.unwrap_or_default();
    serde_json::from_slice::<Fault>(&bytes).map_or(Error::Unavailable, |fault| fault.0)
}

/// What was typed, without secrets.
fn fields(typed: &Bytes) -> BTreeMap<String, String> {
    let pairs = form_urlencoded::parse(typed);
    pairs.filter(|(name, _)| !name.contains("password")).map(|(name, value)| (name.into(), value.into())).collect()
}

/// A field of a form, if it is one.
pub(crate) fn field(typed: &Bytes, name: &str) -> Option<String> {
    form_urlencoded::parse(typed).find(|(key, _)| key == name).map(|(_, value)| value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flash(form: &str) -> Flash {
        Flash { form: form.into(), error: Error::Unavailable, fields: BTreeMap::new() }
    }

    fn holding(secret: &str) -> HeaderMap {
        [(header::COOKIE, HeaderValue::from_str(&format!("theme=dark; flash={secret}")).unwrap())].into_iter().collect()
    }

    #[test]
    fn a_refused_form_is_shown_once_on_its_own_page() {
        let flashes = Flashes::default();
        let secret = flashes.keep(flash("post_message"), "/c/a/b".into(), Time::default());
        assert_eq!(flashes.take(&holding("other"), "/c/a/b", Time::default()), None);
        assert_eq!(flashes.take(&holding(&secret), "/sign-in", Time::default()), None);
        assert_eq!(flashes.take(&holding(&secret), "/c/a/b", Time::default()), Some(flash("post_message")));
        assert_eq!(flashes.take(&holding(&secret), "/c/a/b", Time::default()), None);
    }

    #[test]
    fn refused_forms_are_bounded_in_number_and_time() {
        let flashes = Flashes::default();
        let first = flashes.keep(flash("a"), "/".into(), Time::default());
        let second = flashes.keep(flash("b"), "/".into(), Time::default());
        for _ in 1..FLASHES {
            flashes.keep(flash("c"), "/".into(), Time::default());
        }
        assert_eq!(flashes.take(&holding(&first), "/", Time::default()), None);
        assert_eq!(flashes.take(&holding(&second), "/", Time::default().plus(KEPT)), None);
        assert!(flashes.lock().by_secret.len() < FLASHES);
    }

    #[test]
    fn a_password_is_never_kept() {
        let typed = Bytes::from_static(b"handle=ana&password=secret&body=a%26b+c");
        let kept = fields(&typed);
        assert_eq!(kept.get("body").map(String::as_str), Some("a&b c"));
        assert!(!kept.contains_key("password"));
    }
}
