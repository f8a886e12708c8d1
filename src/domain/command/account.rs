//! Accounts and sessions.

use serde::{Deserialize, Serialize};

use crate::domain::{PersonId, SessionId, text::Password};

/// Make an account and begin a session. The first one owns the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignUp {
    /// The name shown.
    pub name: String,
    /// The sign-in name.
    pub handle: String,
    /// The new password.
    pub password: Password,
    /// The code of an invitation to claim an imported person.
    #[serde(default)]
    pub claim: Option<String>,
}

/// Begin a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// The sign-in name.
    pub handle: String,
    /// The password.
    pub password: Password,
}

/// End the session that asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignOut {}

/// Note that the session that asks is in use, which puts off its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeepSession {}

/// End a session of one's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RevokeSession {
    /// Which.
    pub session: SessionId,
}

/// Change one's own profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeProfile {
    /// The name shown from now on.
    pub name: String,
}

/// Make a link by which somebody claims an imported person. Answers the code, which is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvitePerson {
    /// The placeholder to be claimed.
    pub person: PersonId,
    /// The community in which the inviter manages people.
    pub community: crate::domain::CommunityId,
}
