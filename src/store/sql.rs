//! Statements.

/// One statement in both dialects. Arguments are `$1`, `$2`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
    pub(super) reason: Option<&'static str>,
}

impl Sql {
    /// The same text on both engines: `RETURNING`, `ON CONFLICT`, CTEs and window functions are common.
    pub const fn both(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text, reason: None }
    }

    /// Two texts, and why one would not do.
    pub const fn split(reason: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres, reason: Some(reason) }
    }

    /// For [`listed!`](crate::listed), whose two texts are made from one.
    #[doc(hidden)]
    pub const fn listed(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres, reason: None }
    }

    /// Whether it changes nothing, as far as its first word tells.
    pub(super) fn only_reads(&self) -> bool {
        self.sqlite.starts_with("SELECT")
    }

    /// Why it is split, if it is.
    pub const fn reason(&self) -> Option<&'static str> {
        self.reason
    }
}

impl From<&Sql> for Sql {
    fn from(sql: &Sql) -> Self {
        *sql
    }
}

/// A statement with list arguments: `listed!("SELECT … WHERE id", uuid "$1", "ORDER BY id")` reads as
/// `WHERE id IN (…)`; the argument is a `Vec` or [`Many`](crate::store::Many). Kinds: `uuid`, `text`, `int`.
#[macro_export]
macro_rules! listed {
    ($head:literal $(, $kind:ident $param:literal, $tail:literal)+ $(,)?) => {
        $crate::store::Sql::listed(
            concat!($head $(, $crate::listed!(@sqlite $kind $param), $tail)+),
            concat!($head $(, " = ANY(", $param, ") ", $tail)+),
        )
    };
    (@sqlite uuid $param:literal) => { concat!(" IN (SELECT unhex(value) FROM json_each(", $param, ")) ") };
    (@sqlite text $param:literal) => { concat!(" IN (SELECT value FROM json_each(", $param, ")) ") };
    (@sqlite int $param:literal) => { concat!(" IN (SELECT value FROM json_each(", $param, ")) ") };
}

/// The statements of a store file: constants, and `ALL` of them by name, so that a test can prepare each on
/// both engines.
///
/// ```ignore
/// sql! {
///     FIND = Sql::both("SELECT id, handle FROM people WHERE id = $1");
///     FIND_ALL = listed!("SELECT id, handle FROM people WHERE id", uuid "$1", "ORDER BY id");
///     CLAIM = Sql::split("claiming: SKIP LOCKED", "…", "…");
/// }
/// ```
#[macro_export]
macro_rules! sql {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$meta])* const $name: $crate::store::Sql = $sql;)+
        /// Every statement of this file.
        #[cfg(feature = "lab")]
        #[allow(dead_code, reason = "the statements of a test file are nobody's product")]
        pub(in $crate::store) const ALL: &[(&str, $crate::store::Sql)] = &[$((stringify!($name), $name)),+];
    };
}
