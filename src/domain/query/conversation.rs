//! Direct conversations.

use serde::{Deserialize, Serialize};

use crate::domain::ChannelId;

/// Where the page of a conversation is. Answers the addresses of its community and of its channel.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FindConversation {
    /// Which.
    pub channel: ChannelId,
}
