//! Slash commands that are carried out, not posted.

use serde::{Deserialize, Serialize};

use crate::domain::{ChannelId, CommandId};

/// Ask for a slash command to be carried out (M08, A05). It is no message: nobody but the asker ever sees it. A repeat with
/// the same id is the same command. Answers [`Taken`]; what comes of it is told to the asker alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunCommand {
    /// Made by the asker.
    pub id: CommandId,
    /// Where.
    pub channel: ChannelId,
    /// `/name` and what belongs to it.
    pub body: String,
}

/// The command will be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Which.
    pub command: CommandId,
    /// Whether it waits for its time.
    pub later: bool,
}

/// Tell the asker what came of a command. Only the server itself does; twice is once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerCommand {
    /// Which.
    pub command: CommandId,
    /// What is told.
    pub words: String,
    /// What came of it.
    pub end: CommandEnd,
}

/// What came of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandEnd {
    /// It was done, and everybody who should can see it.
    Done,
    /// Its answer is what was asked for.
    Said,
    /// Its time has come.
    Reminded,
    /// It was refused.
    Refused,
}
