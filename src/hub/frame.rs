use std::sync::Arc;

use super::wire;
use crate::domain::{Seq, Topic, feed::ServerFrame};

/// One frame, encoded once and shared by every connection it goes to.
#[derive(Debug)]
pub struct Frame {
    topic: Option<Topic>,
    seq: Option<Seq>,
    own: bool,
    wire: Box<[u8]>,
}

impl Frame {
    /// Encodes `frame`. Frames hold only text, numbers and lists, so encoding cannot fail.
    pub fn encode(frame: &ServerFrame) -> Arc<Self> {
        let (topic, seq) = match frame {
            ServerFrame::Event(envelope) => (Some(envelope.topic), Some(envelope.seq)),
            ServerFrame::Head { channel, .. } => (Some(Topic::Channel(*channel)), None),
            ServerFrame::Roster { topic, .. } | ServerFrame::Stale { topic } | ServerFrame::End { topic, .. } => {
                (Some(*topic), None)
            }
            _ => (None, None),
        };
        let own = matches!(frame, ServerFrame::Head { read: Some(_), .. });
        Arc::new(Self { topic, seq, own, wire: wire_of(frame) })
    }

    /// Encodes what is only true for a moment, for those who watch `topic`.
    pub(super) fn moment(topic: Topic, frame: &ServerFrame) -> Arc<Self> {
        Arc::new(Self { topic: Some(topic), seq: None, own: false, wire: wire_of(frame) })
    }

    /// The bytes that go to each socket: JSON in a websocket's text frame.
    pub const fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// The JSON.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &[u8] {
        wire::text(&self.wire)
    }

    /// The topic it belongs to.
    pub const fn topic(&self) -> Option<Topic> {
        self.topic
    }

    /// Its place in the topic; `None` for what is not durable.
    pub const fn seq(&self) -> Option<Seq> {
        self.seq
    }

    /// Whether it is a head that tells up to where one has read: another head does not take its place.
    pub(super) const fn is_own(&self) -> bool {
        self.own
    }

    /// How many bytes it costs on the wire.
    pub fn len(&self) -> usize {
        self.wire.len()
    }

    /// Whether it holds nothing; it never does.
    pub fn is_empty(&self) -> bool {
        self.wire.is_empty()
    }
}

fn wire_of(frame: &ServerFrame) -> Box<[u8]> {
    wire::frame(&serde_json::to_vec(frame).expect("frames hold only text, numbers and lists with text keys"))
}
