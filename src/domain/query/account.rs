//! Oneself.

use serde::{Deserialize, Serialize};

use crate::domain::account::SessionToken;

/// Who am I? Answers [`Me`](crate::domain::account::Me).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadMe {}

/// Who holds this token? Answers a [`Held`](crate::domain::account::Held), if anybody does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadSession {
    /// What a browser sent.
    pub token: SessionToken,
}

/// My sessions, the latest used first. Answers a list of [`SessionSummary`](crate::domain::account::SessionSummary).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListSessions {}

/// Whom does this invitation let me claim? Answers [`ClaimedPerson`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadClaim {
    /// The code of the link.
    pub code: String,
}

/// An imported person about to be claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedPerson {
    /// The name shown so far.
    pub name: String,
    /// The sign-in name so far.
    pub handle: String,
    /// The community the invitation comes from.
    pub community: String,
}

/// Does anybody live here yet? Answers [`Door`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadDoor {}

/// What a visitor may know of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Nobody has an account: the first one owns the server.
    pub vacant: bool,
}
