//! What of mine waits for a moderator in the open channel.

use leptos::{prelude::*, task::spawn_local};
use thunderline::{
    domain::{Event, MessageId, held::Held},
    view::HeldList,
};

use super::Client;
use crate::{
    api::held::{discard_held, edit_held},
    part::toast::ToastKind,
};

impl Client {
    /// What is held of mine in the open channel, the oldest first.
    pub fn held(&self) -> Memo<Vec<Held>> {
        let held = self.aside().held;
        Memo::new(move |_| held.with(|list| list.as_ref().map(|list| list.all().to_vec()).unwrap_or_default()))
    }

    /// Changes a message of mine that waits; the feed brings what became of it.
    pub fn edit_held(self, message: MessageId, body: String) {
        spawn_local(async move {
            if let Err(fault) = edit_held(message, body).await {
                self.toasts.show(ToastKind::Bad, Self::noted(fault.0).to_string());
            }
        });
    }

    /// Takes back a message of mine that waits.
    pub fn discard_held(self, message: MessageId) {
        spawn_local(async move {
            if let Err(fault) = discard_held(message).await {
                self.toasts.show(ToastKind::Bad, Self::noted(fault.0).to_string());
            }
        });
    }

    /// Takes what a fresh read says of what is held, unless another channel was opened meanwhile.
    pub(super) fn reread_held(self, fresh: HeldList) {
        self.aside().held.update(|list| {
            if let Some(list) = list {
                list.reread(fresh);
            }
        });
    }

    /// Hears of what is held.
    pub(super) fn hear_of_held(self, event: &Event) {
        if matches!(event, Event::HeldChanged { .. }) {
            self.aside().held.update(|list| {
                if let Some(list) = list {
                    list.apply(event);
                }
            });
        }
    }
}
