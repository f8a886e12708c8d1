mod told;

use std::collections::HashMap;

use crate::domain::{
    Event, Message, MessageId, PersonId, PersonSummary, Time,
    message::MessageStatus,
    query::{Page, ThreadView},
};

/// The most rows a timeline keeps (U04); beyond it the far end is let go and can be paged in again.
pub const WINDOW: usize = 300;
/// How far past the window it may grow before it is cut, so that cutting is rare.
pub const LEEWAY: usize = 50;

/// Where a row stands between being written and being stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Stored: the message as the server has it.
    Stored(Box<Message>),
    /// Written here, not yet acknowledged.
    Pending {
        /// What was written.
        body: String,
        /// By whom.
        author: PersonSummary,
        /// When, by this client's clock.
        written_at: Time,
    },
    /// Refused by the server; kept so that nothing written is lost.
    Failed {
        /// What was written.
        body: String,
        /// By whom.
        author: PersonSummary,
        /// When, by this client's clock.
        written_at: Time,
        /// Why.
        reason: String,
    },
}

/// One row, keyed by the message's id, which its sender made: pending and stored are the same row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The message's id.
    pub id: MessageId,
    /// What is known of it.
    pub state: RowState,
}

impl Row {
    /// The stored message.
    pub fn message(&self) -> Option<&Message> {
        match &self.state {
            RowState::Stored(message) => Some(message),
            RowState::Pending { .. } | RowState::Failed { .. } => None,
        }
    }
}

/// What an operation changed, so that a screen touches only that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Rows came, went or moved.
    pub order: bool,
    /// This row's content changed.
    pub row: Option<MessageId>,
}

/// A window on a channel's transcript: stored rows in order of position, without gaps, then what waits to be sent. Or on a
/// thread: the message it began with, whatever the window shows, then its replies in order of place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Who looks.
    me: PersonId,
    /// What the thread began with, if this is one.
    root: Option<MessageId>,
    stored: Vec<MessageId>,
    waiting: Vec<MessageId>,
    rows: HashMap<MessageId, Row>,
    /// Whether older messages exist than the first row.
    pub older: bool,
    /// Whether newer messages exist than the last stored row: the reader is in the past.
    pub newer: bool,
    /// The highest position heard of, in the window or below it.
    heard: i64,
}

impl Timeline {
    /// A window on what a fresh read gave to `me`.
    pub fn new(me: PersonId, page: Page) -> Self {
        let mut timeline = Self {
            me,
            root: None,
            stored: Vec::new(),
            waiting: Vec::new(),
            rows: HashMap::new(),
            older: page.older,
            newer: page.newer,
            heard: 0,
        };
        timeline.fill(page.messages);
        timeline
    }

    /// A window on a thread, as a fresh read gave it to `me`.
    pub fn of_thread(me: PersonId, view: ThreadView) -> Self {
        let ThreadView { root, page, .. } = view;
        let mut timeline = Self::new(me, Page { messages: Vec::new(), ..page });
        timeline.root = Some(root.id);
        timeline.keep(root);
        timeline.fill(page.messages);
        timeline
    }

    fn fill(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.heard = self.at(&message).unwrap_or_default();
            self.stored.push(message.id);
            self.keep(message);
        }
    }

    /// Where a message stands in what this is a window on, if it stands there.
    pub fn at(&self, message: &Message) -> Option<i64> {
        match self.root {
            None => message.position,
            Some(root) => message.place.filter(|_| message.root == Some(root)),
        }
    }

    /// The rows' ids from top to bottom.
    pub fn order(&self) -> impl Iterator<Item = MessageId> {
        self.root.iter().chain(&self.stored).chain(&self.waiting).copied()
    }

    /// What the thread began with, if this is one.
    pub fn root(&self) -> Option<&Message> {
        self.rows.get(&self.root?)?.message()
    }

    /// One row.
    pub fn row(&self, id: MessageId) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// The stored messages from oldest to newest.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.stored.iter().filter_map(|id| self.rows[id].message())
    }

    /// What waits to be sent, in the order it was written.
    pub fn waiting(&self) -> impl Iterator<Item = &Row> {
        self.waiting.iter().filter_map(|id| self.rows.get(id))
    }

    /// The position of the first stored row.
    pub fn first_position(&self) -> Option<i64> {
        self.messages().next().and_then(|message| self.at(message))
    }

    /// The position of the last stored row.
    pub fn last_position(&self) -> Option<i64> {
        self.stored.last().and_then(|id| self.rows[id].message()).and_then(|message| self.at(message))
    }

    /// Applies one durable event of this channel.
    pub fn apply(&mut self, event: &Event) -> Change {
        match event {
            Event::MessagePosted { message, .. } => self.settle((**message).clone()),
            Event::MessageEdited { message, .. } | Event::MessageDeleted { message } => {
                self.replace((**message).clone())
            }
            Event::ReactionAdded { reacted } => self.react(reacted, true),
            Event::ReactionRemoved { reacted } => self.react(reacted, false),
            Event::ThreadReplied { replied } | Event::ReplyDeleted { replied } => self.thread(replied),
            Event::MessagePinned { message, .. } => self.pin(*message, true),
            Event::MessageUnpinned { message, .. } => self.pin(*message, false),
            Event::MessageFlagged { message, .. } => self.flag(*message, true),
            Event::MessageJudged { message, .. } => self.flag(*message, false),
            Event::HistoryImported { count, .. } => {
                // What came is below the window until it is paged in.
                self.newer |= self.root.is_none() && *count > self.last_position().unwrap_or_default();
                Change { order: true, row: None }
            }
            Event::ProfileChanged { person } => self.rename(person),
            _ => Change::default(),
        }
    }

    /// Shows what was just written, before the server has it.
    pub fn write(&mut self, id: MessageId, body: String, author: PersonSummary, written_at: Time) -> Change {
        if self.rows.contains_key(&id) {
            return Change::default();
        }
        self.waiting.push(id);
        self.rows.insert(id, Row { id, state: RowState::Pending { body, author, written_at } });
        Change { order: true, row: Some(id) }
    }

    /// Marks what was written as refused.
    pub fn fail(&mut self, id: MessageId, reason: String) -> Change {
        let Some(row) = self.rows.get_mut(&id) else { return Change::default() };
        if let RowState::Pending { body, author, written_at } | RowState::Failed { body, author, written_at, .. } =
            &row.state
        {
            row.state =
                RowState::Failed { body: body.clone(), author: author.clone(), written_at: *written_at, reason };
            return Change { order: false, row: Some(id) };
        }
        Change::default()
    }

    /// Marks what was refused as waiting again.
    pub fn retry(&mut self, id: MessageId) -> Change {
        let Some(row) = self.rows.get_mut(&id) else { return Change::default() };
        if let RowState::Failed { body, author, written_at, .. } = &row.state {
            row.state = RowState::Pending { body: body.clone(), author: author.clone(), written_at: *written_at };
            return Change { order: false, row: Some(id) };
        }
        Change::default()
    }

    /// Lets go of what was written and not stored.
    pub fn discard(&mut self, id: MessageId) -> Change {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| *waiting != id);
        if self.waiting.len() == before {
            return Change::default();
        }
        self.rows.remove(&id);
        Change { order: true, row: None }
    }

    /// A stored message takes its place; a pending row with its id becomes it. Twice is once.
    pub fn settle(&mut self, message: Message) -> Change {
        let id = message.id;
        if self.rows.get(&id).is_some_and(|row| row.message().is_some()) {
            return self.replace(message);
        }
        // What stands in a thread alone is none of the channel's, nor the channel's any of the thread's.
        let Some(position) = self.at(&message) else { return Change::default() };
        let waited = self.waiting.contains(&id);
        self.waiting.retain(|waiting| *waiting != id);
        self.heard = self.heard.max(position);
        if self.newer {
            // The reader is in the past: the message stands below the window and comes when it is paged in.
            self.rows.remove(&id);
            return Change { order: waited, row: None };
        }
        let at = self.stored.partition_point(|known| self.position(*known) < position);
        self.stored.insert(at, id);
        self.keep(message);
        self.cut_top();
        Change { order: true, row: Some(id) }
    }

    /// Takes the answer of a post: the row that waited becomes the stored one. What the feed told already is newer
    /// than the answer and stays.
    pub fn answer(&mut self, message: Message) -> Change {
        if self.rows.get(&message.id).is_some_and(|row| row.message().is_none()) {
            self.settle(message)
        } else {
            Change::default()
        }
    }

    /// Takes the answer of an edit, unless the feed told of a later one.
    pub fn revise(&mut self, message: Message) -> Change {
        let known = self.rows.get(&message.id).and_then(Row::message);
        if known.is_some_and(|known| !known.is_deleted() && known.edited_at < message.edited_at) {
            self.replace(message)
        } else {
            Change::default()
        }
    }

    /// Puts an older page above.
    pub fn prepend(&mut self, page: Page) -> Change {
        let fresh: Vec<Message> = page.messages.into_iter().filter(|m| !self.rows.contains_key(&m.id)).collect();
        self.older = page.older;
        self.stored.splice(0..0, fresh.iter().map(|message| message.id));
        for message in fresh {
            self.keep(message);
        }
        while self.stored.len() > WINDOW + LEEWAY {
            if let Some(id) = self.stored.pop() {
                self.rows.remove(&id);
                self.newer = true;
            }
        }
        Change { order: true, row: None }
    }

    /// Puts a newer page below.
    pub fn append(&mut self, page: Page) -> Change {
        for message in page.messages {
            self.heard = self.heard.max(self.at(&message).unwrap_or_default());
            let known = self.rows.get(&message.id).is_some_and(|row| row.message().is_some());
            if !known {
                self.waiting.retain(|waiting| *waiting != message.id);
                self.stored.push(message.id);
            }
            self.keep(message);
        }
        // A message that was posted after the page was read came while the reader was in the past.
        self.newer = page.newer || self.last_position().is_some_and(|last| last < self.heard);
        self.cut_top();
        Change { order: true, row: None }
    }

    /// Takes a fresh latest page, keeping what waits to be sent.
    pub fn refresh(&mut self, page: Page) -> Change {
        self.renew(Self::new(self.me, page))
    }

    /// Takes a fresh latest page of the thread, keeping what waits to be sent.
    pub fn refresh_thread(&mut self, view: ThreadView) -> Change {
        self.renew(Self::of_thread(self.me, view))
    }

    fn renew(&mut self, fresh: Self) -> Change {
        let waiting: Vec<Row> = self.waiting().cloned().collect();
        *self = fresh;
        for row in waiting {
            if !self.rows.contains_key(&row.id) {
                self.waiting.push(row.id);
                self.rows.insert(row.id, row);
            }
        }
        Change { order: true, row: None }
    }

    fn position(&self, id: MessageId) -> i64 {
        self.rows.get(&id).and_then(Row::message).and_then(|message| self.at(message)).unwrap_or(i64::MAX)
    }

    /// Takes a message as everybody is told of it: what people put on it stays, the thread that began with it, and that it
    /// waits to be judged.
    fn replace(&mut self, mut message: Message) -> Change {
        let id = message.id;
        let requoted = self.requote(&message);
        let known = self.rows.get(&id).and_then(Row::message);
        if let Some(known) = known {
            message.thread.clone_from(&known.thread);
            if !message.is_deleted() {
                message.reactions.clone_from(&known.reactions);
                if known.status == MessageStatus::Flagged {
                    message.status = known.status;
                }
            }
        }
        match known {
            Some(known) if *known != message => {
                self.keep(message);
                Change { order: requoted, row: Some(id) }
            }
            _ => Change { order: requoted, row: None },
        }
    }

    fn keep(&mut self, message: Message) {
        self.rows.insert(message.id, Row { id: message.id, state: RowState::Stored(Box::new(message)) });
    }

    fn cut_top(&mut self) {
        if self.stored.len() > WINDOW + LEEWAY {
            let surplus = self.stored.len() - WINDOW;
            for id in self.stored.drain(..surplus) {
                self.rows.remove(&id);
            }
            self.older = true;
        }
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
