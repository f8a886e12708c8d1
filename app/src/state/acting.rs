//! What a person does to messages that stand, and what they tell others by typing.

use leptos::prelude::*;
use thunderline::domain::{ChannelId, Error, MessageId, feed::ClientFrame, query::MessageSource};

use super::{Client, Transcript};
use crate::{
    api::message::{delete_message, edit_message, read_message_source},
    dom::page,
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
    pub async fn edit(self, transcript: Transcript, source: &MessageSource, new: String) -> Result<(), Error> {
        let edited =
            edit_message(source.message, new, Some(source.version)).await.map_err(|fault| Self::noted(fault.0))?;
        if transcript.is_alive() {
            transcript.change(|timeline| timeline.revise(edited));
        }
        Ok(())
    }

    /// Deletes a message; the feed brings its tombstone, here as everywhere.
    pub async fn delete(self, message: MessageId) -> Result<(), Error> {
        delete_message(message).await.map_err(|fault| Self::noted(fault.0))
    }

    fn noted(error: Error) -> Error {
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
        }
    }
}
