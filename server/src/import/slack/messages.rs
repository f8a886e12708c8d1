//! Slack's messages, day by day, in batches.

use std::collections::HashSet;

use thunderline::domain::{
    Time,
    command::{ImportedMessage, ImportedPerson},
    person::PersonKind,
    text::MessageBody,
};

use super::{
    body,
    ids::Ids,
    markup::Names,
    reactions,
    record::{self, Record},
    users::{User, stranger},
};
use crate::import::Tally;

pub(super) use super::record::LAST_SECOND;

/// Slack's own voice, which is in no list of people.
const SLACKBOT: &str = "USLACKBOT";
/// What stands for a message that says nothing.
const WITHOUT_WORDS: &str = "*(a message without words)*";

/// What is written together: who is new, what they wrote, and what was counted on the way.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub people: Vec<ImportedPerson>,
    pub messages: Vec<ImportedMessage>,
    pub tally: Tally,
    /// Files read to the end.
    pub files: usize,
}

/// Reads the messages of one channel.
pub(super) struct Transcript<'t> {
    ids: Ids,
    channel: &'t str,
    names: Names<'t>,
    /// The messages that replies can belong to: 8 bytes each is what stays in memory of a channel.
    seen: HashSet<i64>,
    strangers: HashSet<String>,
    pub batch: Batch,
}

impl<'t> Transcript<'t> {
    pub fn new(ids: Ids, channel: &'t str, names: Names<'t>) -> Self {
        Self { ids, channel, names, seen: HashSet::new(), strangers: HashSet::new(), batch: Batch::default() }
    }

    /// Takes a day's records in the order of their times.
    pub fn arrange(&mut self, file: &str, records: Vec<(u64, Record)>) -> Vec<(Time, Record)> {
        let mut timed = Vec::with_capacity(records.len());
        for (number, record) in records {
            self.batch.tally.messages.read += 1;
            if let Some(at) = record::time(&record.ts) {
                timed.push((at, record));
            } else {
                self.batch.tally.complain(file, Some(number), "has no time that can be read; left out");
                self.batch.tally.drop_message("no time that can be read");
            }
        }
        timed.sort_by_key(|(at, _)| *at);
        timed
    }

    /// Adds one message to the batch, or counts why not.
    pub fn add(&mut self, at: Time, record: &Record) {
        let tally = &mut self.batch.tally;
        if record.kind.as_deref().is_some_and(|kind| kind != "message") {
            tally.drop_message(format!("of type {}", record.kind.as_deref().unwrap_or_default()));
            return;
        }
        let subtype = record.subtype.as_deref().unwrap_or_default();
        if record::is_systems(subtype) {
            tally.drop_message(format!("Slack's own: {subtype}"));
            return;
        }
        if self.seen.contains(&at.micros()) {
            tally.drop_message("twice in the export");
            return;
        }
        let mut parts = body::split(&body::body(record, &self.names, tally));
        if parts.first().is_none_or(|first| MessageBody::parse("body", first).is_err()) {
            // Kept in its place: replies may hang on it, and the counts stay the source's.
            tally.change("without any words: a line says so");
            parts = vec![WITHOUT_WORDS.to_owned()];
        }
        if subtype == "tombstone" {
            tally.change("deleted in Slack: a line says so");
        }
        self.seen.insert(at.micros());
        if parts.len() > 1 {
            tally.change("longer than 4,000 characters: split");
            tally.parts += parts.len() as u64 - 1;
        }
        let root = self.root(at, record);
        let author = self.author(record);
        let mut reactions = record
            .reactions
            .as_ref()
            .map_or_else(Vec::new, |source| reactions::read(source, self.names.people, &mut self.batch.tally));
        let edited = record.edited.as_ref().map(|edited| edited.ts.as_deref().and_then(record::time).unwrap_or(at));
        for (part, body) in (0..).zip(parts) {
            self.batch.messages.push(ImportedMessage {
                id: self.ids.message(self.channel, at, part),
                author,
                body,
                root,
                in_channel: record.subtype.as_deref() == Some("thread_broadcast"),
                created_at: at,
                edited_at: edited,
                // Those of a message that was split are on its first part.
                reactions: std::mem::take(&mut reactions),
            });
        }
    }

    fn root(&mut self, at: Time, record: &Record) -> Option<thunderline::domain::MessageId> {
        let thread = record.thread_ts.as_deref().and_then(record::time).filter(|thread| *thread != at)?;
        if !self.seen.contains(&thread.micros()) {
            self.batch.tally.change("a reply whose thread is not in the export: an ordinary message now");
            return None;
        }
        Some(self.ids.message(self.channel, thread, 0))
    }

    fn author(&mut self, record: &Record) -> thunderline::domain::PersonId {
        let given = |text: &'_ Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let user = given(&record.user).or_else(|| record.files.iter().flatten().flatten().find_map(|f| given(&f.user)));
        if let Some(known) = user.as_deref().and_then(|user| self.names.people.get(user)) {
            return known.id;
        }
        let name = given(&record.username).or_else(|| {
            let profile = record.bot_profile.as_ref()?;
            Some(profile.placeholder(self.ids, "").name).filter(|_| profile.is_named())
        });
        let (key, kind) = match (user, given(&record.bot_id), &name) {
            (Some(user), ..) if user == SLACKBOT => (user, PersonKind::Bot),
            (Some(user), ..) => (user, PersonKind::Placeholder),
            // One program may speak under many names, as bridges do: each is an author of its own.
            (None, Some(bot), Some(name)) => (format!("bot:{bot}:{name}"), PersonKind::Bot),
            (None, Some(bot), None) => (format!("bot:{bot}"), PersonKind::Bot),
            (None, None, Some(name)) => (format!("bot:{name}"), PersonKind::Bot),
            (None, None, None) => ("nobody".to_owned(), PersonKind::Placeholder),
        };
        let profile = record.user_profile.as_ref().filter(|profile: &&User| profile.is_named());
        let person = match (profile, kind) {
            (Some(profile), PersonKind::Placeholder) => profile.placeholder(self.ids, &key),
            _ => stranger(self.ids, &key, name.as_deref().filter(|_| kind == PersonKind::Bot), kind),
        };
        let id = person.id;
        if self.strangers.insert(key) {
            self.batch.people.push(person);
        }
        id
    }
}
