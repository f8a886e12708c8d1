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

/// The server functions by which strangers come in: bounded by address and name.
const DOORS: [&str; 3] = ["join_by_link", "sign_in", "sign_up"];
/// The server functions that only read, and cheaply. Moving one's read mark is part of reading. Whatever is not named
/// here is bounded as a write.
const READING: [&str; 31] = [
    "find_conversation",
    "find_messages",
    "find_nameable",
    "list_bans",
    "list_communities",
    "list_custom_roles",
    "list_flagged",
    "list_invite_links",
    "list_members",
    "list_messages",
    "list_notifications",
    "list_participants",
    "list_pins",
    "list_reactions",
    "list_rules",
    "list_webhooks",
    "mark_read",
    "open",
    "open_audit",
    "open_door",
    "open_invitation",
    "open_lanes",
    "open_settings",
    "open_thread",
    "read_activity",
    "read_history",
    "read_lanes",
    "read_member",
    "read_message_source",
    "read_moderation",
    "read_thread",
];

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
    let door = DOORS.contains(&name);
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
        (&checked, actor.and_then(Actor::id), parts.method == Method::GET || READING.contains(&name))
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
    use std::collections::BTreeSet;

    use leptos::server_fn::axum::server_fn_paths;

    use super::*;

    #[test]
    fn the_attempt_after_the_last_is_refused_with_when_to_come_back() {
        let limiter = keyed::<String>((60, 2));
        let key = "a".to_owned();
        assert_eq!((check(&limiter, &key), check(&limiter, &key)), (Ok(()), Ok(())));
        assert!(matches!(check(&limiter, &key), Err(Error::TooMany { retry_after: 1..=2 })));
        assert_eq!(check(&limiter, &"b".to_owned()), Ok(()));
    }

    /// The server functions that write.
    const WRITING: [&str; 72] = [
        "add_reaction",
        "add_rule",
        "add_to_channel",
        "approve_message",
        "ban_member",
        "change_profile",
        "change_role",
        "clear_messages",
        "create_channel",
        "create_community",
        "create_custom_role",
        "create_webhook",
        "decline_message",
        "delete_channel",
        "delete_custom_role",
        "delete_message",
        "delete_webhook",
        "discard_held",
        "edit_custom_role",
        "edit_held",
        "edit_message",
        "edit_rule",
        "edit_webhook",
        "flag_message",
        "follow_thread",
        "give_custom_role",
        "hand_over",
        "invite_person",
        "join_channel",
        "join_community",
        "judge_message",
        "kick_member",
        "leave_channel",
        "leave_community",
        "lift_ban",
        "make_invite_link",
        "mark_all_notifications_read",
        "mark_notification_read",
        "mark_thread_noticed",
        "move_custom_role",
        "open_conversation",
        "order_rule",
        "pause_lane",
        "pin_message",
        "post_message",
        "purge_dead_letter",
        "purge_dead_letters",
        "remove_from_channel",
        "remove_reaction",
        "remove_rule",
        "rename_channel",
        "replay_dead_letter",
        "replay_dead_letters",
        "resume_lane",
        "revoke_invite_link",
        "revoke_session",
        "save_draft",
        "set_channel_moderation",
        "set_channel_status",
        "set_lane_width",
        "set_moderation",
        "set_notifications",
        "set_posting_limits",
        "set_retention",
        "set_theme",
        "set_topic",
        "sign_out",
        "switch_rule",
        "take_custom_role",
        "test_webhook",
        "time_out_member",
        "unpin_message",
    ];
    /// The server functions that read what costs more than a page: bounded as writes are.
    const COSTLY: [&str; 3] = ["explain_rules", "search_messages", "try_rule"];

    #[test]
    fn every_server_function_is_in_exactly_one_class() {
        let named: Vec<&str> = [&DOORS[..], &READING, &WRITING, &COSTLY].concat();
        let registered: BTreeSet<&str> = server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/")).collect();
        assert!(registered.contains("post_message"), "the premise");
        assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), registered, "name it in the class it belongs to");
        assert_eq!(named.len(), registered.len(), "a server function is in one class alone");
    }

    #[test]
    fn going_from_channel_to_channel_is_reading_and_opening_a_conversation_is_not() {
        assert!(["open", "open_settings", "list_messages", "mark_read"].iter().all(|name| READING.contains(name)));
        assert!(!["open_conversation", "post_message", "set_topic"].iter().any(|name| READING.contains(name)));
    }

    #[test]
    fn one_line_is_one_visitor() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }
}
