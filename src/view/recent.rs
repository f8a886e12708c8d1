use std::collections::VecDeque;

use crate::domain::{Envelope, Seq, Topic};

/// The most events remembered for a topic.
const REMEMBERED: usize = 256;

/// The latest events applied, topic by topic: what came while a snapshot was on its way is put over it again.
#[derive(Clone, Debug, Default)]
pub struct Recent(Vec<(Topic, VecDeque<Envelope>)>);

impl Recent {
    /// Remembers an event that was applied.
    pub fn remember(&mut self, envelope: &Envelope) {
        let known = self.0.iter_mut().find(|(topic, _)| *topic == envelope.topic);
        let Some((_, events)) = known else {
            return self.0.push((envelope.topic, VecDeque::from([envelope.clone()])));
        };
        if events.len() == REMEMBERED {
            events.pop_front();
        }
        events.push_back(envelope.clone());
    }

    /// Every event after `cursor` up to `head`, or `None` when that is no longer known.
    pub fn between(&self, topic: Topic, cursor: Seq, head: Seq) -> Option<Vec<Envelope>> {
        if cursor >= head {
            return Some(Vec::new());
        }
        let (_, events) = self.0.iter().find(|(known, _)| *known == topic)?;
        let covered = events.front()?.seq <= cursor + 1 && events.back()?.seq == head;
        covered.then(|| events.iter().filter(|event| event.seq > cursor).cloned().collect())
    }

    /// Forgets a topic.
    pub fn forget(&mut self, topic: Topic) {
        self.0.retain(|(known, _)| *known != topic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChannelId, Event, PersonId};

    fn left(topic: Topic, seq: Seq) -> Envelope {
        Envelope { topic, seq, event: Event::ParticipantLeft { person: PersonId::fresh(), participants: 1 } }
    }

    // U05
    #[test]
    fn only_a_whole_stretch_of_events_is_given() {
        let topic = Topic::Channel(ChannelId::fresh());
        let mut recent = Recent::default();
        assert_eq!(recent.between(topic, 4, 4), Some(vec![]));
        assert_eq!(recent.between(topic, 3, 4), None);
        for seq in 5..=7 {
            recent.remember(&left(topic, seq));
        }
        let seqs = |cursor, head| {
            recent.between(topic, cursor, head).map(|events| events.iter().map(|e| e.seq).collect::<Vec<_>>())
        };
        assert_eq!(seqs(4, 7), Some(vec![5, 6, 7]));
        assert_eq!(seqs(6, 7), Some(vec![7]));
        assert_eq!(seqs(3, 7), None);
        assert_eq!(seqs(4, 8), None);
    }

    // U04
    #[test]
    fn memory_is_bounded() {
        let topic = Topic::Channel(ChannelId::fresh());
        let mut recent = Recent::default();
        for seq in 1..=1_000 {
            recent.remember(&left(topic, seq));
        }
        assert_eq!(recent.0[0].1.len(), REMEMBERED);
    }
}
