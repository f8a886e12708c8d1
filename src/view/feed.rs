use std::collections::BTreeMap;

use super::{Cursors, Recent, Shell, Step};
use crate::domain::{
    ChannelId, Envelope, PersonId, Presence, Seq, Topic,
    event::Ephemeral,
    feed::{ClientFrame, EndReason, ServerFrame},
};

/// What a frame asks of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Say this to the server.
    Send(ClientFrame),
    /// Apply the next event of its topic.
    Apply(Box<Envelope>),
    /// The line is ready: what waits may be sent.
    Ready,
    /// Something is true for a moment.
    Now(Ephemeral),
    /// Who of the community is there.
    Roster(Vec<(PersonId, Presence)>),
    /// A channel that is not watched has news.
    Head {
        /// Which.
        channel: ChannelId,
        /// How many messages it has.
        count: i64,
        /// Up to where I have read it, if that is told.
        read: Option<i64>,
    },
    /// Too much was missed: read the topic afresh, then [`Feed::watch`] it from there.
    Reread(Topic),
    /// The topic may no longer be watched.
    Lost(Topic),
    /// The session is over, or another person's.
    SignedOut,
}

/// What a fresh read of a topic asks for, see [`Feed::watch`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Events newer than the read that were applied already: put them over it.
    pub replay: Vec<Envelope>,
    /// What to say to the server, if the line is open.
    pub say: Option<ClientFrame>,
}

/// The client's half of the feed without its socket: which topics are watched, up to where, and what to do next.
/// A client watches a handful: lists are looked through, and cost the browser no code of maps and sets.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    me: Option<PersonId>,
    cursors: Cursors,
    recent: Recent,
    /// Topics that were asked for again; what still arrives out of order is part of that answer.
    asked: Vec<Topic>,
    /// Topics whose fresh read is on its way; it covers what arrives until then.
    stale: Vec<Topic>,
    /// The latest news of channels that are not watched: how many messages, and up to where I have read.
    heads: Vec<(ChannelId, i64, Option<i64>)>,
    open: bool,
}

impl Feed {
    /// Whose feed this is. Another person's `ready` means that the session changed in another tab.
    pub fn belongs_to(&mut self, me: PersonId) {
        self.me = Some(me);
    }

    /// The socket is open: the first frame.
    pub fn opened(&mut self) -> ClientFrame {
        self.open = true;
        self.asked.clear();
        self.stale.clear();
        // The answer tells them all.
        self.heads.clear();
        ClientFrame::Hello { cursors: self.cursors.all().clone() }
    }

    /// The socket is gone.
    pub fn closed(&mut self) {
        self.open = false;
        self.asked.clear();
    }

    /// Whether the topic is watched.
    pub fn watches(&self, topic: Topic) -> bool {
        self.cursors.get(topic).is_some()
    }

    /// What is watched, up to where.
    pub fn cursors(&self) -> &BTreeMap<Topic, Seq> {
        self.cursors.all()
    }

    /// Takes where a fresh read of a topic stands and watches it from there.
    pub fn watch(&mut self, topic: Topic, cursor: Seq) -> Watch {
        let known = self.cursors.get(topic).filter(|_| !remove(&mut self.stale, topic));
        let replay = known.and_then(|head| self.recent.between(topic, cursor, head));
        if let (Some(known), Some(replay)) = (known, replay) {
            if cursor > known {
                self.cursors.set(topic, cursor);
                self.recent.forget(topic);
            }
            return Watch { replay, say: None };
        }
        // Not watched yet, or what was read is so old that the server has to tell the rest again.
        remove(&mut self.asked, topic);
        self.cursors.set(topic, cursor);
        self.recent.forget(topic);
        let say = self.open.then_some(ClientFrame::Watch { topic, cursor: Some(cursor) });
        Watch { replay: Vec::new(), say }
    }

    /// Events of a watched topic that a page read at `cursor` does not know; `None` when the page is too old.
    pub fn since(&self, topic: Topic, cursor: Seq) -> Option<Vec<Envelope>> {
        self.recent.between(topic, cursor, self.cursors.get(topic)?)
    }

    /// Tells a shell that was read meanwhile what was heard of channels that are not watched.
    pub fn retell(&self, shell: &mut Shell) {
        for (channel, count, read) in &self.heads {
            shell.hear_of(*channel, *count, *read);
        }
    }

    /// Stops watching all topics but these.
    pub fn keep_only(&mut self, topics: &[Topic]) -> Vec<ClientFrame> {
        let gone: Vec<Topic> = self.cursors.all().keys().filter(|topic| !topics.contains(topic)).copied().collect();
        for topic in &gone {
            self.forget(*topic);
        }
        let frames = gone.into_iter().map(|topic| ClientFrame::Unwatch { topic });
        if self.open { frames.collect() } else { Vec::new() }
    }

    /// Takes a frame of the server.
    pub fn hear(&mut self, frame: ServerFrame) -> Vec<Act> {
        match frame {
            ServerFrame::Ready { person, heads } => {
                if self.me.is_some_and(|me| me != person) {
                    return vec![Act::SignedOut];
                }
                let mut acts = vec![Act::Ready];
                // A head behind the cursor: the server was put back to an older state, so nothing known holds.
                let behind: Vec<Topic> =
                    heads.iter().filter(|(topic, head)| self.is_ahead(**topic, **head)).map(|(t, _)| *t).collect();
                acts.extend(behind.into_iter().map(|topic| self.reread(topic)));
                acts
            }
            ServerFrame::Watching { topic, head } => {
                remove(&mut self.asked, topic);
                if self.is_ahead(topic, head) { vec![self.reread(topic)] } else { Vec::new() }
            }
            ServerFrame::Event(envelope) => self.step(envelope).into_iter().collect(),
            ServerFrame::Batch { events } => events.into_iter().filter_map(|envelope| self.step(envelope)).collect(),
            ServerFrame::Now { now } => vec![Act::Now(now)],
            ServerFrame::Roster { people, .. } => vec![Act::Roster(people)],
            ServerFrame::Head { channel, count, read, .. } => {
                match self.heads.iter_mut().find(|(known, ..)| *known == channel) {
                    Some((_, known, mine)) => (*known, *mine) = (count.max(*known), read.max(*mine)),
                    None => self.heads.push((channel, count, read)),
                }
                vec![Act::Head { channel, count, read }]
            }
            ServerFrame::Stale { topic } if self.watches(topic) => vec![self.reread(topic)],
            ServerFrame::End { reason: EndReason::SignedOut, .. }
            | ServerFrame::Error { error: crate::domain::Error::SignedOut } => vec![Act::SignedOut],
            ServerFrame::End { topic, reason } => {
                self.forget(topic);
                if reason == EndReason::Lost { vec![Act::Lost(topic)] } else { Vec::new() }
            }
            ServerFrame::Stale { .. } | ServerFrame::Error { .. } | ServerFrame::Pong => Vec::new(),
        }
    }

    fn step(&mut self, envelope: Envelope) -> Option<Act> {
        let topic = envelope.topic;
        if self.stale.contains(&topic) {
            return None;
        }
        match self.cursors.step(topic, envelope.seq) {
            Step::Apply => {
                self.recent.remember(&envelope);
                Some(Act::Apply(Box::new(envelope)))
            }
            Step::Drop => None,
            // Asked once: the answer begins at the cursor, and all that comes before it is dropped here.
            Step::Gap if self.asked.contains(&topic) => None,
            Step::Gap => {
                self.asked.push(topic);
                Some(Act::Send(ClientFrame::Watch { topic, cursor: self.cursors.get(topic) }))
            }
        }
    }

    fn is_ahead(&self, topic: Topic, head: Seq) -> bool {
        self.cursors.get(topic).is_some_and(|cursor| cursor > head)
    }

    fn reread(&mut self, topic: Topic) -> Act {
        if !self.stale.contains(&topic) {
            self.stale.push(topic);
        }
        Act::Reread(topic)
    }

    fn forget(&mut self, topic: Topic) {
        self.cursors.forget(topic);
        self.recent.forget(topic);
        remove(&mut self.asked, topic);
        remove(&mut self.stale, topic);
    }
}

/// Takes a topic out; says whether it was there.
fn remove(topics: &mut Vec<Topic>, topic: Topic) -> bool {
    let before = topics.len();
    topics.retain(|known| *known != topic);
    topics.len() != before
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
