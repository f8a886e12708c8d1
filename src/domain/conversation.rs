//! Direct conversations: channels of two people, or of one who keeps notes (C12).

use super::{channel::ChannelKind, person::PersonSummary};

/// What the address of a conversation begins with. No channel's address can: it is not chosen by anybody.
pub const MARK: char = '~';
/// How many conversations somebody may begin within an hour.
pub const BEGUN_PER_HOUR: i64 = 30;

impl ChannelKind {
    /// Whether its people are fixed, and nobody else ever sees it.
    pub const fn is_conversation(self) -> bool {
        matches!(self, Self::Direct | Self::Group)
    }
}

/// Whether an address is that of a conversation.
pub fn is_conversation(slug: &str) -> bool {
    slug.starts_with(MARK)
}

/// What a channel is called in running text: `#general`, or the people of a conversation.
pub fn title(slug: &str, name: &str) -> String {
    if is_conversation(slug) { name.to_owned() } else { format!("#{name}") }
}

/// What a conversation is called for somebody who talks to these `people` there; `alone`, it is themselves: their notes.
pub fn name(people: &[PersonSummary], alone: bool) -> String {
    let names = people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ");
    if alone { format!("{names} (you)") } else { names }
}
