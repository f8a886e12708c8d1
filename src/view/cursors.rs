use std::collections::BTreeMap;

use crate::domain::{Seq, Topic};

/// What to do with a durable event that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is the next one: apply it.
    Apply,
    /// It was seen before: drop it.
    Drop,
    /// Something between is missing: ask for the topic again from the cursor.
    Gap,
}

/// The last event applied, topic by topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors(BTreeMap<Topic, Seq>);

impl Cursors {
    /// Sets where a topic stands, after a fresh read.
    pub fn set(&mut self, topic: Topic, seq: Seq) {
        self.0.insert(topic, seq);
    }

    /// Forgets a topic.
    pub fn forget(&mut self, topic: Topic) {
        self.0.remove(&topic);
    }

    /// Where a topic stands.
    pub fn get(&self, topic: Topic) -> Option<Seq> {
        self.0.get(&topic).copied()
    }

    /// All of them, for `hello`.
    pub fn all(&self) -> &BTreeMap<Topic, Seq> {
        &self.0
    }

    /// Decides on an event and, if it is to be applied, moves the cursor. Unknown topics are dropped.
    pub fn step(&mut self, topic: Topic, seq: Seq) -> Step {
        let Some(cursor) = self.0.get_mut(&topic) else { return Step::Drop };
        if seq <= *cursor {
            Step::Drop
        } else if seq == *cursor + 1 {
            *cursor = seq;
            Step::Apply
        } else {
            Step::Gap
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ChannelId;

    // U05
    #[test]
    fn each_event_is_applied_once_and_in_order() {
        let topic = Topic::Channel(ChannelId::fresh());
        let mut cursors = Cursors::default();
        assert_eq!(cursors.step(topic, 1), Step::Drop);
        cursors.set(topic, 4);
        assert_eq!(cursors.step(topic, 4), Step::Drop);
        assert_eq!(cursors.step(topic, 6), Step::Gap);
        assert_eq!(cursors.step(topic, 5), Step::Apply);
        assert_eq!(cursors.step(topic, 5), Step::Drop);
        assert_eq!(cursors.step(topic, 6), Step::Apply);
    }
}
