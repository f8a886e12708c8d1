//! What was begun and not sent, for each person and channel, across reloads.

use leptos::prelude::*;
use thunderline::domain::PersonId;
use wasm_bindgen::JsCast;

use super::{Client, Transcript};
use crate::dom::storage;

/// Under which every text of a person stands.
pub(super) fn prefix(kind: &str, me: PersonId) -> String {
    ["thunderline:", kind, ":", &me.to_string(), ":"].concat()
}

impl Client {
    /// Who I am.
    pub(super) fn me(self) -> Option<PersonId> {
        self.shell.with_untracked(|shell| shell.as_ref().map(|shell| shell.me.id))
    }

    /// The draft of a conversation.
    pub fn draft(&self, of: Transcript) -> Option<String> {
        storage::read(&self.draft_key(of)?)
    }

    /// Keeps a draft; an empty one is let go.
    pub fn keep_draft(&self, of: Transcript, text: &str) {
        let Some(key) = self.draft_key(of) else { return };
        if text.trim().is_empty() {
            storage::remove(&key);
        } else {
            storage::write(&key, text);
        }
    }

    fn draft_key(self, of: Transcript) -> Option<String> {
        let key = prefix("draft", self.me()?) + &of.channel.to_string();
        Some(of.thread.map_or_else(|| key.clone(), |thread| format!("{key}:{thread}")))
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
