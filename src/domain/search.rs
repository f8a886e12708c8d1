//! What a search finds (M23).

use serde::{Deserialize, Serialize};

use super::{MessageId, PersonSummary, Time};

/// The most characters of what is looked for.
pub const SEARCH_CHARS: usize = 500;
/// The most words, phrases and filters of what is looked for.
pub const SEARCH_TERMS: usize = 32;
/// How many messages a page of a search holds.
pub const SEARCH_PAGE: usize = 20;

/// A page of what was found, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// At most [`SEARCH_PAGE`] messages.
    pub hits: Vec<Hit>,
    /// Whether older ones follow.
    pub more: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Which.
    pub message: MessageId,
    /// The address of its channel.
    pub channel: String,
    /// The name of its channel.
    pub channel_name: String,
    /// Who wrote it.
    pub author: PersonSummary,
    /// When.
    pub created_at: Time,
    /// Whether it stands in a thread.
    pub in_thread: bool,
    /// A stretch of its words around the first place that was looked for.
    pub snippet: Vec<Piece>,
}

/// A piece of a snippet: plain text, never markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether this is what was looked for.
    pub hit: bool,
}
