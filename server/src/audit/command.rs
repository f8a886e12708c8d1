//! `thunderline audit …` on the command line.

use std::{
    io::{Read, stdin, stdout},
    path::PathBuf,
};

use clap::{Args, Subcommand, ValueEnum};
use thunderline::{
    domain::{CorrelationId, Time, audit::Digest},
    engine::{self, Engine},
    service::Fingerprints,
    store::{Options, Store},
};

use super::{AuditError, archive, export, verify};
use crate::config::Settings;

/// What `audit` takes.
#[derive(Clone, Debug, Args)]
pub struct Audit {
    /// What to do with the audit log.
    #[command(subcommand)]
    pub wanted: Wanted,
}

/// What can be done with the audit log.
#[derive(Clone, Debug, Subcommand)]
pub enum Wanted {
    /// Check every entry against the chain of seals. Status 1 names the first bad one.
    Verify(Verify),
    /// Write sealed entries to standard output, one JSON object a line. Anybody can check a line:
    /// `printf '%s%s' "$previous" "$canonical" | sha256sum` prints its hash.
    Export(Export),
    /// Print what entries keep of a text, which is read from standard input to its end: whoever has the text and this
    /// database can prove that an entry is about it, nobody else can guess it.
    Digest,
    /// Move the oldest entries to a file. The rest stays verifiable without it, and with it from the first entry on.
    Archive(Archive),
}

/// What `audit verify` takes.
#[derive(Clone, Debug, Default, Args)]
pub struct Verify {
    /// Files made by `audit archive`: checked as well, and that they join.
    #[arg(long = "archive", value_name = "FILE", num_args = 1..)]
    pub archives: Vec<PathBuf>,
    /// A seal that must be in the chain: one that was printed earlier and kept elsewhere. It finds out whoever sealed
    /// everything anew.
    #[arg(long, value_name = "HASH")]
    pub holds: Option<Digest>,
}

/// What `audit export` takes.
#[derive(Clone, Debug, Default, Args)]
pub struct Export {
    /// Not what was written before (2026-11-23, or 2026-11-23T09:30:00Z).
    #[arg(long)]
    pub since: Option<Time>,
    /// Only what was written before.
    #[arg(long)]
    pub until: Option<Time>,
    /// Only what belongs to this: a request, and all that followed from it.
    #[arg(long, value_name = "ID")]
    pub correlation: Option<CorrelationId>,
    /// How it is written.
    #[arg(long, value_enum, default_value = "jsonl")]
    pub format: Format,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    /// A JSON object a line: number, previous, hash, canonical.
    Jsonl,
}

/// What `audit archive` takes.
#[derive(Clone, Debug, Args)]
pub struct Archive {
    /// Entries written before this (2026-11-23, or 2026-11-23T09:30:00Z) go.
    #[arg(long)]
    pub before: Time,
    /// The file to write; it must not exist.
    #[arg(long)]
    pub to: PathBuf,
}

impl Audit {
    /// Does it. Answers what is to be printed.
    pub async fn run(self, settings: &Settings) -> Result<String, AuditError> {
        let database = existing(settings)?;
        match self.wanted {
            Wanted::Verify(wanted) => {
                let store = open(&database).await?;
                let verified = verify(&store, engine::system_clock().now(), &wanted).await;
                store.close().await;
                verified.map(|verified| verified.to_string())
            }
            Wanted::Export(wanted) => {
                let Format::Jsonl = wanted.format;
                let store = open(&database).await?;
                let left_out = export(&store, &wanted, Box::new(stdout())).await;
                store.close().await;
                if left_out? > 0 {
                    eprintln!("What was written in the last second is not sealed yet and was left out.");
                }
                Ok(String::new())
            }
            Wanted::Digest => {
                let store = open(&database).await?;
                let digest = digest(&store, stdin()).await;
                store.close().await;
                digest
            }
            Wanted::Archive(wanted) => {
                let engine = Engine::open(engine::Settings { lanes: None, ..engine::Settings::new(database) }).await?;
                let archived = archive(&engine, &wanted).await;
                engine.close().await;
                archived.map(|archived| archived.to_string())
            }
        }
    }
}

/// What entries of this database keep of the text that `from` holds.
pub async fn digest(store: &Store, mut from: impl Read) -> Result<String, AuditError> {
    let mut text = String::new();
    from.read_to_string(&mut text).map_err(|cause| AuditError::File { path: Some("standard input".into()), cause })?;
    // A server that was never started has noted nothing.
    let fingerprints = Fingerprints::look(store).await?.ok_or(AuditError::NothingNoted)?;
    Ok(fingerprints.of(&text))
}

/// For reading only: a check leaves what it checks as it is.
async fn open(database: &str) -> Result<Store, AuditError> {
    Ok(Store::look_on(&database.parse()?, Options::default()).await?)
}

/// A database that is there: a new one would verify very well.
fn existing(settings: &Settings) -> Result<String, AuditError> {
    settings.existing_database().map_err(AuditError::NoDatabase)
}
