//! What can go wrong below the door.

use std::fmt;

/// Which promise of the schema a write would have broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// A unique index or a primary key.
    Unique,
    /// A foreign key. SQLite does not say which, so nobody does.
    Foreign,
    /// A named `CHECK`.
    Check,
    /// A column that cannot be null.
    NotNull,
}

/// An error of the store. Cheap to clone: one failed commit answers a whole group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The schema refused the row. `constraint` reads the same on both engines: `people.handle` or
    /// `channels.community,slug` for unique columns, the index's name for a unique expression, the
    /// constraint's name for a check, `people.handle` for a null, nothing for a foreign key.
    Conflict {
        /// The kind of promise.
        broken: Broken,
        /// Its portable name.
        constraint: String,
    },
    /// Somebody else holds what was needed for too long, or two writes waited for each other. Nothing
    /// was written; trying again may succeed.
    Busy(String),
    /// The database cannot be reached, is full, has failed, or the store is closed. When the connection
    /// was lost during a commit the write may have happened: repeat it under the same id.
    Unavailable(String),
    /// A stored value is not what its type demands.
    Decode {
        /// The row's type, which carries the table's name.
        table: &'static str,
        /// The column.
        column: String,
        /// The row's `id` where it has one, else its place in the result.
        row: String,
        /// What is wrong with it.
        cause: String,
    },
    /// [`Conn::one`](super::Conn::one) found no row.
    Absent {
        /// The statement.
        statement: &'static str,
    },
    /// Anything else: a mistake in SQL, a file that cannot be opened, a job that panicked.
    Other {
        /// What the engine said.
        cause: String,
        /// The statement, if there was one.
        statement: &'static str,
    },
}

impl StoreError {
    /// Another error, outside any statement.
    pub fn other(cause: impl fmt::Display) -> Self {
        Self::Other { cause: cause.to_string(), statement: "" }
    }

    /// Whether nothing was written and the same write may succeed if tried again at once.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    /// Whether a unique promise by this portable name was broken.
    pub fn is_taken(&self, name: &str) -> bool {
        matches!(self, Self::Conflict { broken: Broken::Unique, constraint } if constraint == name)
    }

    /// Whether PostgreSQL has aborted the transaction because of this, so that SQLite must be held to
    /// the same.
    pub(super) fn spoils(&self) -> bool {
        !matches!(self, Self::Decode { .. } | Self::Absent { .. })
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { broken: Broken::Unique, constraint } => write!(f, "{constraint} is taken"),
            Self::Conflict { broken: Broken::Foreign, .. } => {
                f.write_str("a row it refers to is missing, or it is referred to")
            }
            Self::Conflict { broken: Broken::Check, constraint } => write!(f, "the check {constraint} failed"),
            Self::Conflict { broken: Broken::NotNull, constraint } => write!(f, "{constraint} cannot be null"),
            Self::Busy(cause) => write!(f, "the database is busy: {cause}"),
            Self::Unavailable(cause) => write!(f, "the database is unavailable: {cause}"),
            Self::Decode { table, column, row, cause } => write!(f, "{table}.{column} of row {row}: {cause}"),
            Self::Absent { statement } => write!(f, "no row for: {statement}"),
            Self::Other { cause, statement: "" } => f.write_str(cause),
            Self::Other { cause, statement } => write!(f, "{cause} in: {statement}"),
        }
    }
}

impl std::error::Error for StoreError {}
