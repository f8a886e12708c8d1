//! The read mark of the open channel.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use thunderline::view::reading::{Sight, mark};

use super::{Client, Transcript};
use crate::{api::channel::mark_read, dom::page};

/// How long something stands in view before it counts as read.
const GLANCE: Duration = Duration::from_millis(800);

impl Client {
    /// What is in view counts as read in a moment, if it still is then.
    pub fn read(&self, transcript: Transcript) {
        if !transcript.begin_reading() {
            return;
        }
        let client = *self;
        set_timeout(move || client.read_now(transcript), GLANCE);
    }

    fn read_now(self, transcript: Transcript) {
        if !transcript.is_alive() {
            return;
        }
        transcript.end_reading();
        let channel = transcript.channel;
        let mine = self.shell.with_untracked(|shell| shell.as_ref()?.channel(channel)?.participation);
        let sight = Sight {
            visible: page::is_visible(),
            at_end: transcript.is_at_end(),
            present: transcript.is_present(),
            last: transcript.last_position(),
        };
        if let Some(position) = mark(mine, sight) {
            spawn_local(async move {
                // The event moves the mark here as in every other tab; a failure is made good by the next message
                // or visit.
                let _ = mark_read(channel, position).await;
            });
        }
    }
}
