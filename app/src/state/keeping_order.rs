//! What people do to keep a channel in order: pins and flags.

use leptos::{prelude::*, task::spawn_local};
use thunderline::domain::{Error, Event, MessageId};

use super::Client;
use crate::{
    api::{
        flag::flag_message,
        pin::{pin_message, unpin_message},
    },
    dom::page,
    part::toast::ToastKind,
};

impl Client {
    /// Pins a message or takes its pin away; the feed brings it, here as everywhere.
    pub fn pin(self, message: MessageId, on: bool) {
        spawn_local(async move {
            let result = if on { pin_message(message).await } else { unpin_message(message, false).await };
            match result {
                Ok(()) => page::announce(if on { "Pinned." } else { "Unpinned." }),
                Err(fault) => self.toasts.show(ToastKind::Bad, Self::noted(fault.0).to_string()),
            }
        });
    }

    /// Flags a message.
    pub async fn flag(self, message: MessageId, reason: String) -> Result<(), Error> {
        flag_message(message, reason).await.map_err(|fault| Self::noted(fault.0))?;
        self.toasts.show(ToastKind::Good, "Flagged. The moderators will look at it.");
        Ok(())
    }

    /// Changes whenever a list of pins or of what is flagged is no longer what it was.
    pub fn order_kept(&self) -> Signal<u32> {
        self.aside().order.into()
    }

    /// Has lists read again that an event makes old.
    pub(super) fn keep_order(&self, event: &Event) {
        if matches!(
            event,
            Event::MessagePinned { .. }
                | Event::MessageUnpinned { .. }
                | Event::MessageEdited { .. }
                | Event::MessageDeleted { .. }
                | Event::MessageFlagged { .. }
                | Event::MessageJudged { .. }
                | Event::QueueMoved { .. }
        ) {
            self.reread_lists();
        }
    }

    /// Has lists of pins and of what is flagged read again.
    pub(super) fn reread_lists(&self) {
        self.aside().order.update(|times| *times += 1);
    }
}
