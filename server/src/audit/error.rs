use std::{fmt, io, path::PathBuf};

use thunderline::{audit::Fault, domain::Error, store::StoreError};

use crate::config::NoDatabase;

/// Why an audit command did not end well.
#[derive(Debug)]
pub enum AuditError {
    /// The chain is broken: its first bad place.
    Broken(Fault),
    /// The chain of an archive is broken.
    BrokenFile {
        /// Which.
        path: PathBuf,
        /// Its first bad place.
        fault: Fault,
    },
    /// A file is no archive.
    NotAnArchive {
        /// Which.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        cause: String,
    },
    /// An archive does not reach the place where the next one, or the database, goes on.
    NotJoined {
        /// Which.
        path: PathBuf,
        /// The entry it should hold.
        number: i64,
    },
    /// The seal that was asked for is nowhere in the chain.
    NotHeld,
    /// The entries changed while they were read.
    Moving,
    /// Nothing is as old as that.
    NothingOlder,
    /// The server has never run on this database: it has no secret to make digests with.
    NothingNoted,
    /// There is no database.
    NoDatabase(NoDatabase),
    /// A file cannot be read or written.
    File {
        /// Which; `None` is standard output.
        path: Option<PathBuf>,
        /// What the system said.
        cause: io::Error,
    },
    /// The engine refused, or cannot answer.
    Engine(Error),
    /// The database cannot be read.
    Store(StoreError),
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(fault) => write!(f, "the audit log is not whole: {fault}"),
            Self::BrokenFile { path, fault } => write!(f, "{} is not whole: {fault}", path.display()),
            Self::NotAnArchive { path, line, cause } => {
                write!(f, "{} is no archive of an audit log: line {line}: {cause}", path.display())
            }
            Self::NotJoined { path, number } => write!(
                f,
                "{} does not join what comes after it: it does not hold entry {number} with the seal that is known of it",
                path.display()
            ),
            Self::NotHeld => f.write_str(
                "no entry has the seal that --holds names: the log was sealed anew, or that entry is in an archive \
                 (name it with --archive)",
            ),
            Self::Moving => f.write_str("entries were archived meanwhile; run it again"),
            Self::NothingOlder => f.write_str("no entry is older than that; nothing was archived"),
            Self::NothingNoted => f.write_str("no server has run on this database, so nothing was noted of any text"),
            Self::NoDatabase(missing) => write!(f, "{missing}"),
            Self::File { path: Some(path), cause } => write!(f, "{}: {cause}", path.display()),
            Self::File { path: None, cause } => write!(f, "cannot write: {cause}"),
            Self::Engine(error) => write!(f, "{error}"),
            Self::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for AuditError {}

impl From<Error> for AuditError {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<StoreError> for AuditError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
