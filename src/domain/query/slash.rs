//! Slash commands.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, CommandId, PersonSummary};

/// What was asked for? Only the server itself asks. Answers an [`Asked`], or nothing once it was answered.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadCommand {
    /// Which.
    pub command: CommandId,
}

/// A command that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub person: PersonSummary,
    /// Whether they own the server.
    pub server_owner: bool,
    /// Where.
    pub channel: ChannelId,
    /// As it was written.
    pub body: String,
}
