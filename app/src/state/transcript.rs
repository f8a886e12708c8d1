//! The open conversation: a signal for the order of its lines, and one for each row.

use std::collections::HashMap;

use leptos::{html, prelude::*, task::spawn_local};
use thunderline::{
    domain::{
        ChannelId, Event, Message, MessageId, PersonId, Time, Topic,
        query::{ChannelView, MessageSource, Page, Span},
    },
    view::{Change, Item, Row, Timeline, Typists, layout},
};

use super::{Client, Pause};
use crate::{
    api::message::list_messages,
    dom::{page, scroll},
};

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
}

/// A look at what is in view.
#[derive(Clone, Copy, Debug)]
struct Glance {
    /// How far the read mark will move, if it will.
    upto: Option<i64>,
}

/// One channel's conversation on the screen.
#[derive(Clone, Copy)]
pub struct Transcript {
    /// Whose.
    pub channel: ChannelId,
    client: StoredValue<Client>,
    timeline: StoredValue<Timeline>,
    rows: StoredValue<HashMap<MessageId, RowSignals>>,
    /// The lines from top to bottom.
    pub items: RwSignal<Vec<Item>>,
    /// Whether older messages exist than the first row: their page ends before this position.
    pub older: RwSignal<Option<i64>>,
    /// Whether newer messages exist than the last row: their page begins after this position.
    pub newer: RwSignal<Option<i64>>,
    /// Who is writing.
    pub typists: RwSignal<Typists>,
    /// How many messages came while the reader was further up.
    pub missed: RwSignal<usize>,
    /// Where it scrolls.
    pub scroller: NodeRef<html::Div>,
    /// The message that is being edited, with its Markdown.
    pub editing: RwSignal<Option<MessageSource>>,
    /// What is asked before something is done to a message.
    pub asked: RwSignal<Option<Asked>>,
    /// How long I wait for my next message.
    pause: StoredValue<Pause>,
    /// Text to be put into the composer.
    pub begun: RwSignal<Option<String>>,
    /// Below the message of this position stands the divider.
    divider: Option<i64>,
    /// What is in view and is about to count as read.
    reading: StoredValue<Option<Glance>>,
    loading: StoredValue<bool>,
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
        let transcript = Self {
            channel: channel.id,
            client: StoredValue::new(client),
            timeline: StoredValue::new(Timeline::new(client.me().unwrap_or(PersonId::SYSTEM), view.page.clone())),
            rows: StoredValue::new(HashMap::new()),
            items: RwSignal::new(Vec::new()),
            older: RwSignal::new(None),
            newer: RwSignal::new(None),
            typists: RwSignal::new(Typists::default()),
            missed: RwSignal::new(0),
            scroller: NodeRef::new(),
            editing: RwSignal::new(None),
            asked: RwSignal::new(None),
            pause: StoredValue::new(Pause::new(client, view)),
            begun: RwSignal::new(None),
            divider,
            reading: StoredValue::new(None),
            loading: StoredValue::new(false),
        };
        transcript.replay(view.cursor);
        transcript.lay();
        transcript
    }

    /// How long I wait for my next message.
    pub fn pause(&self) -> Pause {
        self.pause.get_value()
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
        let Some(lines) = self.timeline.try_with_value(|timeline| layout(timeline, self.divider, local)) else {
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
        if let Event::MessagePosted { message, .. } = event {
            let stops = self.typists.with_untracked(|typists| !typists.is_empty());
            if stops {
                self.typists.update(|typists| {
                    typists.stop(message.author.id);
                });
            }
            let mine = self.client.with_value(|client| client.me() == Some(message.author.id));
            if mine {
                self.pause().posted(message.created_at);
            }
            let seen = self.is_at_end() && self.is_present();
            if !mine && !seen {
                self.missed.update(|missed| *missed += 1);
            }
        }
        self.change(|timeline| timeline.apply(event));
        if let Event::MessageDeleted { .. } = event {
            // The row below gets a header of its own.
            self.lay();
        }
    }

    pub(super) fn hear_typing(&self, person: PersonId, name: String) {
        self.typists.update(|typists| typists.hear(person, name, page::now_ms()));
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
        self.reading.try_update_value(begins) == Some(true)
    }

    /// Ends the look; answers how far it saw.
    pub(super) fn end_reading(&self) -> Option<i64> {
        self.reading.try_update_value(Option::take).flatten()?.upto
    }

    /// What to read afresh so that the reader stays where they are; `None` at the end.
    pub(super) fn span_in_view(&self) -> Option<Span> {
        let scroller = self.scroller.get_untracked()?;
        if self.is_present() && scroll::is_at_end(&scroller) {
            return None;
        }
        let id = scroll::first_id(&scroller)?.strip_prefix("m-")?.parse().ok()?;
        self.message(id).map(|message| Span::After { position: message.position - 1 })
    }

    pub(super) fn refresh(&self, page: Page) {
        self.change(|timeline| timeline.refresh(page));
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

    /// Loads a page beside the window, one at a time.
    pub fn load(&self, span: Span) {
        if self.loading.try_update_value(|loading| std::mem::replace(loading, true)) != Some(false) {
            return;
        }
        let this = *self;
        spawn_local(async move {
            let page = list_messages(this.channel, span).await;
            if !this.is_alive() {
                return;
            }
            if let Ok(page) = page {
                let cursor = page.cursor;
                this.change(|timeline| match span {
                    Span::Before { .. } => timeline.prepend(page),
                    Span::After { .. } => timeline.append(page),
                    Span::Latest | Span::Around { .. } => timeline.refresh(page),
                });
                this.replay(cursor);
                this.lay();
                this.loading.set_value(false);
                // A short page may leave the edge in view.
                request_animation_frame(move || {
                    if this.is_alive() {
                        this.scrolled();
                    }
                });
            } else {
                // The link stays; scrolling asks again, but not at once.
                set_timeout(
                    move || {
                        this.loading.try_set_value(false);
                    },
                    std::time::Duration::from_secs(2),
                );
            }
        });
    }

    /// Goes to the newest message, reading it first when the reader is in the past.
    pub fn to_present(self) {
        if self.is_present() {
            self.to_end();
            return;
        }
        let this = self;
        spawn_local(async move {
            if let Ok(page) = list_messages(this.channel, Span::Latest).await
                && this.is_alive()
            {
                let cursor = page.cursor;
                this.to_end();
                this.refresh(page);
                this.replay(cursor);
                this.lay();
                request_animation_frame(move || this.to_end());
            }
        });
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
