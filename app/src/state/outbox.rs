//! Sending, in order, once.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use thunderline::{
    domain::{
        ChannelId, Error, MessageId,
        command::{PostMessage, Taken},
        thread::Reply,
    },
    view::{Backoff, Letter, Verdict, verdict},
};
use wasm_bindgen::JsCast;

use super::{Client, Transcript, drafts::prefix};
use crate::{
    api::message::{Sent, post_message},
    dom::{page, storage},
    part::toast::ToastKind,
};

/// How often a fault of the server is taken for a passing one.
const FAULTS: u32 = 5;

impl Client {
    /// Posts a message, for good or for so many seconds: it is on the screen in this frame and on its way as soon as
    /// the line allows. Says whether it was taken; a full outbox takes nothing.
    pub fn post(&self, transcript: Transcript, body: String, reply_to: Option<Reply>, expires_in: Option<i64>) -> bool {
        let (id, channel) = (MessageId::fresh(), transcript.channel);
        let letter = Letter {
            post: PostMessage { id, channel, body, reply_to, expires_in },
            written_at: page::now(),
            refusal: None,
        };
        if self.outbox.try_update_value(|outbox| outbox.add(letter.clone())) != Some(true) {
            return false;
        }
        self.keep(&letter);
        self.count_unsent();
        self.typing.update_value(thunderline::view::TypingNotice::sent);
        self.show(transcript, &letter);
        transcript.to_present();
        self.send_next(letter.post.channel, Backoff::default());
        true
    }

    /// Sends a refused message again.
    pub fn retry(&self, transcript: Transcript, id: MessageId) {
        let letter = self.outbox.try_update_value(|outbox| outbox.retry(id).cloned()).flatten();
        if let Some(letter) = letter {
            self.keep(&letter);
            transcript.change(|timeline| timeline.retry(id));
            self.count_unsent();
            self.send_next(letter.post.channel, Backoff::default());
        }
    }

    /// Lets go of a message that was not sent; answers what was written.
    pub fn discard(&self, transcript: Transcript, id: MessageId) -> Option<String> {
        let body = self.outbox.with_value(|outbox| outbox.letter(id).map(|letter| letter.post.body.clone()));
        self.acknowledge(id);
        transcript.change(|timeline| timeline.discard(id));
        body
    }

    /// Shows what waits in this channel.
    pub fn show_unsent(self, transcript: Transcript) {
        let here = |letter: &&Letter| letter.post.reply_to.and_then(Reply::thread) == transcript.thread;
        let letters: Vec<Letter> =
            self.outbox.with_value(|outbox| outbox.of(transcript.channel).filter(here).cloned().collect());
        for letter in letters {
            self.show(transcript, &letter);
        }
    }

    fn show(self, transcript: Transcript, letter: &Letter) {
        let Some(me) = self.shell.with_untracked(|shell| shell.as_ref().map(|shell| shell.me.clone())) else { return };
        let id = letter.post.id;
        transcript.change(|timeline| timeline.write(id, letter.post.body.clone(), me, letter.written_at));
        if let Some(reason) = &letter.refusal {
            transcript.change(|timeline| timeline.fail(id, reason.clone()));
        }
    }

    /// The server has this message: it waits no longer.
    pub(super) fn acknowledge(self, id: MessageId) {
        if self.outbox.try_update_value(|outbox| outbox.acknowledge(id)) == Some(true) {
            if let Some(key) = self.letter_key(id) {
                storage::remove(&key);
            }
            self.count_unsent();
        }
    }

    /// Sends whatever waits, in every channel.
    pub(super) fn send_all(self) {
        for channel in self.outbox.with_value(thunderline::view::Outbox::channels) {
            self.send_next(channel, Backoff::default());
        }
    }

    fn send_next(self, channel: ChannelId, backoff: Backoff) {
        if !page::is_online() {
            return;
        }
        let Some(letter) = self.outbox.try_update_value(|outbox| outbox.send_next(channel)).flatten() else { return };
        spawn_local(async move {
            let PostMessage { id, channel, body, reply_to, expires_in } = letter.post;
            let (to, shown) = (reply_to.map(|reply| reply.to), reply_to.map(|reply| reply.shown));
            match post_message(id, channel, body, to, shown, expires_in).await {
                Ok(sent) => {
                    self.acknowledge(id);
                    if let Sent::Taken(Taken { later: true, .. }) = sent {
                        self.toasts.show(ToastKind::Good, "You will be reminded.");
                    }
                    if sent.waits() {
                        self.toasts.show(ToastKind::Info, "Your message waits for approval.");
                    }
                    for open in self.open_of(channel) {
                        open.change(|timeline| match &sent {
                            // It stands below, for its author alone.
                            sent if sent.waits() => timeline.discard(id),
                            Sent::Posted(posted) => timeline.answer(posted.message.clone()),
                            // It was never a message.
                            Sent::Taken(_) => timeline.discard(id),
                        });
                    }
                    self.send_next(channel, Backoff::default());
                }
                Err(fault) => self.met(id, channel, &fault.0, backoff),
            }
        });
    }

    fn met(self, id: MessageId, channel: ChannelId, error: &Error, mut backoff: Backoff) {
        // A fault may be of the moment, such as an answer cut off by a restart: the same id makes another try safe.
        let passing = matches!(error, Error::Internal { .. }) && backoff.failures() < FAULTS;
        if let (Error::TooMany { retry_after }, Some(transcript)) = (error, self.transcript_of(channel)) {
            transcript.pause().hold((*retry_after).into());
        }
        match if passing { Verdict::Wait } else { verdict(error) } {
            Verdict::Wait => {
                self.outbox.update_value(|outbox| outbox.hold(id));
                let delay = match error {
                    // The server says when there is room again.
                    Error::TooMany { retry_after } => Duration::from_secs((*retry_after).into()),
                    _ => Duration::from_millis(backoff.after_failure(page::chance()).into()),
                };
                set_timeout(move || self.send_next(channel, backoff), delay);
            }
            Verdict::Refused(reason) => {
                let letter =
                    self.outbox.try_update_value(|outbox| outbox.refuse(id, reason.clone()).cloned()).flatten();
                if let Some(letter) = letter {
                    self.keep(&letter);
                }
                self.count_unsent();
                for open in self.open_of(channel) {
                    open.change(|timeline| timeline.fail(id, reason.clone()));
                }
                self.send_next(channel, Backoff::default());
            }
            Verdict::SignedOut => {
                self.outbox.update_value(|outbox| outbox.hold(id));
                Self::leave();
            }
        }
    }

    /// Letters of an earlier visit.
    pub(super) fn restore_outbox(self) {
        let Some(me) = self.me() else { return };
        let letters: Vec<Letter> = storage::keys(&prefix("unsent", me))
            .iter()
            .filter_map(|key| serde_json::from_slice(storage::read(key)?.as_bytes()).ok())
            .collect();
        self.outbox.update_value(|outbox| {
            for letter in letters {
                outbox.add(letter);
            }
        });
        self.count_unsent();
        for open in [self.transcript.get_value(), self.beside.get_value()].into_iter().flatten() {
            self.show_unsent(open);
        }
        self.send_all();
    }

    /// Another tab of this person sent or discarded a letter this one holds as well (U12).
    pub(super) fn stored_elsewhere(self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<web_sys::StorageEvent>().filter(|event| event.new_value().is_none()) else {
            return;
        };
        let (Some(me), Some(key)) = (self.me(), event.key()) else { return };
        let Some(id) = key.strip_prefix(&prefix("unsent", me)).and_then(|id| id.parse::<MessageId>().ok()) else {
            return;
        };
        let channel = self.outbox.with_value(|outbox| outbox.letter(id).map(|letter| letter.post.channel));
        if let Some(channel) = channel {
            let refused = self.outbox.with_value(|outbox| outbox.letter(id).is_some_and(|l| l.refusal.is_some()));
            self.acknowledge(id);
            // What was sent elsewhere stays until the feed brings it; what was discarded goes.
            for open in self.open_of(channel).filter(|_| refused) {
                open.change(|timeline| timeline.discard(id));
            }
        }
    }

    fn keep(self, letter: &Letter) {
        if let (Some(key), Ok(text)) = (self.letter_key(letter.post.id), serde_json::to_string(letter)) {
            storage::write(&key, &text);
        }
    }

    fn letter_key(self, id: MessageId) -> Option<String> {
        Some(prefix("unsent", self.me()?) + &id.to_string())
    }

    fn count_unsent(self) {
        self.unsent.set(self.outbox.with_value(thunderline::view::Outbox::waiting));
    }
}
