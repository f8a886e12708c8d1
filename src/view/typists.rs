use crate::domain::{ChannelId, PersonId, feed::TYPING_SHOWN_MS};

/// The most names that are remembered; a sentence names three.
const REMEMBERED: usize = 16;

/// Who is writing in the open channel (U02).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typists {
    /// Who, their name, and until when (milliseconds of any clock).
    people: Vec<(PersonId, String, i64)>,
}

impl Typists {
    /// Somebody is writing.
    pub fn hear(&mut self, person: PersonId, name: String, now_ms: i64) {
        self.people.retain(|(known, ..)| *known != person);
        if self.people.len() < REMEMBERED {
            self.people.push((person, name, now_ms + TYPING_SHOWN_MS));
        }
    }

    /// Somebody's message arrived: they write no longer. Says whether that changes anything.
    pub fn stop(&mut self, person: PersonId) -> bool {
        let before = self.people.len();
        self.people.retain(|(known, ..)| *known != person);
        self.people.len() != before
    }

    /// Lets go of those not heard of for a while. Says whether that changes anything.
    pub fn expire(&mut self, now_ms: i64) -> bool {
        let before = self.people.len();
        self.people.retain(|(_, _, until)| *until > now_ms);
        self.people.len() != before
    }

    /// Whether nobody writes.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// "Ana is typing", "Ana and Ines are typing"; empty when nobody does.
    pub fn sentence(&self) -> String {
        let name = |n: usize| self.people[n].1.as_str();
        match self.people.len() {
            0 => String::new(),
            1 => [name(0), " is typing"].concat(),
            2 => [name(0), " and ", name(1), " are typing"].concat(),
            3 => [name(0), ", ", name(1), " and ", name(2), " are typing"].concat(),
            _ => "Several people are typing".to_owned(),
        }
    }
}

/// Whether to tell others that I am writing: not at every key.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypingNotice {
    last: Option<(ChannelId, i64)>,
}

impl TypingNotice {
    /// A key was pressed in `channel`; says whether to send the notice now.
    pub fn press(&mut self, channel: ChannelId, now_ms: i64) -> bool {
        let due = self.last.is_none_or(|(last, at)| last != channel || now_ms - at >= TYPING_SHOWN_MS * 3 / 5);
        if due {
            self.last = Some((channel, now_ms));
        }
        due
    }

    /// The message was sent: the next key is news again.
    pub fn sent(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // U02
    #[test]
    fn a_typist_is_shown_for_five_seconds_after_the_last_key() {
        let (ana, ines) = (PersonId::fresh(), PersonId::fresh());
        let mut typists = Typists::default();
        typists.hear(ana, "Ana".to_owned(), 0);
        typists.hear(ines, "Ines".to_owned(), 2_000);
        assert_eq!(typists.sentence(), "Ana and Ines are typing");
        typists.hear(ana, "Ana".to_owned(), 3_000);
        assert!(!typists.expire(6_999));
        assert!(typists.expire(7_000));
        assert_eq!(typists.sentence(), "Ana is typing");
        assert!(typists.stop(ana));
        assert!(!typists.stop(ana));
        assert_eq!(typists.sentence(), "");
    }

    // U02
    #[test]
    fn a_notice_goes_out_before_the_last_one_fades_and_not_at_every_key() {
        let (here, there) = (ChannelId::fresh(), ChannelId::fresh());
        let mut notice = TypingNotice::default();
        assert!(notice.press(here, 0));
        assert!(!notice.press(here, 2_999));
        assert!(notice.press(here, 3_000));
        assert!(notice.press(there, 3_001));
        notice.sent();
        assert!(notice.press(there, 3_002));
    }
}
