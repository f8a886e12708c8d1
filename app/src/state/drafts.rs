//! What was begun and not sent. The server keeps it for each person, channel and thread, a moment after it was typed (M31);
//! until it says so the browser keeps it as well, across reloads and without a line.

use std::time::Duration;

use leptos::prelude::*;
use thunderline::{
    domain::{ChannelId, Event, MessageId, PersonId},
    view::Draft,
};
use wasm_bindgen::JsCast;

use super::{Client, Connection, Transcript};
use crate::dom::{page, storage};

/// Between the last letter and the saving of a draft, in milliseconds.
const PAUSE_MS: i64 = 1_000;

/// Between a text and what the server kept when its page was left before the server had answered.
const AFTER: char = '\0';

/// Under which every text of a person stands.
pub(super) fn prefix(kind: &str, me: PersonId) -> String {
    ["thunderline:", kind, ":", &me.to_string(), ":"].concat()
}

/// What is begun in one composer.
#[derive(Clone, Debug)]
pub struct Begun {
    draft: Draft,
    /// When the last letter was typed, in milliseconds since 1970.
    typed_ms: i64,
    /// Whether a timer runs that will have it saved.
    waits: bool,
}

impl Begun {
    pub(super) fn new(kept: &str) -> Self {
        Self { draft: Draft::new(kept.to_owned()), typed_ms: 0, waits: false }
    }

    /// What the server keeps.
    pub fn kept(&self) -> String {
        self.draft.kept().to_owned()
    }
}

impl Client {
    /// Who I am.
    pub(super) fn me(self) -> Option<PersonId> {
        self.shell.with_untracked(|shell| shell.as_ref().map(|shell| shell.me.id))
    }

    /// What was begun in this browser and is not known to be kept by the server. What the server was asked to keep when
    /// the page was left counts as long as it keeps what it kept then: otherwise it has kept this, or something newer.
    pub fn unsaved_draft(&self, of: Transcript) -> Option<String> {
        let stored = storage::read(&self.draft_key(of.channel, of.thread)?)?;
        let Some((text, before)) = stored.split_once(AFTER) else { return Some(stored) };
        let kept = of.with_begun(|begun| begun.kept()).unwrap_or_default();
        (kept == before).then(|| text.to_owned())
    }

    /// Keeps what stands in the composer now; an empty one is let go.
    pub fn keep_draft(&self, of: Transcript, text: &str) {
        let Some(key) = self.draft_key(of.channel, of.thread) else { return };
        let starts = of.with_begun(|begun| {
            begun.typed_ms = page::now_ms();
            begun.draft.write(text).then(|| !std::mem::replace(&mut begun.waits, true))
        });
        let unsaved = starts.flatten();
        if unsaved.is_none() || text.trim().is_empty() {
            storage::remove(&key);
        } else {
            storage::write(&key, text);
        }
        if unsaved == Some(true) {
            self.save_after(of, PAUSE_MS);
        }
    }

    /// Has it saved when nothing was typed for a while.
    fn save_after(self, of: Transcript, ms: i64) {
        let look = move || {
            let left = of.with_begun(|begun| {
                let left = begun.typed_ms + PAUSE_MS - page::now_ms();
                begun.waits = left > 0;
                left
            });
            match left {
                Some(left) if left > 0 => self.save_after(of, left),
                Some(_) => self.save_draft(of),
                None => {}
            }
        };
        set_timeout(look, Duration::from_millis(ms.unsigned_abs()));
    }

    /// Has the server keep what is begun, if it does not yet.
    pub(super) fn save_draft(self, of: Transcript) {
        // When there is a line again, all that is begun is saved.
        if self.connection.get_untracked() != Connection::Live {
            return;
        }
        // A message on its way lets go of what is kept when it arrives: what was begun after it is saved after it.
        if self.unsent.get_untracked() > 0 {
            let starts = of.with_begun(|begun| begun.draft.is_unsaved() && !std::mem::replace(&mut begun.waits, true));
            if starts == Some(true) {
                self.save_after(of, PAUSE_MS);
            }
            return;
        }
        if let Some(text) = of.with_begun(|begun| begun.draft.ask()).flatten() {
            let (channel, root) = (of.channel.to_string(), of.thread.map(|root| root.to_string()));
            let mut fields = vec![("channel", channel.as_str()), ("body", text.as_str())];
            fields.extend(root.as_deref().map(|root| ("root", root)));
            page::send("/api/save_draft", &fields);
        }
    }

    /// Whatever is begun on the screen.
    pub(super) fn save_drafts(self) {
        for open in [self.transcript.get_value(), self.beside.get_value()].into_iter().flatten() {
            self.save_draft(open);
        }
    }

    /// The page is left. Nobody will hear here whether the server keeps what it is asked to; what stays in the browser
    /// must not one day stand in the way of what was written elsewhere since.
    pub(super) fn leave_drafts(self) {
        self.save_drafts();
        for open in [self.transcript.get_value(), self.beside.get_value()].into_iter().flatten() {
            let asked = open.with_begun(|begun| begun.draft.is_asked().then(|| begun.kept())).flatten();
            if let (Some(before), Some(key)) = (asked, self.draft_key(open.channel, open.thread))
                && let Some(text) = storage::read(&key).filter(|text| !text.contains(AFTER))
            {
                storage::write(&key, &format!("{text}{AFTER}{before}"));
            }
        }
    }

    /// A draft of mine changed, here or on another device.
    pub(super) fn hear_of_draft(self, event: &Event) {
        let Event::DraftChanged { channel, root, body, .. } = event else { return };
        let here = self.draft_key(*channel, *root).and_then(|key| storage::read(&key));
        if here.is_some_and(|here| here.split(AFTER).next() == Some(body)) {
            self.forget_draft(*channel, *root);
        }
        for open in self.open_of(*channel).filter(|open| open.thread == *root) {
            let words = open.with_begun(|begun| begun.draft.hear(body)).flatten();
            if words.is_some() {
                open.begun.set(words);
            }
        }
    }

    fn forget_draft(self, channel: ChannelId, root: Option<MessageId>) {
        if let Some(key) = self.draft_key(channel, root) {
            storage::remove(&key);
        }
    }

    fn draft_key(self, channel: ChannelId, root: Option<MessageId>) -> Option<String> {
        let key = prefix("draft", self.me()?) + &channel.to_string();
        Some(root.map_or_else(|| key.clone(), |root| format!("{key}:{root}")))
    }

    /// A form is about to go out: signing out clears what this person left in the browser.
    pub(super) fn submitted(self, event: &web_sys::Event) {
        let form = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok());
        if form.and_then(|form| form.get_attribute("action")).is_some_and(|action| action.ends_with("/api/sign_out")) {
            let Some(me) = self.me() else { return };
            for kind in ["draft", "unsent"] {
                for key in storage::keys(&prefix(kind, me)) {
                    storage::remove(&key);
                }
            }
        }
    }
}
