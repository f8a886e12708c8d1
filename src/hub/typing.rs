use crate::domain::ChannelId;

/// Seconds between two "typing" of one person in one channel; what comes sooner is not relayed.
pub const TYPING_EVERY: u32 = 2;
/// The most people shown typing in one channel a second: enough for "several people are typing".
pub const TYPING_PER_SECOND: u32 = 8;

/// Where a person was typing in the last seconds.
#[derive(Debug, Default)]
pub(super) struct Typed(Vec<(ChannelId, u32)>);

impl Typed {
    /// Whether typing in `channel` is to be relayed now; remembers that it was.
    pub(super) fn relay(&mut self, channel: ChannelId, second: u32) -> bool {
        self.0.retain(|(_, at)| second.wrapping_sub(*at) < TYPING_EVERY);
        if self.0.iter().any(|(known, _)| *known == channel) {
            return false;
        }
        self.0.push((channel, second));
        true
    }
}

/// How many "typing" each channel had in the present second.
#[derive(Debug, Default)]
pub(super) struct Chatter {
    second: u32,
    counts: std::collections::HashMap<ChannelId, u32>,
}

impl Chatter {
    /// Whether the channel may have one more in this second.
    pub(super) fn relay(&mut self, channel: ChannelId, second: u32) -> bool {
        if self.second != second {
            *self = Self { second, counts: std::collections::HashMap::new() };
        }
        let count = self.counts.entry(channel).or_default();
        *count += 1;
        *count <= TYPING_PER_SECOND
    }
}
