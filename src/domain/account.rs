//! Sign-in and sessions.

use serde::{Deserialize, Serialize};

use super::{
    actor::Identity,
    id::{PersonId, SessionId},
    person::PersonSummary,
    time::Time,
};

/// How long a session lasts without being used, in microseconds: 30 days.
pub const SESSION_LIFE: i64 = 30 * Time::DAY;

/// The secret a browser holds for its session: 64 hexadecimal digits (256 bits). Stored only as SHA-256.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionToken(String);

impl SessionToken {
    /// Takes the text of a cookie as it came.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the cookie and the hash.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// A session that was just begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedIn {
    /// The secret for the cookie.
    pub token: SessionToken,
    /// Who signed in.
    pub person: PersonId,
    /// When the session ends unless it is used.
    pub expires_at: Time,
}

/// A session that has not run out.
#[derive(Clone, Debug)]
pub struct Held {
    /// Who holds it.
    pub identity: Identity,
    /// When it was last noted as used.
    pub seen_at: Time,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person.
    pub person: PersonSummary,
    /// The present session.
    pub session: SessionId,
    /// Whether this is the owner of the whole server.
    pub server_owner: bool,
}

/// A session as its owner's settings list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Which.
    pub id: SessionId,
    /// What the browser said it is.
    pub agent: String,
    /// Where it signed in from.
    pub address: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to the minute.
    pub seen_at: Time,
    /// Whether it is the one asking.
    pub current: bool,
}
