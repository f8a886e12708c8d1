//! Nothing falls between the catch-up and what is live.

use proptest::prelude::*;

use super::*;

/// A client that follows one channel of a log, step by step, so that anything may happen between two steps.
struct Follower {
    connection: Attendance,
    topic: Topic,
    cursors: Cursors,
    applied: Vec<Seq>,
    step: u8,
    read: Vec<Seq>,
    /// What the socket has written and the client not yet read.
    line: Vec<ServerFrame>,
}

impl Follower {
    fn new(hub: &Hub, channel: ChannelId) -> Self {
        let connection = hub.connect(PersonId::fresh(), None).unwrap();
        let topic = Topic::Channel(channel);
        let mut cursors = Cursors::default();
        cursors.set(topic, 0);
        Self { connection, topic, cursors, applied: Vec::new(), step: 0, read: Vec::new(), line: Vec::new() }
    }

    /// One step of the socket: watch, admit, read the log, write the catch-up, and from then on what waits.
    fn advance(&mut self, hub: &Hub, log: Seq) {
        let cursor = self.cursors.get(self.topic).unwrap();
        match self.step {
            0 => hub.watch(&self.connection, self.topic).unwrap(),
            1 => self.read = (cursor + 1..=log).collect(),
            2 => {
                let upto = self.read.last().copied().unwrap_or(cursor);
                for seq in std::mem::take(&mut self.read) {
                    self.apply(seq);
                }
                self.connection.caught_up(self.topic, upto);
            }
            _ => {
                self.line = frames(&self.connection);
                for frame in std::mem::take(&mut self.line) {
                    match frame {
                        ServerFrame::Event(envelope) => self.apply(envelope.seq),
                        ServerFrame::Stale { topic } => {
                            assert_eq!(topic, self.topic);
                            // The client reads afresh: it has everything of the log without having applied it.
                            self.applied.extend(self.cursors.get(topic).unwrap() + 1..=log);
                            self.cursors.set(topic, log);
                            self.step = 0;
                            return;
                        }
                        other => panic!("unexpected {other:?}"),
                    }
                }
                return;
            }
        }
        self.step += 1;
    }

    fn apply(&mut self, seq: Seq) {
        match self.cursors.step(self.topic, seq) {
            Step::Apply => self.applied.push(seq),
            Step::Drop => panic!("{seq} was sent twice"),
            Step::Gap => panic!("something is missing before {seq}"),
        }
    }
}

proptest! {
    // U05, P02: whatever is committed, published and read in between, nothing is missing, doubled or out of order,
    // also when the queue overflows.
    #[test]
    fn nothing_falls_between_the_catch_up_and_what_is_live(
        steps in prop::collection::vec(0_u8..4, 1..400),
        bytes in prop::sample::select(vec![10_usize, 9_000]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let hub = Hub::default();
        let channel = ChannelId::fresh();
        let mut followers = [Follower::new(&hub, channel), Follower::new(&hub, channel)];
        let (mut committed, mut published) = (0, 0);
        for step in steps {
            match step {
                0 => committed += 1,
                1 if published < committed => {
                    published += 1;
                    runtime.block_on(hub.publish(posted(channel, published, "x".repeat(bytes))));
                }
                1 => {}
                other => followers[usize::from(other) - 2].advance(&hub, committed),
            }
            hub.check_invariants();
        }
        while published < committed {
            published += 1;
            runtime.block_on(hub.publish(posted(channel, published, "x".repeat(bytes))));
        }
        for follower in &mut followers {
            for _ in 0..12 {
                follower.advance(&hub, committed);
            }
            prop_assert_eq!(&follower.applied, &(1..=committed).collect::<Vec<_>>());
        }
        hub.check_invariants();
    }
}
