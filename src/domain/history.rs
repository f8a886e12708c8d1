//! What edited messages said before (M11).

use serde::{Deserialize, Serialize};

use super::{
    id::{ChannelId, MessageId},
    time::Time,
};

/// The most edits of one message that are kept; with the next one the oldest goes.
pub const EDITS_KEPT: i64 = 50;

/// A change of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The Markdown that stood there before.
    pub before: String,
    /// When it was replaced.
    pub at: Time,
    /// Why, if its author said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How a message came to say what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Which message.
    pub message: MessageId,
    /// Where it stands.
    pub channel: ChannelId,
    /// The Markdown that stands there now.
    pub body: String,
    /// When it was posted.
    pub created_at: Time,
    /// When it was last edited. With no `edits` that was before it was brought here from elsewhere.
    pub edited_at: Option<Time>,
    /// The last [`EDITS_KEPT`], newest first.
    pub edits: Vec<Edit>,
}

impl History {
    /// Each kept edit with what the message said right after it, newest first.
    pub fn steps(&self) -> impl Iterator<Item = (&Edit, &str)> {
        let after = std::iter::once(self.body.as_str()).chain(self.edits.iter().map(|edit| edit.before.as_str()));
        self.edits.iter().zip(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // M11
    #[test]
    fn each_edit_stands_beside_what_came_of_it() {
        let edit = |before: &str| Edit { before: before.to_owned(), at: Time::default(), reason: None };
        let history = History {
            message: MessageId::fresh(),
            channel: ChannelId::fresh(),
            body: "three".to_owned(),
            created_at: Time::default(),
            edited_at: None,
            edits: vec![edit("two"), edit("one")],
        };
        let steps: Vec<_> = history.steps().map(|(edit, after)| (edit.before.as_str(), after)).collect();
        assert_eq!(steps, [("two", "three"), ("one", "two")]);
    }
}
