//! Direct conversations.

use serde::{Deserialize, Serialize};

use crate::domain::{CommunityId, PersonId};

/// Talk to somebody of a community alone. Two people have one conversation there, whoever opens it first: a repeat answers
/// the one there is. The other one sees it when the first message is written. Answers its summary.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenConversation {
    /// Where.
    pub community: CommunityId,
    /// To whom: one person; oneself, to keep notes.
    #[serde(default)]
    pub people: Vec<PersonId>,
}
