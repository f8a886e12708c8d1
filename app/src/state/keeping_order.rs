//! What people do to keep a channel in order: pins.

use leptos::{prelude::*, task::spawn_local};
use thunderline::domain::{Event, MessageId};

use super::Client;
use crate::{
    api::pin::{pin_message, unpin_message},
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

    /// Changes whenever a list of pins is no longer what it was.
    pub fn order_kept(&self) -> Signal<u32> {
        self.order.into()
    }

    /// Has lists read again that an event makes old.
    pub(super) fn keep_order(&self, event: &Event) {
        if matches!(
            event,
            Event::MessagePinned { .. }
                | Event::MessageUnpinned { .. }
                | Event::MessageEdited { .. }
                | Event::MessageDeleted { .. }
        ) {
            self.order.update(|times| *times += 1);
        }
    }
}
