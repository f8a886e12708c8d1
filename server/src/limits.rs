use std::{net::IpAddr, num::NonZeroU32};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use http::Method;
use thunderline::domain::{Action, Actor, Error, PersonId, Surface, text::Handle};

use crate::{context::Context, error, forms, router::REQUEST_BYTES};

/// How often the door may be tried from one address: a minute, and at once.
const DOOR: (u32, u32) = (20, 20);
/// How often one handle may be tried, from wherever, a minute and at once: guessing is slow from many addresses too.
const HANDLE: (u32, u32) = (10, 10);
/// How much one person may write: a minute, and at once.
const WRITING: (u32, u32) = (300, 60);
/// What one address may ask for altogether: a minute, and at once. An office shares one.
const ADDRESS: (u32, u32) = (6_000, 1_000);

/// Bounds on attempts. Kept in memory: a restart forgets them, which helps nobody much.
#[derive(Debug)]
pub(crate) struct Limits {
    door: DefaultKeyedRateLimiter<String>,
    handle: DefaultKeyedRateLimiter<String>,
    writing: DefaultKeyedRateLimiter<PersonId>,
    address: DefaultKeyedRateLimiter<String>,
}

/// One of the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Limit {
    Door,
    Handle,
    Writing,
    Address,
}

impl Limit {
    /// As the audit log says it.
    fn rule(self) -> String {
        match self {
            Self::Door => format!("at most {} sign-ins, sign-ups and invitations a minute from one address", DOOR.0),
            Self::Handle => format!("at most {} sign-ins and sign-ups a minute with one name", HANDLE.0),
            Self::Writing => format!("at most {} writes a minute by one person", WRITING.0),
            Self::Address => format!("at most {} requests a minute from one address", ADDRESS.0),
        }
    }
}

/// A bound that was met.
struct Exceeded {
    limit: Limit,
    /// By what: an address, a name, a person.
    key: String,
    answer: Error,
}

impl Default for Limits {
    fn default() -> Self {
        Self { door: keyed(DOOR), handle: keyed(HANDLE), writing: keyed(WRITING), address: keyed(ADDRESS) }
    }
}

impl Limits {
    /// Forgets who has been quiet, so that memory follows the present and not the past.
    pub(crate) fn tidy(&self) {
        self.door.retain_recent();
        self.handle.retain_recent();
        self.writing.retain_recent();
        self.address.retain_recent();
    }

    fn check_door(&self, address: &str) -> Result<(), Exceeded> {
        check(&self.door, &address.to_owned()).map_err(|answer| met(Limit::Door, address, answer))
    }

    fn check_handle(&self, handle: String) -> Result<(), Exceeded> {
        check(&self.handle, &handle).map_err(|answer| met(Limit::Handle, handle, answer))
    }

    fn check_writing(&self, person: PersonId) -> Result<(), Exceeded> {
        check(&self.writing, &person).map_err(|answer| met(Limit::Writing, person.to_string(), answer))
    }

    fn check_address(&self, address: &str) -> Result<(), Exceeded> {
        check(&self.address, &address.to_owned()).map_err(|answer| met(Limit::Address, address, answer))
    }
}

fn met(limit: Limit, key: impl Into<String>, answer: Error) -> Exceeded {
    Exceeded { limit, key: key.into(), answer }
}

fn keyed<K: std::hash::Hash + Eq + Clone>((a_minute, at_once): (u32, u32)) -> DefaultKeyedRateLimiter<K> {
    let nonzero = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
    RateLimiter::keyed(Quota::per_minute(nonzero(a_minute)).allow_burst(nonzero(at_once)))
}

fn check<K: std::hash::Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Error> {
    limiter.check_key(key).map_err(|refused| {
        let wait = refused.wait_time_from(limiter.clock().now());
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        Error::TooMany { retry_after: seconds }
    })
}

/// Refuses a server function that is called too often.
pub(crate) async fn bound(State(context): State<Context>, request: Request, next: Next) -> Response {
    let Some(limits) = context.limits() else { return next.run(request).await };
    let (parts, mut body) = request.into_parts();
    let actor = parts.extensions.get::<Actor>();
    let address = actor.map(|actor| network(&actor.address)).unwrap_or_default();
    let name = parts.uri.path().trim_start_matches("/api/");
    let door = matches!(name, "sign_in" | "sign_up" | "join_by_link");
    let mut checked = limits.check_address(&address);
    if door && checked.is_ok() {
        checked = limits.check_door(&address);
        // Whatever the body says it is, the function reads it as a form.
        if checked.is_ok() {
            let Ok(typed) = to_bytes(body, REQUEST_BYTES).await else {
                return error::response(Error::TooLarge { limit: REQUEST_BYTES as u64 });
            };
            if let Some(handle) = forms::field(&typed, "handle").and_then(|text| Handle::parse("handle", &text).ok()) {
                checked = limits.check_handle(handle.into());
            }
            body = Body::from(typed);
        }
    } else if let (Ok(()), Some(person), false) =
        (&checked, actor.and_then(Actor::id), parts.method == Method::GET || is_reading(name))
    {
        checked = limits.check_writing(person);
    }
    let Err(Exceeded { limit, key, answer }) = checked else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let actor = actor.cloned().unwrap_or_else(|| Actor::visitor(Surface::Page));
    let actor = Actor { surface: surface(name), ..actor };
    context.turn_away((limit.rule(), key), action(name), actor).await;
    error::response(answer)
}

/// Where a call by this name comes in.
pub(crate) fn surface(name: &str) -> Surface {
    if name.starts_with("v1/") { Surface::Api } else { Surface::Page }
}

/// What somebody wanted who calls this server function.
pub(crate) fn action(name: &str) -> Action {
    match name {
        "sign_in" => Action::SignIn,
        "sign_up" => Action::SignUp,
        "join_by_link" => Action::JoinByLink,
        _ => Action::Request,
    }
}

/// Whether a server function only reads. Moving one's read mark is part of reading.
fn is_reading(name: &str) -> bool {
    let asks = ["open_", "list_", "read_", "find_"].iter().any(|prefix| name.starts_with(prefix));
    asks || matches!(name, "open" | "mark_read")
}

/// What stands for a visitor's line: an IPv4 address, or the /64 an IPv6 line has to itself.
pub(crate) fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempt_after_the_last_is_refused_with_when_to_come_back() {
        let limiter = keyed::<String>((60, 2));
        let key = "a".to_owned();
        assert_eq!((check(&limiter, &key), check(&limiter, &key)), (Ok(()), Ok(())));
        assert!(matches!(check(&limiter, &key), Err(Error::TooMany { retry_after: 1..=2 })));
        assert_eq!(check(&limiter, &"b".to_owned()), Ok(()));
    }

    #[test]
    fn going_from_channel_to_channel_is_reading() {
        assert!(["open", "open_settings", "list_messages", "mark_read"].into_iter().all(is_reading));
        assert!(!["post_message", "set_topic", "openness"].into_iter().any(is_reading));
    }

    #[test]
    fn one_line_is_one_visitor() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }
}
