//! The read mark of the open channel.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use thunderline::{
    domain::ChannelId,
    view::reading::{Sight, mark},
};

use super::{Client, Transcript};
use crate::{api::channel::mark_read, dom::page};

/// How long something stands in view before it counts as read.
const GLANCE: Duration = Duration::from_millis(800);

impl Client {
    /// What is in view counts as read in a moment, if it still is then.
    pub fn read(&self, transcript: Transcript) {
        // A thread has no read mark: what told of its replies is read by opening it.
        if transcript.thread.is_some() || !transcript.begin_reading(self.in_sight(transcript)) {
            return;
        }
        let client = *self;
        set_timeout(move || client.read_now(transcript), GLANCE);
    }

    /// Whoever goes elsewhere has read what they were looking at.
    pub(super) fn leave_reading(transcript: Transcript) {
        if let Some(position) = transcript.end_reading() {
            send(transcript.channel, position);
        }
    }

    fn read_now(self, transcript: Transcript) {
        if !transcript.is_alive() {
            return;
        }
        transcript.end_reading();
        if let Some(position) = self.in_sight(transcript) {
            send(transcript.channel, position);
        }
    }

    /// How far the mark moves by what is in view now, if it moves.
    fn in_sight(self, transcript: Transcript) -> Option<i64> {
        let mine = self.shell.with_untracked(|shell| shell.as_ref()?.channel(transcript.channel)?.participation);
        let sight = Sight {
            visible: page::is_visible(),
            at_end: transcript.is_at_end(),
            present: transcript.is_present(),
            last: transcript.last_position(),
        };
        mark(mine, sight)
    }
}

fn send(channel: ChannelId, position: i64) {
    spawn_local(async move {
        // The event moves the mark here as in every other tab; a failure is made good by the next message or visit.
        let _ = mark_read(channel, position).await;
    });
}
