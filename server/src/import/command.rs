//! `thunderline import …` on the command line.

use std::{
    io::{IsTerminal, Write, stderr},
    path::PathBuf,
};

use clap::{Args, Subcommand};
use thunderline::{domain::Time, engine::Engine};

use super::{ImportError, Progress, Report, Wish, slack};

/// How often progress is shown, in microseconds: on a terminal, and in a log.
const SHOWN_EVERY: (i64, i64) = (Time::SECOND / 4, 10 * Time::SECOND);

/// What `import` takes.
#[derive(Clone, Debug, Args)]
pub struct Import {
    /// Where it comes from.
    #[command(subcommand)]
    pub source: Source,
}

/// Where history comes from.
#[derive(Clone, Debug, Subcommand)]
pub enum Source {
    /// A Slack export: the zip that a workspace's owner downloads.
    ///
    /// People become placeholders that can be claimed by invitation. Running it again, or after it was interrupted,
    /// stores what is missing and nothing twice.
    Slack(FromSlack),
}

/// What `import slack` takes.
#[derive(Clone, Debug, Args)]
pub struct FromSlack {
    /// The export.
    pub archive: PathBuf,
    /// The address of the community to import into.
    #[arg(long)]
    pub community: String,
    /// Creates the community, if it does not exist, for the person with this sign-in name.
    #[arg(long, value_name = "HANDLE")]
    pub owner: Option<String>,
    /// A community that is founded is open to everybody on the server; without it only who claims an imported person
    /// by invitation gets in.
    #[arg(long)]
    pub public: bool,
    /// Reads and counts everything, stores nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    pub json: bool,
}

impl Import {
    /// Whether nothing is to be stored.
    pub const fn only_counts(&self) -> bool {
        let Source::Slack(wanted) = &self.source;
        wanted.dry_run
    }

    /// Runs the import: progress goes to standard error. Answers the report as it is to be printed.
    pub async fn run(self, engine: &Engine) -> Result<String, ImportError> {
        let Source::Slack(wanted) = self.source;
        let wish =
            Wish { community: wanted.community, owner: wanted.owner, public: wanted.public, dry_run: wanted.dry_run };
        let (terminal, mut shown) = (stderr().is_terminal(), 0);
        let report =
            slack(engine, &wanted.archive, &wish, move |progress| show(progress, terminal, &mut shown)).await?;
        Ok(if wanted.json { json(&report) } else { report.to_string() })
    }
}

fn show(progress: Progress, terminal: bool, shown: &mut i64) {
    let every = if terminal { SHOWN_EVERY.0 } else { SHOWN_EVERY.1 };
    let done = progress.files == progress.of;
    if progress.elapsed - *shown < every && !done {
        return;
    }
    *shown = progress.elapsed;
    let end = if terminal && !done { "\x1b[K\r" } else { "\n" };
    // Nobody listens: the import goes on.
    let _ = write!(stderr(), "{progress}{end}");
}

fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default()
}
