//! Search.

use serde::{Deserialize, Serialize};

use crate::domain::MessageId;

/// Messages of a community's channels that the actor may read, newest first: by time, then by id. Answers a page of
/// [`Found`](crate::domain::search::Found).
///
/// What is looked for is words, which are found by their beginnings, `"phrases"`, `-what is left out`, and filters:
/// `from: in: has:(link|file|image|code) before: after: on: is:(thread|pinned|edited)`. Days are those of UTC. An error
/// names `q`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SearchMessages {
    /// The community's address.
    pub community: String,
    /// What is looked for, at most [`SEARCH_CHARS`](crate::domain::search::SEARCH_CHARS) characters.
    #[serde(default)]
    pub q: String,
    /// The page after this message, the last one of the page before.
    #[serde(default)]
    pub after: Option<MessageId>,
}
