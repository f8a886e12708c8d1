//! What a person does to messages that stand, and what they tell others by typing.

use leptos::{prelude::*, task::spawn_local};
use thunderline::domain::{
    ChannelId, Error, MessageId, Time, channel::NotificationLevel, feed::ClientFrame, history::History,
    query::MessageSource, reaction::Reactors,
};

use super::{Client, Transcript};
use crate::{
    api::{
        channel_settings::set_notifications,
        message::{delete_message, edit_message, read_history, read_message_source},
        reaction::{add_reaction, list_reactions, remove_reaction},
        thread::{follow_thread, mark_thread_noticed},
    },
    dom::page,
    part::toast::ToastKind,
};

impl Client {
    /// A key was pressed in the composer: tells the others from time to time.
    pub fn type_in(&self, channel: ChannelId) {
        if self.typing.try_update_value(|notice| notice.press(channel, page::now_ms())) == Some(true) {
            Self::say(&ClientFrame::Typing { channel });
        }
    }

    /// The Markdown of a message one may edit.
    pub async fn source(self, message: MessageId) -> Result<MessageSource, Error> {
        read_message_source(message).await.map_err(|fault| Self::noted(fault.0))
    }

    /// Changes a message from what its source said to `new`.
    pub async fn edit(
        self,
        transcript: Transcript,
        source: &MessageSource,
        new: String,
        reason: String,
    ) -> Result<(), Error> {
        let edited = edit_message(source.message, new, Some(source.version), Some(reason)).await;
        let edited = edited.map_err(|fault| Self::noted(fault.0))?;
        if transcript.is_alive() {
            transcript.change(|timeline| timeline.revise(edited));
        }
        Ok(())
    }

    /// How a message came to say what it says.
    pub async fn history(self, message: MessageId) -> Result<History, Error> {
        read_history(message).await.map_err(|fault| Self::noted(fault.0))
    }

    /// Deletes a message; the feed brings its tombstone, here as everywhere.
    pub async fn delete(self, message: MessageId) -> Result<(), Error> {
        delete_message(message).await.map_err(|fault| Self::noted(fault.0))
    }

    /// Puts an emoji on a message, or takes it away; the feed brings it, here as everywhere.
    pub fn react(self, message: MessageId, emoji: String, on: bool) {
        spawn_local(async move {
            let result = if on { add_reaction(message, emoji).await } else { remove_reaction(message, emoji).await };
            if let Err(fault) = result {
                self.toasts.show(ToastKind::Bad, Self::noted(fault.0).to_string());
            }
        });
    }

    /// Mutes a channel, or no longer; the feed brings it, here as in every tab.
    pub fn mute(self, channel: ChannelId, muted: bool, level: NotificationLevel) {
        spawn_local(async move {
            if let Err(fault) = set_notifications(channel, muted, level).await {
                self.toasts.show(ToastKind::Bad, Self::noted(fault.0).to_string());
            }
        });
    }

    /// Who put which emoji on a message.
    pub async fn reactors(self, message: MessageId) -> Result<Vec<Reactors>, Error> {
        list_reactions(message).await.map_err(|fault| Self::noted(fault.0))
    }

    pub(super) fn noted(error: Error) -> Error {
        if error == Error::SignedOut {
            Self::leave();
        }
        error
    }

    /// Whether times are shown in this browser's zone.
    pub fn zoned(&self) -> Signal<bool> {
        self.zoned.into()
    }

    /// A conversation is on the screen and hydrated: from now on times are local.
    pub fn use_zone(&self) {
        if !self.zoned.get_untracked() {
            self.zoned.set(true);
            let minute = self.aside().minute;
            minute.set(Some(page::now()));
            set_interval(move || minute.set(Some(page::now())), std::time::Duration::from_mins(1));
        }
    }

    /// The present, moved on every minute; none until the page is hydrated.
    pub fn minute(&self) -> Signal<Option<Time>> {
        self.aside().minute.into()
    }

    /// Whoever has a thread in front of them reads what tells of its replies.
    pub(super) fn notice_thread(self) {
        let told = self.shell.with_untracked(|shell| shell.as_ref().is_some_and(|shell| shell.notifications > 0));
        let open = self.beside.get_value().and_then(|open| open.thread);
        if let Some(thread) = open.filter(|_| told && page::is_visible()) {
            spawn_local(async move {
                // A failure is made good by the next reply or visit.
                let _ = mark_thread_noticed(thread).await;
            });
        }
    }

    /// Follows a thread, or no longer.
    pub async fn follow(self, thread: MessageId, following: bool) -> Result<(), Error> {
        follow_thread(thread, following).await.map_err(|fault| Self::noted(fault.0))
    }
}
