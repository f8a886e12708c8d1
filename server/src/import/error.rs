use std::{fmt, path::PathBuf};

use thunderline::{domain::Error, store::StoreError};

/// Why an import could not begin or go on. What was stored before stays; running it again goes on from there.
#[derive(Debug)]
pub enum ImportError {
    /// The file cannot be opened.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is no zip archive, or its directory is damaged.
    NotAnArchive {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// Neither people nor channels are in it.
    NotAnExport {
        /// Which.
        path: PathBuf,
    },
    /// It unpacks to more than any real export of its size.
    Bomb {
        /// How many bytes it may unpack to.
        limit: u64,
    },
    /// No community has this address.
    NoCommunity {
        /// The address.
        slug: String,
    },
    /// Nobody who could own the new community has this sign-in name.
    NoOwner {
        /// The name.
        handle: String,
    },
    /// The engine refused, or cannot answer.
    Engine(Error),
    /// The database cannot be read.
    Store(StoreError),
    /// The reading task panicked: a defect of ours.
    Broken,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, cause } => write!(f, "{} cannot be opened: {cause}", path.display()),
            Self::NotAnArchive { path, cause } => {
                write!(f, "{} is not a whole zip archive ({cause}). Was it downloaded completely?", path.display())
            }
            Self::NotAnExport { path } => write!(
                f,
                "{} is not a Slack export: it holds none of users.json, channels.json and groups.json",
                path.display()
            ),
            Self::Bomb { limit } => write!(
                f,
                "the archive unpacks to more than {limit} bytes, which no export of its size does; stopped reading it"
            ),
            Self::NoCommunity { slug } => write!(
                f,
                "there is no community \"{slug}\". Create it in the browser, or add --owner <sign-in name> and it is \
                 created for that person"
            ),
            Self::NoOwner { handle } => write!(f, "nobody who can sign in is called \"{handle}\""),
            Self::Engine(error) => write!(f, "{error}"),
            Self::Store(error) => write!(f, "{error}"),
            Self::Broken => f.write_str("the reader of the archive failed"),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
