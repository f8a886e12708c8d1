//! SQLite through `rusqlite`, on the thread of whoever calls.

mod checkpoint;

use std::{path::PathBuf, sync::Arc, time::Duration};

use rusqlite::{
    Connection, Error, MAIN_DB, OpenFlags, Statement, ffi,
    types::{ToSqlOutput, Value as Owned, ValueRef},
};

use self::checkpoint::Checkpoints;
use super::{Role, STATEMENTS, Trouble};
use crate::store::{
    Broken, Cell, Durability, FromRow, Row, StoreError,
    row::Cells,
    value::{List, Value},
};

/// How long a writer waits for another process that holds the file (a backup, somebody's shell).
const PATIENCE: Duration = Duration::from_secs(5);

/// A database file.
pub struct File {
    path: PathBuf,
    durability: Durability,
}

impl File {
    pub fn new(path: &str, durability: Durability) -> Self {
        Self { path: PathBuf::from(path.strip_prefix("//").unwrap_or(path)), durability }
    }

    #[expect(clippy::disallowed_methods, reason = "this is where databases are opened")]
    fn open(&self, flags: OpenFlags) -> Result<Connection, StoreError> {
        let conn = Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| StoreError::Unavailable(format!("{}: {error}", self.path.display())))?;
        conn.busy_timeout(PATIENCE).map_err(|error| refused(&error, ""))?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(conn)
    }

    /// To look on: nothing is set that would stay in the file.
    fn look_on(&self) -> Result<Connection, StoreError> {
        let conn = self.open(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")
            .map_err(|error| refused(&error, ""))?;
        Ok(conn)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let conn = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let synchronous = match self.durability {
            Durability::Full => "FULL",
            Durability::Process => "OFF",
        };
        // Checkpoints are ours (see `checkpoint`). A log that a long reader let grow is cut to 64 MB.
        let settings = format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON;
             PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;
             PRAGMA trusted_schema = OFF;"
        );
        conn.execute_batch(&settings).map_err(|error| refused(&error, ""))?;
        Ok(conn)
    }
}

/// One connection to the file.
pub struct Session {
    conn: Connection,
    path: PathBuf,
    /// For the writer.
    checkpoints: Option<Checkpoints>,
}

impl Session {
    pub fn open(file: &Arc<File>, role: Role) -> Result<Self, StoreError> {
        let conn = match role {
            Role::Onlooker => file.look_on()?,
            Role::Reader | Role::Writer => file.connect()?,
        };
        let settings = match role {
            Role::Writer => "PRAGMA cache_size = -32768;",
            // A reader in the page cache of the system, and only a small one of its own.
            Role::Reader | Role::Onlooker => {
                "PRAGMA cache_size = -2048; PRAGMA mmap_size = 268435456; PRAGMA query_only = ON;"
            }
        };
        conn.execute_batch(settings).map_err(|error| refused(&error, ""))?;
        let checkpoints = match role {
            Role::Writer => Some(Checkpoints::start(file)?),
            Role::Reader | Role::Onlooker => None,
        };
        Ok(Self { conn, path: file.path.clone(), checkpoints })
    }

    pub fn connection(&mut self) -> &mut Connection {
        &mut self.conn
    }

    pub fn begin(&mut self) -> Result<(), Trouble> {
        if self.checkpoints.is_none() {
            return self.tell("BEGIN");
        }
        self.tell("BEGIN IMMEDIATE")
    }

    pub fn guard(&mut self) -> Result<(), Trouble> {
        self.tell("SAVEPOINT job")
    }

    pub fn keep(&mut self) -> Result<(), Trouble> {
        self.tell("RELEASE job")
    }

    pub fn undo(&mut self) -> Result<(), Trouble> {
        // A full disk and other I/O errors end the whole transaction, not the statement alone.
        if self.conn.is_autocommit() {
            return Err(
                StoreError::Unavailable("the disk failed or is full; the group was rolled back".to_owned()).into()
            );
        }
        self.tell("ROLLBACK TO job")?;
        self.tell("RELEASE job")
    }

    pub fn commit(&mut self) -> Result<(), Trouble> {
        self.tell("COMMIT").inspect_err(|_| self.abandon())
    }

    pub fn abandon(&mut self) {
        if !self.conn.is_autocommit() {
            // It can only fail by having happened already.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }

    pub fn tend(&mut self) -> Result<(), Trouble> {
        match &mut self.checkpoints {
            Some(checkpoints) => checkpoints.tend(&self.conn),
            None => Ok(()),
        }
    }

    /// Page by page: VACUUM INTO need not keep rowids, by which the search index finds its messages.
    pub fn copy(&mut self, label: &str) -> Result<(), StoreError> {
        let beside = |ending: &str| {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".before-{label}{ending}"));
            PathBuf::from(name)
        };
        let (copy, part) = (beside(""), beside(".part"));
        if copy.exists() {
            return Ok(());
        }
        tracing::info!(copy = %copy.display(), "keeping a copy of the database before a major migration");
        self.conn.backup(MAIN_DB, &part, None).map_err(|error| refused(&error, "backup"))?;
        std::fs::rename(part, copy).map_err(StoreError::other)
    }

    fn tell(&self, text: &'static str) -> Result<(), Trouble> {
        let told = self.conn.prepare_cached(text).and_then(|mut statement| statement.raw_execute());
        told.map(|_| ()).map_err(|error| trouble(&error, text))
    }
}

pub fn run(conn: &Connection, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
    let mut statement = conn.prepare_cached(sql).map_err(|error| refused(&error, sql))?;
    bind(&mut statement, sql, values)?;
    let changed = statement.raw_execute().map_err(|error| refused(&error, sql))?;
    Ok(changed as u64)
}

pub fn rows<R: FromRow>(
    conn: &Connection,
    sql: &'static str,
    values: &[Value<'_>],
    most: usize,
) -> Result<Vec<R>, StoreError> {
    let mut statement = conn.prepare_cached(sql).map_err(|error| refused(&error, sql))?;
    bind(&mut statement, sql, values)?;
    // A statement that writes is run to its end: only there are foreign keys checked, and an error of the
    // reset that ends it early is not told.
    let most_steps = if statement.readonly() { most } else { usize::MAX };
    let mut rows = statement.raw_query();
    let (mut found, mut places, mut step) = (Vec::new(), None, 0);
    while step < most_steps {
        let Some(row) = rows.next().map_err(|error| refused(&error, sql))? else { break };
        if found.len() < most {
            let cells = Live(row);
            let places = match &places {
                Some(places) => places,
                None => places.insert(Row::places::<R>(&cells)?),
            };
            found.push(Row::read(&cells, places, step)?);
        }
        step += 1;
    }
    Ok(found)
}

pub fn script(conn: &Connection, text: &'static str) -> Result<(), StoreError> {
    conn.execute_batch(text).map_err(|error| refused(&error, ""))
}

#[cfg(feature = "lab")]
pub fn prepare(conn: &Connection, sql: &'static str) -> Result<(), StoreError> {
    conn.prepare(sql).map(|_| ()).map_err(|error| refused(&error, sql))
}

struct Live<'r>(&'r rusqlite::Row<'r>);

impl Cells for Live<'_> {
    fn cell(&self, position: usize) -> Result<Cell<'_>, String> {
        Ok(match self.0.get_ref(position).map_err(|error| error.to_string())? {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(n) => Cell::Int(n),
            ValueRef::Real(x) => Cell::Real(x),
            ValueRef::Text(bytes) => Cell::Text(std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?),
            ValueRef::Blob(bytes) => Cell::Blob(bytes),
        })
    }

    fn name(&self, position: usize) -> &str {
        self.0.as_ref().column_name(position).unwrap_or_default()
    }

    fn width(&self) -> usize {
        self.0.as_ref().column_count()
    }
}

/// SQLite takes `$1` for a name and numbers the names as they come, so each place is asked for its name.
fn bind(statement: &mut Statement<'_>, sql: &'static str, values: &[Value<'_>]) -> Result<(), StoreError> {
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?)).ok_or_else(|| StoreError::Other {
            cause: format!("{} arguments for parameter {place}", values.len()),
            statement: sql,
        })?;
        statement.raw_bind_parameter(place, Bound(value)).map_err(|error| refused(&error, sql))?;
    }
    Ok(())
}

struct Bound<'v>(&'v Value<'v>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let borrowed = match self.0 {
            Value::Null(_) => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Bool(truth) => ValueRef::Integer((*truth).into()),
            Value::Real(x) => ValueRef::Real(*x),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
            Value::Uuid(id) => ValueRef::Blob(id.as_bytes()),
            Value::Json(json) => return Ok(ToSqlOutput::Owned(Owned::Text(json.to_string()))),
            Value::List(list) => return Ok(ToSqlOutput::Owned(Owned::Text(array(list).to_string()))),
        };
        Ok(ToSqlOutput::Borrowed(borrowed))
    }
}

fn array(list: &List) -> serde_json::Value {
    match list {
        List::Ints(items) => items.as_slice().into(),
        List::Texts(items) => items.as_slice().into(),
        List::Uuids(items) => items.iter().map(|id| id.simple().to_string()).collect(),
    }
}

/// What an error of SQLite means to everybody else.
fn refused(error: &Error, statement: &'static str) -> StoreError {
    let Error::SqliteFailure(code, message) = error else {
        return StoreError::Other { cause: error.to_string(), statement };
    };
    let message = message.as_deref().unwrap_or_default();
    // "UNIQUE constraint failed: channels.community, channels.slug"
    let named = message.split_once(": ").map_or("", |(_, name)| name);
    let conflict = |broken, constraint: String| StoreError::Conflict { broken, constraint };
    match (code.extended_code, code.extended_code & 0xff) {
        (ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID, _) => {
            conflict(Broken::Unique, unique(named))
        }
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => conflict(Broken::Foreign, String::new()),
        (ffi::SQLITE_CONSTRAINT_CHECK, _) => conflict(Broken::Check, named.to_owned()),
        (ffi::SQLITE_CONSTRAINT_NOTNULL, _) => conflict(Broken::NotNull, named.to_owned()),
        (_, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => StoreError::Busy(message.to_owned()),
        (_, ffi::SQLITE_FULL | ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN | ffi::SQLITE_READONLY) => {
            StoreError::Unavailable(error.to_string())
        }
        _ => StoreError::Other { cause: error.to_string(), statement },
    }
}

fn unique(named: &str) -> String {
    if let Some(index) = named.strip_prefix("index ") {
        return index.trim_matches('\'').to_owned();
    }
    let mut columns = named.split(", ");
    let first = columns.next().unwrap_or_default().to_owned();
    columns.fold(first, |all, column| all + "," + column.rsplit('.').next().unwrap_or_default())
}

/// What an error between jobs means for the writer: after a failed sync the kernel may have dropped the pages,
/// so trying again would acknowledge what is not there.
fn trouble(error: &Error, statement: &'static str) -> Trouble {
    let fatal = matches!(error, Error::SqliteFailure(code, _) if
        matches!(code.extended_code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
        || matches!(code.extended_code & 0xff, ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB));
    let error = match refused(error, statement) {
        error @ (StoreError::Busy(_) | StoreError::Unavailable(_)) => error,
        error => StoreError::Unavailable(error.to_string()),
    };
    Trouble { error, fatal }
}
