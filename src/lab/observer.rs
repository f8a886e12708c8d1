#![expect(clippy::missing_panics_doc, reason = "a harness panics: that is how a test fails")]

use crate::{
    domain::{
        Actor, ChannelId, Event, MessageId, Result, Time, Topic,
        query::{CatchUp, ListCommunities, Missed, OpenChannel, OpenCommunity, ReadHeads, ReadThread, Span},
    },
    engine::Engine,
    view::{Cursors, HeldList, Shell, Step, Timeline},
};

/// What one client holds: taken as a snapshot, kept in step by events alone.
#[derive(Clone, Debug)]
pub struct Observer {
    engine: Engine,
    actor: Actor,
    community: String,
    channel: String,
    topics: Vec<Topic>,
    cursors: Cursors,
    /// Me, my communities, the open community's channels.
    pub shell: Shell,
    /// The open channel.
    pub timeline: Timeline,
    /// What of mine waits there for a moderator.
    pub held: HeldList,
    /// The open thread of it.
    pub thread: Option<Timeline>,
}

impl Observer {
    /// Takes a snapshot.
    pub async fn open(engine: &Engine, actor: &Actor, community: &str, channel: &str) -> Self {
        Self::snapshot(engine, actor, community, channel).await.expect("an observer sees what it observes")
    }

    async fn snapshot(engine: &Engine, actor: &Actor, community: &str, channel: &str) -> Result<Self> {
        let directory = engine.ask(actor, ListCommunities {}).await?;
        let view = engine.ask(actor, OpenCommunity { slug: community.to_owned() }).await?;
        let open = OpenChannel {
            community: community.to_owned(),
            channel: channel.to_owned(),
            at: None,
            before: None,
            after: None,
        };
        let open = engine.ask(actor, open).await?;
        let me = actor.signed_in()?.clone();
        let me_id = me.id;
        let mut cursors = Cursors::default();
        let topics = vec![Topic::Person(me.id), Topic::Community(view.community.id), Topic::Channel(open.channel.id)];
        for (topic, cursor) in topics.iter().zip([directory.cursor, view.cursor, open.cursor]) {
            cursors.set(*topic, cursor);
        }
        Ok(Self {
            engine: engine.clone(),
            actor: actor.clone(),
            community: community.to_owned(),
            channel: channel.to_owned(),
            topics,
            cursors,
            shell: Shell::new(me, directory, Some(view)),
            held: HeldList::new(open.channel.id, open.held),
            timeline: Timeline::new(me_id, open.page),
            thread: None,
        })
    }

    /// Opens a thread of the channel beside it.
    pub async fn open_thread(&mut self, root: MessageId) {
        self.catch_up().await;
        self.thread = Some(self.read_thread(root).await);
    }

    async fn read_thread(&self, message: MessageId) -> Timeline {
        let me = self.actor.id().expect("an observer is somebody");
        let view = self.engine.ask(&self.actor, ReadThread { message, span: Span::Latest }).await;
        Timeline::of_thread(me, view.expect("an observer sees the threads of its channel"))
    }

    /// Applies everything missed since the last time, as a client that resumes does. Answers how many events.
    pub async fn catch_up(&mut self) -> usize {
        let mut applied = 0;
        for topic in self.topics.clone() {
            let cursor = self.cursors.get(topic).expect("every topic has a cursor");
            let missed = self.engine.ask(&self.actor, CatchUp { topic, cursor }).await;
            let Missed::Events(events) = missed.expect("an observer may watch its topics") else {
                panic!("{topic} is stale")
            };
            for envelope in events {
                assert_eq!(self.cursors.step(envelope.topic, envelope.seq), Step::Apply, "{topic} has a gap");
                self.shell.apply(topic, &envelope.event);
                self.held.apply(&envelope.event);
                if let Event::RulesChanged { .. } | Event::RolesChanged { .. } = envelope.event {
                    self.ask_rights().await;
                }
                let told_elsewhere = matches!(
                    envelope.event,
                    Event::ProfileChanged { .. } | Event::MessageFlagged { .. } | Event::MessageJudged { .. }
                );
                if matches!(topic, Topic::Channel(_)) || told_elsewhere {
                    self.timeline.apply(&envelope.event);
                    if let Some(thread) = &mut self.thread {
                        thread.apply(&envelope.event);
                    }
                }
                applied += 1;
            }
        }
        for head in self.engine.ask(&self.actor, ReadHeads {}).await.expect("one may read one's own heads") {
            self.shell.hear_of(head.channel, head.count, Some(head.read));
        }
        applied
    }

    /// Rules changed: what one may do is asked, as a client does that shows it.
    async fn ask_rights(&mut self) {
        let view = self.engine.ask(&self.actor, OpenCommunity { slug: self.community.clone() }).await;
        let may = view.expect("an observer still sees what it observes").may;
        if let Some(open) = &mut self.shell.open {
            open.may = may;
        }
    }

    /// Law 5: with the events applied, this equals a fresh snapshot. Answers how many events it took.
    pub async fn converges(&mut self) -> usize {
        let applied = self.catch_up().await;
        let fresh = Self::snapshot(&self.engine, &self.actor, &self.community, &self.channel).await;
        let fresh = fresh.expect("an observer still sees what it observes");
        assert_eq!(self.known(), fresh.known(), "the shell after events is not the fresh one");
        assert_eq!(self.held, fresh.held, "what is held after events is not what it is afresh");
        if !self.timeline.newer {
            assert_eq!(self.timeline, fresh.timeline, "the timeline after events is not the fresh one");
        }
        if let Some(thread) = &self.thread {
            let root = thread.root().expect("a thread began with a message").id;
            assert_eq!(*thread, self.read_thread(root).await, "the thread after events is not the fresh one");
        }
        applied
    }

    fn known(&self) -> Shell {
        let open = self.topics.iter().find_map(|topic| match topic {
            Topic::Channel(channel) => Some(*channel),
            _ => None,
        });
        told(&self.shell, open, self.engine.clock().now())
    }
}

/// A shell without what nobody tells a client that watches neither: the size of channels other than the `open` one and, of
/// those it takes no part in, how many messages there are; and without a time-out that ended by itself before `now`.
pub fn told(shell: &Shell, open: Option<ChannelId>, now: Time) -> Shell {
    let mut shell = shell.clone();
    for channel in shell.open.iter_mut().flat_map(|open| &mut open.channels) {
        if Some(channel.id) != open {
            channel.participants = 0;
            channel.last_message_at = None;
            if !channel.joined() {
                channel.count = 0;
            }
        }
    }
    if let Some(open) = &mut shell.open {
        open.cursor = 0;
        open.silenced_until = open.silenced_until.filter(|until| *until > now);
    }
    shell
}

/// `converges!(world, [observers], actor, command)`: runs a command as an actor, then holds every observer to law 5.
/// Answers what the command answered.
#[macro_export]
macro_rules! converges {
    ($world:expr, [$($observer:expr),+ $(,)?], $actor:expr, $command:expr $(,)?) => {{
        let answer = $world.engine.execute($actor.clone(), $command).await.expect("the command is carried out");
        $($observer.converges().await;)+
        answer
    }};
}
