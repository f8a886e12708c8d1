use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, Error, MessageId, Time, command::PostMessage};

/// The most messages that wait; beyond it the composer refuses, so that nothing is dropped.
pub const OUTBOX_LETTERS: usize = 200;

/// A message on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What is posted. Its id was made here and never changes, so that sending twice is posting once (M27).
    pub post: PostMessage,
    /// When it was written, by this client's clock.
    pub written_at: Time,
    /// Why the server refused it, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

/// What becomes of a letter after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may arrive later: it stays first in its channel's line.
    Wait,
    /// The server refused it, with this reason; it leaves the line and stays on the screen.
    Refused(String),
    /// The session is over: everything waits for the person.
    SignedOut,
}

/// What an error means for the letter that met it.
pub fn verdict(error: &Error) -> Verdict {
    match error {
        Error::Unavailable | Error::TooMany { .. } => Verdict::Wait,
        Error::SignedOut => Verdict::SignedOut,
        Error::Invalid { fields } => {
            Verdict::Refused(fields.first().map_or_else(String::new, |field| format!("The message {}.", field.message)))
        }
        Error::NotFound => Verdict::Refused("This channel is no longer there for you.".to_owned()),
        Error::Forbidden { .. } => Verdict::Refused("You may not post here.".to_owned()),
        other => Verdict::Refused(other.to_string()),
    }
}

/// Messages written and not yet acknowledged: in each channel one is on its way, the others wait behind it (U06).
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    letters: Vec<Letter>,
    /// What is on its way, at most one of a channel.
    sending: Vec<(ChannelId, MessageId)>,
}

impl Outbox {
    /// Takes a letter, unless it is known or the outbox is full; says whether it was taken. Letters of an earlier
    /// visit take their place by the time they were written.
    pub fn add(&mut self, letter: Letter) -> bool {
        let known = self.letters.iter().any(|known| known.post.id == letter.post.id);
        if known || self.letters.len() >= OUTBOX_LETTERS {
            return false;
        }
        let at = self.letters.partition_point(|known| known.written_at <= letter.written_at);
        self.letters.insert(at, letter);
        true
    }

    /// Whether nothing more can be taken.
    pub fn is_full(&self) -> bool {
        self.letters.len() >= OUTBOX_LETTERS
    }

    /// The next letter to send in a channel; `None` while one is on its way. It counts as on its way from now on.
    pub fn send_next(&mut self, channel: ChannelId) -> Option<Letter> {
        if self.sending.iter().any(|(busy, _)| *busy == channel) {
            return None;
        }
        let next = self.of(channel).find(|letter| letter.refusal.is_none())?.clone();
        self.sending.push((channel, next.post.id));
        Some(next)
    }

    /// The answer did not come, or says "later": the letter is first in its line again.
    pub fn hold(&mut self, id: MessageId) {
        self.sending.retain(|(_, sending)| *sending != id);
    }

    /// The server has it, by an answer or by the feed. Answers whether it was waiting here.
    pub fn acknowledge(&mut self, id: MessageId) -> bool {
        self.hold(id);
        let before = self.letters.len();
        self.letters.retain(|letter| letter.post.id != id);
        self.letters.len() != before
    }

    /// The server refused it.
    pub fn refuse(&mut self, id: MessageId, reason: String) -> Option<&Letter> {
        self.hold(id);
        let letter = self.letters.iter_mut().find(|letter| letter.post.id == id)?;
        letter.refusal = Some(reason);
        Some(letter)
    }

    /// The person wants it sent after all.
    pub fn retry(&mut self, id: MessageId) -> Option<&Letter> {
        let letter = self.letters.iter_mut().find(|letter| letter.post.id == id)?;
        letter.refusal = None;
        Some(letter)
    }

    /// The letters of a channel in the order they were written.
    pub fn of(&self, channel: ChannelId) -> impl Iterator<Item = &Letter> {
        self.letters.iter().filter(move |letter| letter.post.channel == channel)
    }

    /// One letter.
    pub fn letter(&self, id: MessageId) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.post.id == id)
    }

    /// Every channel that has letters to send.
    pub fn channels(&self) -> Vec<ChannelId> {
        let mut channels = Vec::new();
        for letter in self.letters.iter().filter(|letter| letter.refusal.is_none()) {
            if !channels.contains(&letter.post.channel) {
                channels.push(letter.post.channel);
            }
        }
        channels
    }

    /// How many wait to be sent.
    pub fn waiting(&self) -> usize {
        self.letters.iter().filter(|letter| letter.refusal.is_none()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(channel: ChannelId, second: i64) -> Letter {
        Letter {
            post: PostMessage {
                id: MessageId::fresh(),
                channel,
                body: second.to_string(),
                reply_to: None,
                expires_in: None,
            },
            written_at: Time::from_micros(second * Time::SECOND),
            refusal: None,
        }
    }

    fn with(letters: &[&Letter]) -> Outbox {
        let mut outbox = Outbox::default();
        assert!(letters.iter().all(|letter| outbox.add((*letter).clone())));
        outbox
    }

    // U06
    #[test]
    fn letters_of_a_channel_go_out_one_at_a_time_in_the_order_they_were_written() {
        let here = ChannelId::fresh();
        let (first, second) = (letter(here, 1), letter(here, 2));
        let mut outbox = with(&[&second, &first]);
        assert_eq!(outbox.send_next(here), Some(first.clone()));
        assert_eq!(outbox.send_next(here), None);
        assert!(outbox.acknowledge(first.post.id));
        assert_eq!(outbox.send_next(here), Some(second));
    }

    // U06
    #[test]
    fn channels_do_not_wait_for_each_other() {
        let (here, there) = (ChannelId::fresh(), ChannelId::fresh());
        let mut outbox = with(&[&letter(here, 1), &letter(there, 2)]);
        assert!(outbox.send_next(here).is_some());
        assert!(outbox.send_next(there).is_some());
        assert_eq!(outbox.channels().len(), 2);
    }

    // M27, U06
    #[test]
    fn a_letter_without_an_answer_is_sent_again_under_the_same_id() {
        let here = ChannelId::fresh();
        let mut outbox = with(&[&letter(here, 1), &letter(here, 2)]);
        let sent = outbox.send_next(here).unwrap();
        assert_eq!(verdict(&Error::Unavailable), Verdict::Wait);
        outbox.hold(sent.post.id);
        assert_eq!(outbox.send_next(here), Some(sent));
    }

    // M27, U12
    #[test]
    fn what_another_tab_delivered_is_not_sent_again() {
        let here = ChannelId::fresh();
        let written = letter(here, 1);
        let mut outbox = with(&[&written]);
        assert!(outbox.acknowledge(written.post.id));
        assert!(!outbox.acknowledge(written.post.id));
        assert_eq!(outbox.send_next(here), None);
    }

    // U06
    #[test]
    fn a_refused_letter_leaves_the_line_and_is_kept_until_it_is_retried() {
        let here = ChannelId::fresh();
        let (bad, good) = (letter(here, 1), letter(here, 2));
        let mut outbox = with(&[&bad, &good]);
        outbox.send_next(here);
        outbox.refuse(bad.post.id, "You may not post here.".to_owned());
        assert_eq!(outbox.send_next(here), Some(good.clone()));
        assert_eq!(outbox.waiting(), 1);
        outbox.acknowledge(good.post.id);
        assert_eq!(outbox.letter(bad.post.id).and_then(|kept| kept.refusal.as_deref()), Some("You may not post here."));
        outbox.retry(bad.post.id);
        assert_eq!(outbox.send_next(here), Some(bad));
    }

    // U06
    #[test]
    fn the_same_letter_is_taken_once_and_the_box_is_bounded() {
        let here = ChannelId::fresh();
        let written = letter(here, 1);
        let mut outbox = with(&[&written]);
        assert!(!outbox.add(written));
        while !outbox.is_full() {
            assert!(outbox.add(letter(here, 2)));
        }
        assert!(!outbox.add(letter(here, 3)));
        assert_eq!(outbox.waiting(), OUTBOX_LETTERS);
    }

    // M03
    #[test]
    fn only_the_servers_own_no_refuses_a_letter() {
        assert_eq!(
            verdict(&Error::invalid("body", "must not be empty")),
            Verdict::Refused("The message must not be empty.".to_owned())
        );
        assert!(matches!(verdict(&Error::NotFound), Verdict::Refused(_)));
        assert!(matches!(verdict(&Error::Forbidden { rule: "x".to_owned() }), Verdict::Refused(_)));
        // Nothing written while offline is refused for coming all at once (U06).
        assert_eq!(verdict(&Error::TooMany { retry_after: 3 }), Verdict::Wait);
        assert_eq!(verdict(&Error::SignedOut), Verdict::SignedOut);
    }
}
