//! Drafts.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, MessageId};

/// Keep what one has begun to write, in the place of what was kept there before; the newest edit wins (M31). It is for
/// oneself alone, on all of one's devices, until it is posted or emptied.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SaveDraft {
    /// Where.
    pub channel: ChannelId,
    /// The message that the thread began with, for what is begun in a thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<MessageId>,
    /// Markdown, at most 4,000 characters; blank lets go of what was kept.
    #[serde(default)]
    pub body: String,
}
