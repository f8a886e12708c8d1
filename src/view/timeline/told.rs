//! What is told of a message that stands in the window, without a new message.

use super::{super::body, Change, RowState, Timeline};
use crate::domain::{Message, MessageId, PersonSummary, message::MessageStatus, reaction::Reacted, thread::Replied};

impl Timeline {
    /// Somebody put an emoji on a message of the window, or took it away.
    pub(super) fn react(&mut self, reacted: &Reacted, added: bool) -> Change {
        let me = self.me;
        let row = self.rows.get_mut(&reacted.message).map(|row| &mut row.state);
        let Some(RowState::Stored(message)) = row else { return Change::default() };
        if !message.is_deleted() {
            reacted.apply(&mut message.reactions, me, added);
        }
        Change { order: false, row: Some(reacted.message) }
    }

    /// A reply came to the thread of a message of the window, or went.
    pub(super) fn thread(&mut self, replied: &Replied) -> Change {
        let row = self.rows.get_mut(&replied.root).map(|row| &mut row.state);
        let Some(RowState::Stored(message)) = row else { return Change::default() };
        message.thread = replied.thread.clone().map(Box::new);
        Change { order: false, row: Some(replied.root) }
    }

    /// A message of the window was pinned, or is no more.
    pub(super) fn pin(&mut self, id: MessageId, pinned: bool) -> Change {
        let row = self.rows.get_mut(&id).map(|row| &mut row.state);
        let Some(RowState::Stored(message)) = row else { return Change::default() };
        message.pinned = pinned && !message.is_deleted();
        Change { order: false, row: Some(id) }
    }

    /// A message of the window waits to be judged, or does no more.
    pub(super) fn flag(&mut self, id: MessageId, flagged: bool) -> Change {
        let row = self.rows.get_mut(&id).map(|row| &mut row.state);
        let Some(RowState::Stored(message)) = row else { return Change::default() };
        if !message.is_deleted() {
            message.status = if flagged { MessageStatus::Flagged } else { message.settled() };
        }
        Change { order: false, row: Some(id) }
    }

    /// Puts somebody's new name over what they wrote, and wherever else they are named.
    pub(super) fn rename(&mut self, person: &PersonSummary) -> Change {
        let mut renamed = false;
        for row in self.rows.values_mut() {
            let named: Vec<&mut PersonSummary> = match &mut row.state {
                RowState::Stored(message) => {
                    let Message { author, quote, thread, .. } = &mut **message;
                    let faces = thread.iter_mut().flat_map(|thread| &mut thread.faces);
                    std::iter::once(author)
                        .chain(quote.iter_mut().map(|quote| &mut quote.author))
                        .chain(faces)
                        .collect()
                }
                RowState::Pending { author, .. } | RowState::Failed { author, .. } => vec![author],
            };
            for name in named {
                if name.id == person.id && name != person {
                    name.clone_from(person);
                    renamed = true;
                }
            }
        }
        Change { order: renamed, row: None }
    }

    /// Puts what a message says now where others quote it; says whether any do.
    pub(super) fn requote(&mut self, now: &Message) -> bool {
        let words = body::quoted(&now.html);
        let mut requoted = false;
        for row in self.rows.values_mut() {
            let RowState::Stored(message) = &mut row.state else { continue };
            if message.reply_to == Some(now.id)
                && let Some(quote) = message.quote.as_mut().filter(|quote| quote.words != words)
            {
                quote.words.clone_from(&words);
                requoted = true;
            }
        }
        requoted
    }
}
