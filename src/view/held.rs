//! What of mine waits for a moderator in one channel.

use crate::domain::{ChannelId, Event, held::Held};

/// The messages of mine that are held in the open channel, and those that were declined; the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldList {
    channel: ChannelId,
    held: Vec<Held>,
}

impl HeldList {
    /// What a fresh read gave.
    pub const fn new(channel: ChannelId, held: Vec<Held>) -> Self {
        Self { channel, held }
    }

    /// They.
    pub fn all(&self) -> &[Held] {
        &self.held
    }

    /// Takes the place of what was known by a fresh read of the same channel; says whether it did. Of another one, which
    /// was left meanwhile, nothing is taken.
    pub fn reread(&mut self, fresh: Self) -> bool {
        let same = self.channel == fresh.channel;
        if same {
            *self = fresh;
        }
        same
    }

    /// Applies one durable event of mine; says whether it changed anything.
    pub fn apply(&mut self, event: &Event) -> bool {
        let Event::HeldChanged { channel, message, held } = event else { return false };
        if *channel != self.channel {
            return false;
        }
        self.held.retain(|known| known.message != *message);
        if let Some(held) = held {
            let order = |one: &Held| (one.held_at, one.message);
            let at = self.held.partition_point(|known| order(known) < order(held));
            self.held.insert(at, (**held).clone());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MessageId, Time, held::HeldStatus};

    fn held(channel: ChannelId, at: i64) -> Held {
        Held {
            message: MessageId::fresh(),
            channel,
            status: HeldStatus::Waiting,
            edits: false,
            body: "x".to_owned(),
            html: "<p>x</p>".to_owned(),
            note: String::new(),
            held_at: Time::from_micros(at),
        }
    }

    fn told(of: &Held, now: Option<&Held>) -> Event {
        Event::HeldChanged { channel: of.channel, message: of.message, held: now.cloned().map(Box::new) }
    }

    // M07
    #[test]
    fn what_is_held_stands_in_order_once_and_only_in_its_channel() {
        let (here, there) = (ChannelId::fresh(), ChannelId::fresh());
        let (first, second, other) = (held(here, 1), held(here, 2), held(there, 1));
        let mut list = HeldList::new(here, vec![second.clone()]);
        assert!(list.apply(&told(&first, Some(&first))));
        assert!(list.apply(&told(&first, Some(&first))), "twice is once");
        assert!(!list.apply(&told(&other, Some(&other))), "another channel's is not here");
        assert_eq!(list.all(), [first.clone(), second.clone()]);
        let declined = Held { status: HeldStatus::Declined, ..first };
        list.apply(&told(&declined, Some(&declined)));
        list.apply(&told(&second, None));
        assert_eq!(list.all(), [declined]);
    }

    // U05
    #[test]
    fn a_fresh_read_of_the_same_channel_takes_the_place_of_what_was_known() {
        let (here, there) = (ChannelId::fresh(), ChannelId::fresh());
        let (gone, new, other) = (held(here, 1), held(here, 2), held(there, 1));
        let mut list = HeldList::new(here, vec![gone.clone()]);
        assert!(!list.reread(HeldList::new(there, vec![other])), "another channel was opened meanwhile");
        assert_eq!(list.all(), [gone]);
        assert!(list.reread(HeldList::new(here, vec![new.clone()])));
        assert_eq!(list.all(), [new]);
    }
}
