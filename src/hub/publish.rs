//! Handing events out to everybody who hears of their topic.

use std::sync::Arc;

use tracing::Span;

use super::{Hub, Published, connection::Tally, frame::Frame};
use crate::domain::{Envelope, Event, PersonId, Topic, feed::ServerFrame};

/// Connections after which a publish lets others run: those that were offered something write it meanwhile, and pages
/// and posts never wait behind a fan-out.
const OFFERS_PER_TURN: usize = 64;

/// An event as its audience is offered it, encoded once for all.
pub(super) struct News {
    pub(super) frame: Arc<Frame>,
    /// What somebody who takes part but does not watch is told of it.
    head: Option<Arc<Frame>>,
    /// The same, for those whom it names.
    head_for_named: Option<Arc<Frame>>,
    /// The same, for whoever wrote it: what one writes oneself one has read, in every tab (C13, U12).
    head_for_author: Option<Arc<Frame>>,
    event: Event,
}

impl News {
    fn of(envelope: Envelope) -> Self {
        let encode = |frame: ServerFrame| Frame::encode(&frame);
        let head = head_of(&envelope, false, false).map(encode);
        let named = !mentioned(&envelope.event).is_empty();
        let head_for_named = head_of(&envelope, true, false).filter(|_| named).map(encode);
        let head_for_author = head_of(&envelope, false, true).map(encode);
        let frame = ServerFrame::Event(envelope);
        let shared = Frame::encode(&frame);
        let ServerFrame::Event(Envelope { event, .. }) = frame else { unreachable!("it was just put in there") };
        Self { frame: shared, head, head_for_named, head_for_author, event }
    }

    pub(super) fn head_for(&self, person: PersonId) -> Option<&Arc<Frame>> {
        if author(&self.event) == Some(person) {
            self.head_for_author.as_ref()
        } else if mentioned(&self.event).contains(&person) {
            self.head_for_named.as_ref()
        } else {
            self.head.as_ref()
        }
    }
}

impl Hub {
    /// Gives an event, just committed, to everybody who hears of its topic. Called in the topic's order; what comes
    /// twice is sent once.
    pub async fn publish(&self, envelope: Published) {
        self.publish_all(vec![(envelope, Span::current())]).await;
    }

    /// The same of several, in their order, each within a span. Those of one topic that follow each other are offered
    /// to a connection together, so that it writes them together. `false` when the server stopped before all was
    /// handed out.
    pub async fn publish_all(&self, events: Vec<(Published, Span)>) -> bool {
        let Some(runtime) = &self.0.runtime else {
            self.hand_out(events).await;
            return true;
        };
        let hub = self.clone();
        runtime.spawn(async move { hub.hand_out(events).await }).await.is_ok()
    }

    async fn hand_out(&self, events: Vec<(Published, Span)>) {
        let mut events = events.into_iter().peekable();
        while let Some(topic) = events.peek().map(|(envelope, _)| envelope.topic) {
            let (mut group, mut spans) = (Vec::new(), Vec::new());
            while let Some((envelope, within)) = events.next_if(|(envelope, _)| envelope.topic == topic) {
                spans.push(tracing::debug_span!(parent: &within, "hub.publish", %topic, seq = envelope.seq));
                group.push(envelope);
            }
            self.hand_out_in(topic, group).await;
        }
    }

    async fn hand_out_in(&self, topic: Topic, group: Vec<Envelope>) {
        let many = group.len() as u64;
        let events: Vec<Event> = match self.0.topics.audience(topic) {
            None => {
                self.0.stats.published(many, Tally::default());
                group.into_iter().map(|envelope| envelope.event).collect()
            }
            Some(audience) => {
                let news: Vec<News> = group.into_iter().map(News::of).collect();
                let mut tally = Tally::default();
                for (place, connection) in audience.iter().enumerate() {
                    tally += connection.offer_all(topic, &news);
                    if place % OFFERS_PER_TURN == OFFERS_PER_TURN - 1 {
                        tokio::task::yield_now().await;
                    }
                }
                self.0.stats.published(many, tally);
                news.into_iter().map(|news| news.event).collect()
            }
        };
        match topic {
            Topic::Person(person) => events.iter().for_each(|event| self.heed(person, event)),
            Topic::Channel(_) if events.iter().any(is_deletion) => self.disband(topic),
            _ => {}
        }
    }
}

/// What somebody who takes part but does not watch is told of an event.
fn head_of(envelope: &Envelope, mentioned: bool, own: bool) -> Option<ServerFrame> {
    let (Event::MessagePosted { message, .. }, Topic::Channel(channel)) = (&envelope.event, envelope.topic) else {
        return None;
    };
    // A reply that stands in its thread alone is no news of the channel.
    let count = message.position?;
    Some(ServerFrame::Head { channel, seq: envelope.seq, count, mentioned, read: own.then_some(count) })
}

/// Who wrote what it tells of, and has read it by that: not what was held and came later.
fn author(event: &Event) -> Option<PersonId> {
    match event {
        Event::MessagePosted { message, approved: false, .. } => Some(message.author.id),
        _ => None,
    }
}

/// Whether nothing follows in its topic.
const fn is_deletion(event: &Event) -> bool {
    matches!(event, Event::ChannelDeleted { .. })
}

/// Whom an event names.
fn mentioned(event: &Event) -> &[PersonId] {
    match event {
        Event::MessagePosted { mentioned, .. } => mentioned,
        _ => &[],
    }
}
