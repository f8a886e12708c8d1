//! The open conversation: a signal for the order of its lines, and one for each row.

mod loading;

use std::collections::HashMap;

use leptos::{html, prelude::*};
use thunderline::{
    domain::{
        ChannelId, Event, Message, MessageId, PersonId, Time, Topic,
        query::{ChannelView, MessageSource, Span, ThreadView},
    },
    view::{Change, Item, Row, Timeline, Typists, layout},
};

use super::{Client, Pause, drafts::Begun};
use crate::dom::{page, scroll};

/// What is known of one row.
#[derive(Clone)]
pub struct RowSignals {
    /// The message, or what waits.
    pub row: ArcRwSignal<Row>,
    /// Whether it stands under the header of the row above.
    pub grouped: ArcRwSignal<bool>,
}

/// A question about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether it is to be deleted.
    Deletion(MessageId),
    /// Which emoji is put on it.
    Reaction(MessageId),
    /// What it said before.
    History(MessageId),
    /// Why the moderators are to look at it.
    Flag(MessageId),
}

impl Asked {
    /// The message that is to be deleted.
    pub const fn deletion(self) -> Option<MessageId> {
        if let Self::Deletion(message) = self { Some(message) } else { None }
    }

    /// The message that is reacted to.
    pub const fn reaction(self) -> Option<MessageId> {
        if let Self::Reaction(message) = self { Some(message) } else { None }
    }

    /// The message whose history is looked at.
    pub const fn history(self) -> Option<MessageId> {
        if let Self::History(message) = self { Some(message) } else { None }
    }

    /// The message that is to be flagged.
    pub const fn flag(self) -> Option<MessageId> {
        if let Self::Flag(message) = self { Some(message) } else { None }
    }
}

/// A look at what is in view.
#[derive(Clone, Copy, Debug)]
struct Glance {
    /// How far the read mark will move, if it will.
    upto: Option<i64>,
}

/// How a conversation goes on: kept apart, for its handle is passed about by value.
struct Course {
    /// Below the message of this position stands the divider.
    divider: Option<i64>,
    /// How long I wait for my next message.
    pause: Pause,
    /// Who is writing.
    typists: RwSignal<Typists>,
    /// What is in view and is about to count as read.
    reading: Option<Glance>,
    /// Whether a page of it is on its way.
    loading: bool,
    /// What is begun in the composer, and what the server keeps of it.
    begun: Begun,
}

impl Course {
    fn new(divider: Option<i64>, pause: Pause, draft: &str) -> Self {
        let (typists, begun) = (RwSignal::new(Typists::default()), Begun::new(draft));
        Self { divider, pause, typists, reading: None, loading: false, begun }
    }
}

/// One channel's conversation on the screen.
#[derive(Clone, Copy)]
pub struct Transcript {
    /// Whose.
    pub channel: ChannelId,
    /// What the thread began with, if this is one.
    pub thread: Option<MessageId>,
    client: StoredValue<Client>,
    timeline: StoredValue<Timeline>,
    rows: StoredValue<HashMap<MessageId, RowSignals>>,
    /// The lines from top to bottom.
    pub items: RwSignal<Vec<Item>>,
    /// Whether older messages exist than the first row: their page ends before this position.
    pub older: RwSignal<Option<i64>>,
    /// Whether newer messages exist than the last row: their page begins after this position.
    pub newer: RwSignal<Option<i64>>,
    /// How many messages came while the reader was further up.
    pub missed: RwSignal<usize>,
    /// Where it scrolls.
    pub scroller: NodeRef<html::Div>,
    /// The message that is being edited, with its Markdown.
    pub editing: RwSignal<Option<MessageSource>>,
    /// What is asked before something is done to a message.
    pub asked: RwSignal<Option<Asked>>,
    /// Text to be put into the composer.
    pub begun: RwSignal<Option<String>>,
    /// The message that what is written next answers under a quote.
    pub quoting: RwSignal<Option<MessageId>>,
    course: StoredValue<Course>,
}

impl PartialEq for Transcript {
    /// The same conversation on the same screen.
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl Transcript {
    /// The conversation a page opened with.
    pub fn new(client: Client, view: &ChannelView) -> Self {
        let channel = &view.channel;
        let divider = channel.participation.map(|mine| mine.read).filter(|read| *read < channel.count);
        let timeline = Timeline::new(client.me().unwrap_or(PersonId::SYSTEM), view.page.clone());
        let course = Course::new(divider, Pause::new(client, view), &view.draft);
        Self::begin(client, channel.id, timeline, course, view.cursor)
    }

    /// The thread a panel opened with.
    pub fn of_thread(client: Client, view: ThreadView, unhurried: bool) -> Self {
        let (channel, cursor, draft) = (view.root.channel, view.page.cursor, view.draft.clone());
        let timeline = Timeline::of_thread(client.me().unwrap_or(PersonId::SYSTEM), view);
        let course = Course::new(None, client.pause_in(channel, unhurried), &draft);
        Self::begin(client, channel, timeline, course, cursor)
    }

    fn begin(client: Client, channel: ChannelId, timeline: Timeline, course: Course, cursor: i64) -> Self {
        let transcript = Self {
            channel,
            thread: timeline.root().map(|root| root.id),
            client: StoredValue::new(client),
            timeline: StoredValue::new(timeline),
            rows: StoredValue::new(HashMap::new()),
            items: RwSignal::new(Vec::new()),
            older: RwSignal::new(None),
            newer: RwSignal::new(None),
            missed: RwSignal::new(0),
            scroller: NodeRef::new(),
            editing: RwSignal::new(None),
            asked: RwSignal::new(None),
            begun: RwSignal::new(None),
            quoting: RwSignal::new(None),
            course: StoredValue::new(course),
        };
        transcript.replay(cursor);
        transcript.lay();
        transcript
    }

    /// The id of an element: a channel and a thread of it stand beside each other, and no two elements share one.
    pub fn id(&self, name: &str) -> String {
        if self.thread.is_some() { ["thread-", name].concat() } else { name.to_owned() }
    }

    /// The id of a row's element.
    pub fn row_id(&self, message: MessageId) -> String {
        format!("{}-{message}", if self.thread.is_some() { 't' } else { 'm' })
    }

    /// The address of this conversation with something of a message: `at`, `edit` or `react`.
    pub fn link(&self, what: &str, message: MessageId) -> String {
        let thread = self.thread.map_or_else(String::new, |thread| format!("thread={thread}&"));
        format!("?{thread}{what}={message}#{}", self.row_id(message))
    }

    /// The address of the page beside a place.
    pub fn page_link(&self, older: bool, position: i64) -> String {
        match self.thread {
            None => format!("?{}={position}", if older { "before" } else { "after" }),
            Some(thread) => format!("?thread={thread}&{}={position}", if older { "earlier" } else { "later" }),
        }
    }

    /// How long I wait for my next message.
    pub fn pause(&self) -> Pause {
        self.course.with_value(|course| course.pause)
    }

    /// Looks at what is begun in the composer; `None` when the conversation has gone from the screen.
    pub fn with_begun<T>(&self, look: impl FnOnce(&mut Begun) -> T) -> Option<T> {
        self.course.try_update_value(|course| look(&mut course.begun))
    }

    /// Who is writing.
    pub fn typists(&self) -> RwSignal<Typists> {
        self.course.with_value(|course| course.typists)
    }

    /// The signals of a row that is on the screen.
    pub fn row(&self, id: MessageId) -> Option<RowSignals> {
        self.rows.with_value(|rows| rows.get(&id).cloned())
    }

    /// A stored message, as it is now.
    pub fn message(&self, id: MessageId) -> Option<Message> {
        self.timeline.with_value(|timeline| timeline.row(id)?.message().cloned())
    }

    /// My last message that can be edited.
    pub fn my_last(&self, me: PersonId) -> Option<MessageId> {
        self.timeline.with_value(|timeline| {
            let mine = timeline.messages().filter(|message| message.author.id == me && !message.is_deleted());
            mine.last().map(|message| message.id)
        })
    }

    /// Whether the conversation is still on the screen.
    pub fn is_alive(&self) -> bool {
        self.timeline.try_with_value(|_| ()).is_some()
    }

    /// Changes the timeline and draws what changed.
    pub fn change(&self, change: impl FnOnce(&mut Timeline) -> Change) {
        let in_the_past = self.timeline.try_with_value(|timeline| timeline.newer).unwrap_or_default();
        let Some(Change { order, row }) = self.timeline.try_update_value(change) else { return };
        if order {
            // At the present the end stays in view; in the past the reader's row does.
            let stays = |scroller: &web_sys::HtmlDivElement| in_the_past || !scroll::is_at_end(scroller);
            if let Some(scroller) = self.scroller.get_untracked().filter(stays) {
                scroll::keep(&scroller);
            }
            self.lay();
        } else if let Some(id) = row {
            self.draw(id);
        }
    }

    /// Lays the lines out again, as when times become local.
    pub fn lay(&self) {
        let zoned = self.client.with_value(|client| client.zoned.get_untracked());
        let local = |time: Time| if zoned { page::local(time) } else { time };
        let divider = self.course.try_with_value(|course| course.divider).flatten();
        let Some(lines) = self.timeline.try_with_value(|timeline| layout(timeline, divider, local)) else {
            return;
        };
        self.timeline.with_value(|timeline| {
            self.rows.update_value(|rows| {
                rows.retain(|id, _| timeline.row(*id).is_some());
                for line in &lines {
                    let Item::Message(id) = line.item else { continue };
                    let Some(row) = timeline.row(id) else { continue };
                    if let Some(known) = rows.get(&id) {
                        set_changed(&known.row, row);
                        set_changed(&known.grouped, &line.grouped);
                    } else {
                        let row = ArcRwSignal::new(row.clone());
                        rows.insert(id, RowSignals { row, grouped: ArcRwSignal::new(line.grouped) });
                    }
                }
            });
            let older = timeline.first_position().filter(|_| timeline.older);
            let newer = timeline.last_position().filter(|_| timeline.newer);
            if self.older.get_untracked() != older {
                self.older.set(older);
            }
            if self.newer.get_untracked() != newer {
                self.newer.set(newer);
            }
        });
        self.items.set(lines.into_iter().map(|line| line.item).collect());
    }

    fn draw(&self, id: MessageId) {
        let row = self.timeline.with_value(|timeline| timeline.row(id).cloned());
        if let (Some(row), Some(known)) = (row, self.row(id)) {
            set_changed(&known.row, &row);
        }
    }

    /// Applies a durable event of this channel.
    pub(super) fn hear(&self, event: &Event) {
        if let Event::MessagePosted { message, approved, .. } = event {
            let stops = self.typists().with_untracked(|typists| !typists.is_empty());
            if stops {
                self.typists().update(|typists| {
                    typists.stop(message.author.id);
                });
            }
            let mine = self.client.with_value(|client| client.me() == Some(message.author.id));
            // What was held was written long ago.
            if mine && !approved {
                self.pause().posted(message.created_at);
            }
            let seen = self.is_at_end() && self.is_present();
            if !mine && !seen && self.holds(message) {
                self.missed.update(|missed| *missed += 1);
            }
        }
        self.change(|timeline| timeline.apply(event));
        if let Event::MessageDeleted { .. } = event {
            // The row below gets a header of its own.
            self.lay();
        }
    }

    /// Whether a message stands in this conversation.
    pub(super) fn holds(&self, message: &Message) -> bool {
        self.timeline.with_value(|timeline| timeline.at(message).is_some())
    }

    pub(super) fn hear_typing(&self, person: PersonId, name: String) {
        self.typists().update(|typists| typists.hear(person, name, page::now_ms()));
    }

    /// Whether the newest row is in view.
    pub fn is_at_end(&self) -> bool {
        self.scroller.get_untracked().is_none_or(|scroller| scroll::is_at_end(&scroller))
    }

    /// Whether the window reaches the latest message.
    pub fn is_present(&self) -> bool {
        self.timeline.with_value(|timeline| !timeline.newer)
    }

    pub(super) fn last_position(&self) -> Option<i64> {
        self.timeline.with_value(Timeline::last_position)
    }

    /// Starts a look at what is in view, up to `seen`; false while one is going on.
    pub(super) fn begin_reading(&self, seen: Option<i64>) -> bool {
        let begins = |reading: &mut Option<Glance>| reading.replace(Glance { upto: seen }).is_none();
        self.course.try_update_value(|course| begins(&mut course.reading)) == Some(true)
    }

    /// Ends the look; answers how far it saw.
    pub(super) fn end_reading(&self) -> Option<i64> {
        self.course.try_update_value(|course| course.reading.take()).flatten()?.upto
    }

    /// Puts events over a page that was read before them.
    fn replay(&self, cursor: i64) {
        let topic = Topic::Channel(self.channel);
        let events = self.client.with_value(|client| client.feed.with_value(|feed| feed.since(topic, cursor)));
        self.timeline.update_value(|timeline| {
            for envelope in events.unwrap_or_default() {
                timeline.apply(&envelope.event);
            }
        });
    }

    /// The reader moved: loads what comes into view, and notes what was seen.
    pub fn scrolled(&self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        if let Some(position) = self.older.get_untracked().filter(|_| scroll::is_near_top(&scroller)) {
            self.load(Span::Before { position });
        } else if let Some(position) = self.newer.get_untracked().filter(|_| scroll::is_near_bottom(&scroller)) {
            self.load(Span::After { position });
        }
        if self.is_at_end() && self.is_present() {
            if self.missed.get_untracked() > 0 {
                self.missed.set(0);
            }
            self.client.get_value().read(*self);
        }
    }

    fn to_end(self) {
        if let Some(scroller) = self.scroller.try_get_untracked().flatten() {
            scroll::to_end(&scroller);
        }
        self.missed.try_set(0);
    }
}

fn set_changed<T: PartialEq + Clone + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: &T) {
    if signal.with_untracked(|known| known != value) {
        signal.set(value.clone());
    }
}
