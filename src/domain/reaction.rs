//! Reactions: emoji that people put on messages (M14–M16).

use serde::{Deserialize, Serialize};

use super::{
    id::{MessageId, PersonId},
    person::PersonSummary,
    time::Time,
};

/// The most different emoji one message bears.
pub const EMOJI_PER_MESSAGE: i64 = 20;
/// The most people that are named of one emoji.
pub const PEOPLE_NAMED: i64 = 100;
/// What is offered first to whoever reacts.
pub const OFFERED: [&str; 6] = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];

/// An emoji on a message, as one person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji itself.
    pub emoji: String,
    /// Its place on the message: they stand in the order in which they came.
    pub place: i64,
    /// How many people put it there; at least 1.
    pub count: i64,
    /// Whether the person who looks is one of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mine: bool,
}

/// Somebody put an emoji on a message, or took it away: how it stands since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reacted {
    /// On which message.
    pub message: MessageId,
    /// Who.
    pub person: PersonId,
    /// The emoji itself.
    pub emoji: String,
    /// Its place on the message.
    pub place: i64,
    /// How many people have it there now; 0 when the last one took it away.
    pub count: i64,
}

impl Reacted {
    /// Puts what happened over a message's reactions, as `me` sees them. `added` says whether it was put there.
    pub fn apply(&self, reactions: &mut Vec<Reaction>, me: PersonId, added: bool) {
        let known = reactions.iter().position(|reaction| reaction.emoji == self.emoji);
        let mine = known.is_some_and(|at| reactions[at].mine);
        if let Some(at) = known {
            reactions.remove(at);
        }
        if self.count > 0 {
            let mine = if self.person == me { added } else { mine };
            let at = reactions.partition_point(|reaction| reaction.place < self.place);
            let reaction = Reaction { emoji: self.emoji.clone(), place: self.place, count: self.count, mine };
            reactions.insert(at, reaction);
        }
    }
}

/// Who put an emoji on a message, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactor {
    /// Who.
    pub person: PersonSummary,
    /// When.
    pub at: Time,
}

/// An emoji on a message with those who put it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactors {
    /// The emoji itself.
    pub emoji: String,
    /// How many put it there.
    pub count: i64,
    /// The first [`PEOPLE_NAMED`] of them.
    pub people: Vec<Reactor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reacted(person: PersonId, emoji: &str, place: i64, count: i64) -> Reacted {
        Reacted { message: MessageId::fresh(), person, emoji: emoji.to_owned(), place, count }
    }

    // M14, M15
    #[test]
    fn reactions_stand_in_the_order_they_came_and_the_last_one_takes_its_emoji_away() {
        let (me, other) = (PersonId::fresh(), PersonId::fresh());
        let mut reactions = Vec::new();
        reacted(other, "🎉", 2, 1).apply(&mut reactions, me, true);
        reacted(me, "👍", 1, 2).apply(&mut reactions, me, true);
        reacted(other, "👍", 1, 3).apply(&mut reactions, me, true);
        let seen: Vec<_> = reactions.iter().map(|r| (r.emoji.as_str(), r.count, r.mine)).collect();
        assert_eq!(seen, [("👍", 3, true), ("🎉", 1, false)]);
        reacted(me, "👍", 1, 2).apply(&mut reactions, me, false);
        reacted(other, "🎉", 0, 0).apply(&mut reactions, me, false);
        let seen: Vec<_> = reactions.iter().map(|r| (r.emoji.as_str(), r.count, r.mine)).collect();
        assert_eq!(seen, [("👍", 2, false)]);
    }
}
