//! What a community has its messages judged by, before anybody reads them (M07).

use serde::{Deserialize, Serialize};

use super::{id::CommunityId, named::named};

/// The most words of one list.
pub const LIST_WORDS: usize = 500;
/// The most characters of one of them.
pub const WORD_CHARS: usize = 100;
/// The most hosts links may lead to whatever the rule for links says.
pub const HOSTS: usize = 200;
/// How many days somebody may have to be a member before they post links.
pub const LINK_DAYS: std::ops::RangeInclusive<i64> = 1..=365;

named! {
    /// What was said of a message when it was posted or last edited.
    Verdict {
        /// Nothing.
        Allow = "allow",
        /// It is posted, and waits to be judged.
        Flag = "flag",
        /// It waits for a moderator; nobody else sees it.
        Hold = "hold",
    }
}

named! {
    /// What becomes of a message in which something was found; declared from mild to strict.
    Consequence {
        /// It is posted, and moderators look at it.
        Flag = "flag",
        /// It waits until a moderator approves it.
        Hold = "hold",
        /// It is refused.
        Refuse = "refuse",
    }
}

named! {
    /// Who may post links. Moderators and above always may.
    LinksFrom {
        /// Everybody.
        All = "all",
        /// Those who have been members for a while.
        Settled = "settled",
        /// Nobody.
        Nobody = "nobody",
    }
}

/// The rule for links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRule {
    /// Who may post them.
    pub from: LinksFrom,
    /// After how many days as a member, within [`LINK_DAYS`], where that is asked.
    pub days: i64,
    /// What becomes of a message with one that its author may not post.
    pub consequence: Consequence,
    /// Hosts to which everybody may link, with those below them: `example.org` is also `www.example.org`.
    pub hosts: Vec<String>,
}

impl Default for LinkRule {
    fn default() -> Self {
        Self { from: LinksFrom::All, days: 7, consequence: Consequence::Hold, hosts: Vec::new() }
    }
}

/// What a community has its messages judged by. Those of moderators and above are not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModerationSettings {
    /// Words whose messages are flagged. A `*` before or behind a word stands for the rest of a longer one.
    pub flagged: Vec<String>,
    /// Words whose messages are held.
    pub held: Vec<String>,
    /// Words whose messages are refused.
    pub refused: Vec<String>,
    /// The rule for links.
    pub links: LinkRule,
}

impl ModerationSettings {
    /// A list of words.
    pub fn words(&self, consequence: Consequence) -> &[String] {
        match consequence {
            Consequence::Flag => &self.flagged,
            Consequence::Hold => &self.held,
            Consequence::Refuse => &self.refused,
        }
    }

    /// Whether nothing is judged by it.
    pub fn is_idle(&self) -> bool {
        self.links.from == LinksFrom::All && Consequence::ALL.iter().all(|one| self.words(*one).is_empty())
    }
}

/// A community's settings, as they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnModeration {
    /// Whose.
    pub community: CommunityId,
    /// What they say.
    pub settings: ModerationSettings,
}
