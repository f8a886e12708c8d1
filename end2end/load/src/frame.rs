use memchr::memmem::Finder;
use thunderline::domain::{Seq, feed::ServerFrame};

use crate::tag::Tag;

/// An event as a watcher needs it: its place, and which post of ours it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its place in the topic.
    pub seq: Seq,
    /// The number in the unique word of the message it carries, if it carries one of ours.
    pub post: Option<usize>,
}

/// Reads the events out of frames without building them: thousands of watchers share one core with nothing to spare,
/// and what they cost would be counted against the server.
#[derive(Clone, Debug)]
pub struct FrameReader {
    tag: Tag,
    seq: Finder<'static>,
}

impl FrameReader {
    /// A reader that knows posts by `tag`.
    pub fn new(tag: Tag) -> Self {
        Self { tag, seq: Finder::new(b"\"seq\":").into_owned() }
    }

    /// Adds the events in `text` to `heard`. Any other frame is read whole and answered.
    pub fn read(&self, text: &[u8], heard: &mut Vec<Heard>) -> Option<ServerFrame> {
        if !text.starts_with(br#"{"type":"event""#) && !text.starts_with(br#"{"type":"batch""#) {
            return serde_json::from_slice(text).ok();
        }
        // Inside a JSON string a quote is escaped, so `"seq":` is always a key; messages have no such key.
        let mut rest = text;
        while let Some(at) = self.seq.find(rest) {
            rest = &rest[at + 6..];
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
            let seq = digits.fold(0, |seq, byte| seq * 10 + Seq::from(byte - b'0'));
            let end = self.seq.find(rest).unwrap_or(rest.len());
            heard.push(Heard { seq, post: self.tag.find(&rest[..end]) });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use thunderline::domain::{
        ChannelId, Envelope, Event, Message, MessageId, PersonId, PersonSummary, Time, Topic,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
    };

    use super::*;

    fn envelope(seq: Seq, html: String) -> Envelope {
        let channel = ChannelId::fresh();
        let (handle, name) = ("ada".into(), "Ada".into());
        let author = PersonSummary { id: PersonId::fresh(), handle, name, kind: PersonKind::Person };
        let message = Box::new(Message {
            id: MessageId::fresh(),
            channel,
            position: Some(seq),
            place: None,
            author,
            kind: MessageKind::Text,
            status: MessageStatus::Active,
            html,
            reply_to: None,
            root: None,
            quote: None,
            thread: None,
            created_at: Time::from_micros(1),
            edited_at: None,
            expires_at: None,
            pinned: false,
            reactions: Vec::new(),
        });
        Envelope {
            topic: Topic::Channel(channel),
            seq,
            event: Event::MessagePosted { message, mentioned: Vec::new(), approved: false },
        }
    }

    #[test]
    fn the_quick_reader_sees_what_the_frames_say() {
        let tag = Tag::new(3);
        let reader = FrameReader::new(tag.clone());
        let first = envelope(7, format!("<p>{} \"seq\":99 </p>", tag.word(5)));
        let second = envelope(8, "<p>from somebody else</p>".into());
        let third = envelope(1_234, format!("<p>{}</p>", tag.word(6)));
        let frames = [ServerFrame::Event(first), ServerFrame::Batch { events: vec![second, third] }];
        let mut heard = Vec::new();
        for frame in &frames {
            assert!(reader.read(&serde_json::to_vec(frame).unwrap(), &mut heard).is_none());
        }
        let events = [(7, Some(5)), (8, None), (1_234, Some(6))];
        assert_eq!(heard, events.map(|(seq, post)| Heard { seq, post }));
        let pong = serde_json::to_vec(&ServerFrame::Pong).unwrap();
        assert_eq!(reader.read(&pong, &mut heard), Some(ServerFrame::Pong));
    }
}
