//! A browser's tab: what it holds, and how it keeps in step. It reads pages, and takes them in later; it is disconnected
//! at any moment, and hears what waits for it whenever it pleases.

use std::collections::{BTreeMap, VecDeque};

use super::{line::Line, rights::Rights};
use crate::{
    domain::{
        Actor, ChannelId, Envelope, Event, MessageId, PersonSummary, Seq, Topic,
        feed::{ClientFrame, ServerFrame},
        query::{
            ChannelView, CommunityView, Directory, ListCommunities, ListMessages, OpenChannel, OpenCommunity, Page,
            ReadThread, Span, ThreadView,
        },
    },
    engine::Engine,
    view::{Act, Feed, Shell, Timeline},
};

/// What was read and is on its way.
#[derive(Debug)]
enum Read {
    Page(Box<(Directory, Option<CommunityView>, Option<ChannelView>)>),
    Shell(Box<(Directory, Option<CommunityView>)>),
}

/// One tab of somebody's.
#[derive(Debug)]
pub struct Tab {
    /// Whose.
    pub actor: Actor,
    community: String,
    feed: Feed,
    line: Option<Line>,
    coming: VecDeque<Read>,
    due: VecDeque<Topic>,
    /// What one may do here has changed: the page is read afresh.
    changed: bool,
    /// Me, my communities, the open community's channels.
    pub shell: Option<Shell>,
    /// The open channel.
    pub open: Option<(ChannelId, Timeline)>,
    /// The open thread of it, with what it began with.
    pub thread: Option<(MessageId, Timeline)>,
}

impl Tab {
    /// A tab that shows nothing yet.
    pub fn new(actor: &Actor, community: &str) -> Self {
        Self {
            actor: actor.clone(),
            community: community.to_owned(),
            feed: Feed::default(),
            line: None,
            coming: VecDeque::new(),
            due: VecDeque::new(),
            changed: false,
            shell: None,
            open: None,
            thread: None,
        }
    }

    /// Reads the page of a channel, or of the community alone where that cannot be read. It arrives later.
    pub async fn go_to(&mut self, engine: &Engine, channel: Option<ChannelId>) {
        let (directory, view) = self.read_shell(engine).await;
        let known = view.as_ref().and_then(|view| view.channels.iter().find(|known| Some(known.id) == channel));
        let open = match known {
            Some(known) => {
                let (community, channel) = (self.community.clone(), known.slug.clone());
                let page = OpenChannel { community, channel, at: None, before: None, after: None };
                Some(engine.ask(&self.actor, page).await.expect("what is on one's list can be opened"))
            }
            None => None,
        };
        self.coming.push_back(Read::Page(Box::new((directory, view, open))));
    }

    /// Reads a thread of the open channel.
    pub async fn open_thread(&mut self, engine: &Engine, message: MessageId) {
        let Some((channel, _)) = self.open else { return };
        if let Ok(view) = engine.ask(&self.actor, ReadThread { message, span: Span::Latest }).await
            && view.root.channel == channel
        {
            self.beside(channel, view);
        }
    }

    /// Reads the page afresh when one may do something else there, or a time-out is over; `false` otherwise.
    pub async fn stand(&mut self, engine: &Engine) -> bool {
        let silenced = self.shell.as_ref().and_then(|shell| shell.open.as_ref()?.silenced_until);
        let over = silenced.is_some_and(|until| until <= engine.clock().now()) | std::mem::take(&mut self.changed);
        if over {
            let channel = self.open.as_ref().map(|(channel, _)| *channel);
            self.go_to(engine, channel).await;
        }
        over
    }

    async fn read_shell(&self, engine: &Engine) -> (Directory, Option<CommunityView>) {
        let directory = engine.ask(&self.actor, ListCommunities {}).await.expect("one may list one's own");
        let view = engine.ask(&self.actor, OpenCommunity { slug: self.community.clone() }).await.ok();
        (directory, view)
    }

    /// Up to where it has heard of what it watches.
    pub fn cursors(&self) -> BTreeMap<Topic, Seq> {
        self.feed.cursors().clone()
    }

    /// Whose it is, by their present name.
    pub fn me(&self) -> &PersonSummary {
        self.actor.signed_in().expect("a tab is somebody's")
    }

    /// Whether a line stands.
    pub const fn is_connected(&self) -> bool {
        self.line.is_some()
    }

    /// The line is gone.
    pub fn disconnect(&mut self) {
        self.line = None;
        self.feed.closed();
    }

    /// Opens a line, and hears what was missed.
    pub async fn connect(&mut self, engine: &Engine, rights: &Rights) {
        self.disconnect();
        let ClientFrame::Hello { cursors } = self.feed.opened() else { panic!("a feed begins with hello") };
        let (line, said) = Line::open(engine, &self.actor, &cursors).await;
        self.line = Some(line);
        self.hear(said, rights).await;
    }

    /// Takes in the next page that was read; `false` when there is none.
    pub async fn arrive(&mut self, rights: &Rights) -> bool {
        let Some(read) = self.coming.pop_front() else { return false };
        match read {
            Read::Page(page) => {
                let (directory, view, open) = *page;
                self.thread = None;
                let mut topics = self.topics_of(&directory, view.as_ref());
                topics.extend(open.as_ref().map(|open| (Topic::Channel(open.channel.id), open.cursor)));
                self.open = open.map(|open| (open.channel.id, Timeline::new(self.me().id, open.page)));
                self.feed.belongs_to(self.me().id);
                let watched: Vec<Topic> = topics.iter().map(|(topic, _)| *topic).collect();
                let say = self.feed.keep_only(&watched);
                self.take(directory, view, topics, say, rights).await;
            }
            Read::Shell(shell) => {
                let (directory, view) = *shell;
                let topics = self.topics_of(&directory, view.as_ref());
                self.take(directory, view, topics, Vec::new(), rights).await;
            }
        }
        true
    }

    /// Shows a thread beside the channel, with what was heard since it was read.
    fn beside(&mut self, channel: ChannelId, view: ThreadView) {
        // Too old: somebody opens it again.
        let Some(events) = self.feed.since(Topic::Channel(channel), view.page.cursor) else { return };
        let root = view.root.id;
        let mut timeline = Timeline::of_thread(self.me().id, view);
        for envelope in events {
            timeline.apply(&envelope.event);
        }
        self.thread = Some((root, timeline));
    }

    fn topics_of(&self, directory: &Directory, view: Option<&CommunityView>) -> Vec<(Topic, Seq)> {
        let mut topics = vec![(Topic::Person(self.me().id), directory.cursor)];
        topics.extend(view.map(|view| (Topic::Community(view.community.id), view.cursor)));
        topics
    }

    async fn take(
        &mut self,
        directory: Directory,
        view: Option<CommunityView>,
        topics: Vec<(Topic, Seq)>,
        mut say: Vec<ClientFrame>,
        rights: &Rights,
    ) {
        let before = self.shell.replace(Shell::new(self.me().clone(), directory, view));
        for (topic, cursor) in topics {
            let watch = self.feed.watch(topic, cursor);
            say.extend(watch.say);
            // What was heard since it was read is put over it.
            watch.replay.iter().for_each(|envelope| self.hold(envelope));
        }
        if let (Some(shell), Some(before)) = (&mut self.shell, before) {
            self.feed.retell(shell);
            shell.keep_newer(&before);
        }
        self.say(say, rights).await;
    }

    /// Hears everything that waits on the line.
    pub async fn listen(&mut self, rights: &Rights) -> bool {
        let mut heard = false;
        while let Some(line) = &self.line
            && let Some(said) = line.turn().await
        {
            heard = true;
            self.hear(said, rights).await;
        }
        heard
    }

    /// Reads what has to be read afresh. What stands around the conversation arrives later.
    pub async fn reread(&mut self, engine: &Engine, rights: &Rights) -> bool {
        let Some(topic) = self.due.pop_front() else { return false };
        match (topic, &self.open) {
            (Topic::Channel(channel), Some((open, _))) if channel == *open => {
                let page = engine.ask(&self.actor, ListMessages { channel, span: Span::Latest }).await;
                let thread = match &self.thread {
                    Some((message, _)) => {
                        engine.ask(&self.actor, ReadThread { message: *message, span: Span::Latest }).await.ok()
                    }
                    None => None,
                };
                // Refused: the next line's hello asks again.
                match page {
                    Ok(page) => self.renew(channel, page, thread, rights).await,
                    Err(_) => self.disconnect(),
                }
            }
            (Topic::Channel(_), _) => {}
            (Topic::Person(_) | Topic::Community(_), _) => {
                let shell = self.read_shell(engine).await;
                self.coming.push_back(Read::Shell(Box::new(shell)));
            }
        }
        true
    }

    async fn renew(&mut self, channel: ChannelId, page: Page, thread: Option<ThreadView>, rights: &Rights) {
        let mut cursor = page.cursor;
        if let Some((_, timeline)) = &mut self.open {
            timeline.refresh(page);
        }
        if let (Some(view), Some((_, beside))) = (thread, &mut self.thread) {
            cursor = cursor.min(view.page.cursor);
            beside.refresh_thread(view);
        }
        let watch = self.feed.watch(Topic::Channel(channel), cursor);
        self.say(watch.say.into_iter().collect(), rights).await;
    }

    async fn say(&mut self, frames: Vec<ClientFrame>, rights: &Rights) {
        for frame in frames {
            let Some(line) = &self.line else { return };
            let said = line.answer(frame).await;
            Box::pin(self.hear(said, rights)).await;
        }
    }

    async fn hear(&mut self, said: Vec<ServerFrame>, rights: &Rights) {
        for frame in said {
            for act in self.feed.hear(frame) {
                match act {
                    Act::Send(frame) => self.say(vec![frame], rights).await,
                    Act::Apply(envelope) => self.apply(&envelope, rights),
                    Act::Head { channel, count, read } => {
                        if let Some(shell) = &mut self.shell {
                            shell.hear_of(channel, count, read);
                        }
                    }
                    Act::Reread(topic) => self.due.push_back(topic),
                    Act::Lost(topic) => self.lose(topic),
                    Act::Ready | Act::Now(_) | Act::Roster(_) => {}
                    Act::SignedOut => panic!("nobody was signed out"),
                }
            }
        }
    }

    fn lose(&mut self, topic: Topic) {
        match topic {
            Topic::Person(_) => panic!("nobody loses themselves"),
            Topic::Community(_) => {
                if let Some(shell) = &mut self.shell {
                    shell.open = None;
                }
            }
            Topic::Channel(channel) => {
                if self.open.as_ref().is_some_and(|(open, _)| *open == channel) {
                    self.open = None;
                    self.thread = None;
                }
            }
        }
    }

    /// The one door, as in the browser.
    fn apply(&mut self, envelope: &Envelope, rights: &Rights) {
        rights.check(self.me(), envelope);
        self.hold(envelope);
    }

    fn hold(&mut self, envelope: &Envelope) {
        let Envelope { topic, event, .. } = envelope;
        if let Some(shell) = &mut self.shell {
            shell.apply(*topic, event);
        }
        self.changed |= matches!(event, Event::StandingChanged { .. } | Event::CommunityLeft { .. });
        let concerns_rows = match topic {
            Topic::Channel(channel) => self.open.as_ref().is_some_and(|(open, _)| open == channel),
            Topic::Community(_) => matches!(event, Event::ProfileChanged { .. }),
            Topic::Person(_) => matches!(event, Event::MessageFlagged { .. } | Event::MessageJudged { .. }),
        };
        if concerns_rows {
            let timelines = self.open.iter_mut().map(|(_, it)| it).chain(self.thread.iter_mut().map(|(_, it)| it));
            for timeline in timelines {
                timeline.apply(event);
            }
        }
    }
}
