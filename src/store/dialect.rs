//! The only place that knows which engine it talks to. Everything above is written once.

mod postgres;
mod sqlite;

use std::{any::Any, sync::Arc};

use self::postgres::Together;
use super::{Binds, DatabaseUrl, FromRow, Handover, Options, Sql, StoreError};

/// How many statements a connection keeps prepared. Above what the product has.
const STATEMENTS: usize = 512;

/// The start of every text that opens a connection: what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
    /// Reads where there is no writer, and leaves the database as it is.
    Onlooker,
}

enum Driver<'a> {
    Sqlite(&'a mut rusqlite::Connection),
    Postgres(&'a mut sqlx::PgConnection, &'a postgres::Names),
}

/// One connection inside one transaction, on its way through a job.
///
/// After a statement failed (a conflict, too) the transaction takes no other statement and the job cannot
/// succeed: PostgreSQL works so, and SQLite is held to it. What may conflict says `ON CONFLICT`.
pub struct Conn<'a> {
    driver: Driver<'a>,
    /// What PostgreSQL was not sent yet.
    waiting: Together,
    handovers: Vec<Handover>,
    spoiled: Option<StoreError>,
    /// Whether anything but reading was tried.
    touched: bool,
}

impl Conn<'_> {
    /// The first row, which must exist.
    pub async fn one<R: FromRow>(&mut self, sql: impl Into<Sql>, args: impl Binds) -> Result<R, StoreError> {
        let sql = sql.into();
        let row = self.rows(sql, args, 1).await?.pop();
        row.ok_or(StoreError::Absent { statement: sql.sqlite })
    }

    /// The first row, if there is one.
    pub async fn maybe<R: FromRow>(&mut self, sql: impl Into<Sql>, args: impl Binds) -> Result<Option<R>, StoreError> {
        Ok(self.rows(sql.into(), args, 1).await?.pop())
    }

    /// All rows.
    pub async fn all<R: FromRow>(&mut self, sql: impl Into<Sql>, args: impl Binds) -> Result<Vec<R>, StoreError> {
        self.rows(sql.into(), args, usize::MAX).await
    }

    /// Runs a statement that returns no rows; says how many it changed.
    pub async fn run(&mut self, sql: impl Into<Sql>, args: impl Binds) -> Result<u64, StoreError> {
        self.flush().await?;
        self.touched = true;
        let sql = sql.into();
        let result = match &mut self.driver {
            Driver::Sqlite(conn) => args.lend(|values| sqlite::run(conn, sql.sqlite, values)),
            Driver::Postgres(conn, names) => match args.lend(|values| postgres::arguments(sql.postgres, values)) {
                Ok(arguments) => postgres::run(conn, names, sql.postgres, arguments).await,
                Err(error) => Err(error),
            },
        };
        self.note(result)
    }

    /// Runs a statement whose outcome nobody asks for, like [`Conn::run`], but PostgreSQL is sent it together with its
    /// neighbours: one round trip for all that a command leaves behind. Its error ends the job all the same. Statements
    /// sent side by side do not see each other and must not change the same row.
    pub async fn send(&mut self, sql: impl Into<Sql>, args: impl Binds) -> Result<(), StoreError> {
        let Driver::Postgres(..) = &self.driver else { return self.run(sql, args).await.map(drop) };
        self.sound()?;
        self.touched = true;
        let sql = sql.into();
        let added = args.lend(|values| self.waiting.add(sql.postgres, values));
        self.note(added)?;
        if self.waiting.is_full() { self.flush().await } else { Ok(()) }
    }

    /// Sends what waits.
    async fn flush(&mut self) -> Result<(), StoreError> {
        self.sound()?;
        let sent = match &mut self.driver {
            Driver::Postgres(conn, names) if !self.waiting.is_empty() => {
                std::mem::take(&mut self.waiting).send(conn, names).await
            }
            _ => Ok(()),
        };
        self.note(sent)
    }

    /// Whether messages' words stand in a table of their own (FTS5), not with the message.
    pub(super) fn keeps_words_apart(&self) -> bool {
        matches!(self.driver, Driver::Sqlite(_))
    }

    /// Hands `value` to the store's sink after the durable commit, in commit order; never if this write
    /// fails.
    pub fn after_commit(&mut self, value: impl Any + Send) {
        self.handovers.push(Box::new(value));
    }

    async fn rows<R: FromRow>(&mut self, sql: Sql, args: impl Binds, most: usize) -> Result<Vec<R>, StoreError> {
        self.flush().await?;
        self.touched |= !sql.only_reads();
        let result = match &mut self.driver {
            Driver::Sqlite(conn) => args.lend(|values| sqlite::rows(conn, sql.sqlite, values, most)),
            Driver::Postgres(conn, names) => match args.lend(|values| postgres::arguments(sql.postgres, values)) {
                Ok(arguments) => postgres::rows(conn, names, sql.postgres, arguments, most).await,
                Err(error) => Err(error),
            },
        };
        self.note(result)
    }

    /// Several statements without arguments: a migration.
    pub(super) async fn script(&mut self, text: &'static str) -> Result<(), StoreError> {
        self.flush().await?;
        self.touched = true;
        let result = match &mut self.driver {
            Driver::Sqlite(conn) => sqlite::script(conn, text),
            Driver::Postgres(conn, names) => postgres::script(conn, names, text).await,
        };
        self.note(result)
    }

    /// The text of a migration in this engine's dialect.
    pub(super) fn dialect_of(&self, migration: &super::Migration) -> &'static str {
        match &self.driver {
            Driver::Sqlite(_) => migration.sqlite,
            Driver::Postgres(..) => migration.postgres,
        }
    }

    /// Whether this engine takes the statement.
    #[cfg(feature = "lab")]
    pub(super) async fn prepare(&mut self, sql: Sql) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(conn) => sqlite::prepare(conn, sql.sqlite),
            Driver::Postgres(conn, names) => postgres::prepare(conn, names, sql.postgres).await,
        }
    }

    fn sound(&self) -> Result<(), StoreError> {
        self.spoiled.clone().map_or(Ok(()), Err)
    }

    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && error.spoils()
        {
            self.spoiled = Some(error.clone());
        }
        result
    }

    /// What the job leaves behind: what to hand over, unless a statement failed.
    pub(super) async fn finish(&mut self) -> Result<Vec<Handover>, StoreError> {
        self.flush().await?;
        self.sound()?;
        Ok(std::mem::take(&mut self.handovers))
    }

    /// What the statement met that failed, if one did.
    pub(super) fn met(&self) -> Option<&StoreError> {
        self.spoiled.as_ref()
    }

    /// Whether there is nothing to undo, and the transaction can go on.
    pub(super) fn is_untouched(&self) -> bool {
        !self.touched && self.spoiled.is_none()
    }
}

/// Why the writer itself, not one job, is in trouble.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub error: StoreError,
    /// The disk lied: nothing may be written again before a restart.
    pub fatal: bool,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self { error, fatal: false }
    }
}

/// Opens sessions.
#[derive(Clone)]
pub(super) enum Connector {
    Sqlite(Arc<sqlite::File>),
    Postgres(Arc<postgres::Server>),
}

impl Connector {
    pub fn new(url: &DatabaseUrl, options: &Options) -> Result<Self, StoreError> {
        Ok(match url.as_str().strip_prefix("sqlite:") {
            Some(path) => Self::Sqlite(Arc::new(sqlite::File::new(path, options.durability))),
            None => Self::Postgres(Arc::new(postgres::Server::new(url.as_str(), options.durability)?)),
        })
    }

    pub async fn open(&self, role: Role) -> Result<Session, StoreError> {
        match self {
            Self::Sqlite(file) => sqlite::Session::open(file, role).map(Session::Sqlite),
            Self::Postgres(server) => postgres::Session::open(server, role).await.map(Session::Postgres),
        }
    }

    /// How many writers commit side by side.
    pub fn writers(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => postgres::WRITERS,
        }
    }

    /// Whether a statement keeps the calling thread, so that a writer gets a thread of its own.
    pub fn blocks(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Reads the names of unique indexes, after migrating.
    pub async fn learn(&self, session: &mut Session) -> Result<(), StoreError> {
        match (self, session) {
            (Self::Postgres(server), Session::Postgres(session)) => session.learn(server).await,
            _ => Ok(()),
        }
    }
}

/// A connection of its own, and the transaction on it.
pub(super) enum Session {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

impl Session {
    /// Begins: for a writer a group, for a reader a snapshot.
    pub async fn begin(&mut self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(session) => session.begin(),
            Self::Postgres(session) => session.begin().await.map_err(Trouble::from),
        }
    }

    /// The connection for one job.
    pub fn conn(&mut self) -> Result<Conn<'_>, StoreError> {
        let driver = match self {
            Self::Sqlite(session) => Driver::Sqlite(session.connection()),
            Self::Postgres(session) => session.connection().map(|(conn, names)| Driver::Postgres(conn, names))?,
        };
        Ok(Conn { driver, waiting: Together::default(), handovers: Vec::new(), spoiled: None, touched: false })
    }

    /// Sets the savepoint of a job that is to be kept or undone alone.
    pub async fn guard(&mut self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(session) => session.guard(),
            Self::Postgres(session) => session.guard().await.map_err(Trouble::from),
        }
    }

    /// Keeps what was done since the savepoint.
    pub async fn keep(&mut self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(session) => session.keep(),
            Self::Postgres(session) => session.keep().await.map_err(Trouble::from),
        }
    }

    /// Undoes what was done since the savepoint. An error means the group is lost.
    pub async fn undo(&mut self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(session) => session.undo(),
            Self::Postgres(session) => session.undo().await.map_err(Trouble::from),
        }
    }

    /// Makes the group durable. After an error nothing of it is kept, as far as anybody can know.
    pub async fn commit(&mut self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(session) => session.commit(),
            Self::Postgres(session) => session.commit().await.map_err(Trouble::from),
        }
    }

    /// Ends the transaction without keeping anything, or the connection if it comes to that.
    pub async fn abandon(&mut self) {
        match self {
            Self::Sqlite(session) => session.abandon(),
            Self::Postgres(session) => session.abandon().await,
        }
    }

    /// Between two groups: keeps the write-ahead log short.
    pub fn tend(&mut self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(session) => session.tend(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Keeps a copy of the database beside it, where that is a file.
    pub fn copy(&mut self, label: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(session) => session.copy(label),
            Self::Postgres(_) => Ok(()),
        }
    }
}
