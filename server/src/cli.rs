//! The command line. Without a subcommand the server serves.

use clap::{Parser, Subcommand};

use crate::{
    audit::Audit,
    config::{Log, Settings},
    import::Import,
    lanes::Lanes,
};

/// Thunderline: a self-hosted live chat.
#[derive(Clone, Debug, Parser)]
#[command(name = "thunderline", version, about)]
pub struct Cli {
    /// What to do; to serve when nothing is named.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// How.
    #[command(flatten)]
    pub settings: Settings,
    /// What is logged.
    #[command(flatten)]
    pub log: Log,
}

/// What the binary can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Task {
    /// Serve pages and live connections (the default).
    Serve,
    /// Bring in history from elsewhere.
    Import(Import),
    /// Verify, export and archive the audit log.
    Audit(Audit),
    /// See and set the lanes of durable work, and their dead letters.
    Lanes(Lanes),
}
