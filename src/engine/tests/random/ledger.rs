//! What is unread, counted by somebody who only remembers what people did (C13).

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{ChannelId, Message, MessageId, PersonId, channel::NotificationLevel};

/// What the book keeps of a message.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Where.
    pub channel: ChannelId,
    /// By whom.
    pub author: PersonId,
    position: Option<i64>,
    root: Option<MessageId>,
}

/// Everything that unread counts follow from.
#[derive(Debug, Default)]
pub struct Ledger {
    messages: BTreeMap<MessageId, Line>,
    marks: BTreeMap<(PersonId, ChannelId), i64>,
    levels: BTreeMap<(PersonId, ChannelId), (bool, NotificationLevel)>,
    /// Of which messages somebody was told, and whether they have read that.
    told: BTreeMap<(PersonId, MessageId), bool>,
}

impl Ledger {
    /// A message was posted; its author has read it.
    pub fn posted(&mut self, message: &Message) {
        let Message { id, channel, position, root, .. } = *message;
        let author = message.author.id;
        self.messages.insert(id, Line { channel, author, position, root });
        if let (Some(mark), Some(position)) = (self.marks.get_mut(&(author, channel)), position) {
            *mark = position.max(*mark);
        }
    }

    /// What is known of a message.
    pub fn line(&self, message: MessageId) -> Option<Line> {
        self.messages.get(&message).copied()
    }

    /// How many messages a channel has.
    pub fn count(&self, channel: ChannelId) -> i64 {
        self.messages
            .values()
            .filter(|line| line.channel == channel)
            .filter_map(|line| line.position)
            .max()
            .unwrap_or(0)
    }

    /// Somebody came in: what was said before is no news. Twice is once.
    pub fn joined(&mut self, person: PersonId, channel: ChannelId) {
        let count = self.count(channel);
        self.marks.entry((person, channel)).or_insert(count);
    }

    /// Somebody takes part in a channel no more.
    pub fn left(&mut self, person: PersonId, channel: ChannelId) {
        self.marks.remove(&(person, channel));
        self.levels.remove(&(person, channel));
    }

    /// Somebody takes part in nothing any more.
    pub fn departed(&mut self, person: PersonId) {
        self.marks.retain(|(who, _), _| *who != person);
        self.levels.retain(|(who, _), _| *who != person);
    }

    /// Somebody says they have read up to there.
    pub fn read(&mut self, person: PersonId, channel: ChannelId, position: i64) {
        let position = position.min(self.count(channel));
        if let Some(mark) = self.marks.get_mut(&(person, channel)) {
            *mark = position.max(*mark);
        }
    }

    /// Somebody says how much they want to hear of a channel.
    pub fn wants(&mut self, person: PersonId, channel: ChannelId, muted: bool, level: NotificationLevel) {
        self.levels.insert((person, channel), (muted, level));
    }

    /// Whether somebody muted a channel.
    pub fn is_mute(&self, person: PersonId, channel: ChannelId) -> bool {
        self.levels.get(&(person, channel)).is_some_and(|(muted, _)| *muted)
    }

    /// Whether somebody has read a message, as far as their mark tells.
    pub fn has_read(&self, person: PersonId, message: MessageId) -> bool {
        let Some(Line { channel, position: Some(position), .. }) = self.line(message) else { return false };
        self.marks.get(&(person, channel)).is_some_and(|mark| *mark >= position)
    }

    /// Somebody has read what told them of a conversation's messages up to a position.
    pub fn caught_up(&mut self, person: PersonId, channel: ChannelId, position: i64) {
        let until = position.min(self.count(channel));
        let messages = &self.messages;
        for ((who, message), read) in &mut self.told {
            let Some(line) = messages.get(message) else { continue };
            *read |= *who == person && line.channel == channel && line.position.is_some_and(|at| at <= until);
        }
    }

    /// How much somebody said they want to hear of a channel.
    pub fn level(&self, person: PersonId, channel: ChannelId) -> Option<NotificationLevel> {
        self.levels.get(&(person, channel)).map(|(_, level)| *level)
    }

    /// Whether somebody takes part in a channel.
    pub fn takes_part(&self, person: PersonId, channel: ChannelId) -> bool {
        self.marks.contains_key(&(person, channel))
    }

    /// Where somebody takes part.
    pub fn parts(&self, person: PersonId) -> BTreeSet<ChannelId> {
        self.marks.keys().filter(|(who, _)| *who == person).map(|(_, channel)| *channel).collect()
    }

    /// How many messages somebody has not read: those below their mark, one by one.
    pub fn unread(&self, person: PersonId, channel: ChannelId) -> i64 {
        let Some(mark) = self.marks.get(&(person, channel)) else { return 0 };
        let below = |line: &&Line| line.channel == channel && line.position.is_some_and(|position| position > *mark);
        self.messages.values().filter(below).count().try_into().unwrap_or(i64::MAX)
    }

    /// Somebody is told of a message; once, whatever the reason.
    pub fn tell(&mut self, person: PersonId, message: MessageId) {
        self.told.entry((person, message)).or_insert(false);
    }

    /// Somebody has read what told them of a message.
    pub fn noticed(&mut self, person: PersonId, message: MessageId) {
        self.told.entry((person, message)).and_modify(|read| *read = true);
    }

    /// Somebody has read what told them of the replies of a thread.
    pub fn thread_noticed(&mut self, person: PersonId, root: MessageId) {
        let messages = &self.messages;
        for ((who, message), read) in &mut self.told {
            *read |= *who == person && messages.get(message).is_some_and(|line| line.root == Some(root));
        }
    }

    /// Somebody has read all they were told of.
    pub fn all_noticed(&mut self, person: PersonId) {
        self.told.iter_mut().filter(|((who, _), _)| *who == person).for_each(|(_, read)| *read = true);
    }

    /// Of how many messages somebody was told and has not read.
    pub fn notifications(&self, person: PersonId) -> i64 {
        let unread = self.told.iter().filter(|((who, _), read)| *who == person && !**read);
        unread.count().try_into().unwrap_or(i64::MAX)
    }

    /// How many of them are replies of a thread.
    pub fn thread_unread(&self, person: PersonId, root: MessageId) -> i64 {
        let unread = self.told.iter().filter(|((who, _), read)| *who == person && !**read);
        let replies = unread.filter(|((_, id), _)| self.messages.get(id).is_some_and(|line| line.root == Some(root)));
        replies.count().try_into().unwrap_or(i64::MAX)
    }

    /// A channel is gone with all that was said in it.
    pub fn deleted(&mut self, channel: ChannelId) {
        self.marks.retain(|(_, known), _| *known != channel);
        self.levels.retain(|(_, known), _| *known != channel);
        self.messages.retain(|_, line| line.channel != channel);
        let messages = &self.messages;
        self.told.retain(|(_, message), _| messages.contains_key(message));
    }
}
