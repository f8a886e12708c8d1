//! How a store is opened.

use std::{any::Any, fmt, str::FromStr, sync::Arc};

use super::{Migration, StoreError};

/// Where the database is: `sqlite:<path>`, or `postgres://…` as libpq writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Without what must not be shown.
    fn shown(&self) -> String {
        match (self.0.split_once("://"), self.0.split_once('@')) {
            (Some((scheme, _)), Some((_, place))) => format!("{scheme}://…@{place}"),
            _ => self.0.clone(),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let known = text.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty())
            || ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if known {
            Ok(Self(text.to_owned()))
        } else {
            Err(StoreError::other("a database is sqlite:<path> or postgres://<user>@<host>/<database>"))
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.shown())
    }
}

/// A value that a write wants handed over once it is durable.
pub type Handover = Box<dyn Any + Send>;

/// Takes what the writes of one group hand over, in commit order, before their callers are answered. It is
/// called on the writer: it must be quick and must not wait. On PostgreSQL four writers call it, each in the
/// commit order of its own shards.
pub type Sink = Arc<dyn Fn(Vec<Handover>) + Send + Sync>;

/// What an acknowledged write survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Power loss: every group is synced before it is answered.
    #[default]
    Full,
    /// The death of the process only. For tests, and for imports that are started over.
    Process,
}

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// Takes what writes hand over after commit.
    pub sink: Option<Sink>,
    /// What an acknowledged write survives.
    pub durability: Durability,
    /// Connections for reading at most.
    pub readers: usize,
    /// What is applied at start.
    pub migrations: &'static [Migration],
}

impl Default for Options {
    fn default() -> Self {
        Self { sink: None, durability: Durability::Full, readers: 8, migrations: super::migrate::MIGRATIONS }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("durability", &self.durability)
            .field("readers", &self.readers)
            .finish_non_exhaustive()
    }
}

/// Writes of one shard run one after the other and are handed over in commit order. A shard is made from a
/// topic, so that a topic's sequence is taken without waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shard(pub u64);

impl Shard {
    /// The shard of anything with 128 bits of identity.
    pub const fn of(id: uuid::Uuid) -> Self {
        let (high, low) = id.as_u64_pair();
        // UUIDv7 begins with the time: what is spread evenly is at the end.
        Self(low ^ high.rotate_left(32))
    }
}
