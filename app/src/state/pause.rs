//! Slow mode: how long one waits for one's next message (C05). The server decides; this says so beforehand.

use leptos::prelude::*;
use thunderline::domain::{ChannelId, Time, query::ChannelView};

use super::Client;
use crate::dom::page;

/// How long one waits in one channel, by this browser's clock: the server's may be another.
#[derive(Clone, Copy)]
pub struct Pause {
    /// How many seconds are left; 0: one may post.
    pub left: RwSignal<u32>,
    /// How many seconds lie between two messages of mine; 0: none.
    pub pace: Memo<i64>,
    until_ms: StoredValue<Option<i64>>,
}

impl Pause {
    /// As a page said when it was read; the pace follows the feed.
    pub(super) fn new(client: Client, view: &ChannelView) -> Self {
        Self::begin(client, view.channel.id, view.channel.slow_mode, view.may.unhurried, view.wait)
    }

    fn begin(client: Client, channel: ChannelId, read: i64, free: bool, wait: u32) -> Self {
        let live = client.channel(channel);
        let pace = move || live.with(|channel| channel.as_ref().map_or(read, |channel| channel.slow_mode));
        Self {
            left: RwSignal::new(wait),
            pace: Memo::new(move |_| if free { 0 } else { pace() }),
            until_ms: StoredValue::new(None),
        }
    }

    /// I posted, here or in another tab.
    pub fn posted(self, at: Time) {
        let pace = self.pace.get_untracked();
        self.hold((pace - page::now().since(at) / Time::SECOND).clamp(0, pace));
    }

    /// The server asks to wait so many seconds.
    pub(super) fn hold(self, seconds: i64) {
        if seconds <= 0 || self.pace.get_untracked() == 0 {
            return;
        }
        let until = page::now_ms() + seconds * 1_000;
        self.until_ms.update_value(|known| *known = (*known).max(Some(until)));
        self.tick();
    }

    /// Counts down; called every second.
    pub fn tick(self) {
        let (now, read) = (page::now_ms(), self.left.get_untracked());
        let until = self.until_ms.get_value().unwrap_or_else(|| now + i64::from(read) * 1_000);
        self.until_ms.set_value(Some(until));
        let left = if self.pace.get_untracked() == 0 { 0 } else { ((until - now + 999) / 1_000).max(0) };
        let left = u32::try_from(left).unwrap_or_default();
        if left != read {
            self.left.set(left);
        }
    }
}

impl Client {
    /// How long I wait in a channel: what is known of it where its conversation is open beside, else nothing yet.
    pub(super) fn pause_in(self, channel: ChannelId, unhurried: bool) -> Pause {
        let open = self.transcript.get_value().filter(|open| open.channel == channel && open.thread.is_none());
        open.map_or_else(|| Pause::begin(self, channel, 0, unhurried, 0), |open| open.pause())
    }
}
