//! PostgreSQL through `sqlx`'s driver alone: no macros, no pool, no `Any`.

#![expect(clippy::disallowed_methods, reason = "this is where SQL meets sqlx")]

mod together;

use std::{
    collections::HashMap,
    str::FromStr,
    sync::{Arc, LazyLock, OnceLock},
    time::Duration,
};

use sqlx::{
    Arguments, Column as _, Connection as _, Executor, PgConnection, Row as _, ValueRef as _,
    postgres::{PgArguments, PgConnectOptions, PgDatabaseError, PgRow},
};
use uuid::Uuid;

pub use self::together::Together;
use super::{Role, STATEMENTS};
use crate::store::{
    Broken, Cell, Durability, FromRow, Row, StoreError,
    row::Cells,
    value::{Kind, List, Value},
};

/// Groups that are committed side by side. One keeps the server waiting for its sync; more make groups small.
pub const WRITERS: usize = 4;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// How long a step between jobs may take. A commit that hangs (a network that swallows) counts as lost.
const STEP: Duration = Duration::from_secs(30);

/// A write looks for a few rows by an index, whatever the figures of its tables say: the lanes' table swings between
/// nothing and 100,000 rows faster than they follow, and a plan that sorts all of it to find the first claims a tenth as
/// much.
const BY_INDEX: [(&str, &str); 2] = [("enable_sort", "off"), ("enable_bitmapscan", "off")];

/// From a unique constraint's name to the name both engines share.
pub type Names = HashMap<String, String>;

static NO_NAMES: LazyLock<Names> = LazyLock::new(Names::new);

/// A database on a server.
pub struct Server {
    options: PgConnectOptions,
    names: OnceLock<Names>,
}

impl Server {
    pub fn new(url: &str, durability: Durability) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(StoreError::other)?;
        let options = options.application_name("thunderline").statement_cache_capacity(STATEMENTS).options([
            // A group holds its locks until it commits, so another group may wait for it, but not for ever. Two
            // groups that wait for each other are told apart by the server after a second (deadlock_timeout).
            ("lock_timeout", "3s"),
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ]);
        let options = match durability {
            Durability::Full => options,
            Durability::Process => options.options([("synchronous_commit", "off")]),
        };
        Ok(Self { options, names: OnceLock::new() })
    }

    async fn connect(&self, role: Role) -> Result<PgConnection, StoreError> {
        let options = match role {
            Role::Writer => self.options.clone().options(BY_INDEX),
            Role::Reader => self.options.clone(),
            Role::Onlooker => self.options.clone().options([("default_transaction_read_only", "on")]),
        };
        let connected = tokio::time::timeout(CONNECT, PgConnection::connect_with(&options)).await;
        match connected {
            Ok(Ok(conn)) => Ok(conn),
            Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string())),
            Err(_) => Err(StoreError::Unavailable("no connection in time".to_owned())),
        }
    }
}

/// One connection, made again when it was lost.
pub struct Session {
    server: Arc<Server>,
    role: Role,
    conn: Option<PgConnection>,
}

impl Session {
    pub async fn open(server: &Arc<Server>, role: Role) -> Result<Self, StoreError> {
        Ok(Self { conn: Some(server.connect(role).await?), server: Arc::clone(server), role })
    }

    /// Reads which columns each unique index promises: error messages only name the index.
    pub async fn learn(&mut self, server: &Server) -> Result<(), StoreError> {
        const INDEXES: &str = "SELECT i.relname::text, CASE WHEN 0 = ANY(x.indkey) THEN i.relname::text ELSE
                t.relname || '.' || (SELECT string_agg(a.attname, ',' ORDER BY k.place)
                    FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) END
            FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
            WHERE x.indisunique AND t.relnamespace = current_schema()::regnamespace";
        let (conn, none) = self.connection()?;
        let names = rows::<(String, String)>(conn, none, INDEXES, PgArguments::default(), usize::MAX).await?;
        // Learnt once a process.
        let _ = server.names.set(names.into_iter().collect());
        Ok(())
    }

    pub fn connection(&mut self) -> Result<(&mut PgConnection, &Names), StoreError> {
        let names = self.server.names.get().unwrap_or(&NO_NAMES);
        self.conn
            .as_mut()
            .map(|conn| (conn, names))
            .ok_or_else(|| StoreError::Unavailable("the connection was lost".to_owned()))
    }

    pub async fn begin(&mut self) -> Result<(), StoreError> {
        let text = match self.role {
            Role::Writer => "BEGIN",
            Role::Reader | Role::Onlooker => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        // A connection that lay idle may be dead without knowing: nothing has been written yet, so a new one will do.
        if self.conn.is_some() && self.tell(text).await.is_ok() {
            return Ok(());
        }
        self.conn = Some(self.server.connect(self.role).await?);
        self.tell(text).await
    }

    pub async fn guard(&mut self) -> Result<(), StoreError> {
        self.tell("SAVEPOINT job").await
    }

    pub async fn keep(&mut self) -> Result<(), StoreError> {
        self.tell("RELEASE SAVEPOINT job").await
    }

    pub async fn undo(&mut self) -> Result<(), StoreError> {
        self.tell("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job").await
    }

    pub async fn commit(&mut self) -> Result<(), StoreError> {
        match self.role {
            // In a failed transaction COMMIT answers happily and rolls back; a savepoint before it is refused.
            Role::Writer => self.tell("SAVEPOINT sound; COMMIT").await,
            Role::Reader | Role::Onlooker => self.tell("COMMIT").await,
        }
    }

    pub async fn abandon(&mut self) {
        if self.conn.is_some() {
            // On an error the connection is given up, and the server rolls back by itself.
            let _ = self.tell("ROLLBACK").await;
        }
    }

    /// A step between jobs. After an error nobody knows what state the connection is in: it is dropped.
    async fn tell(&mut self, text: &'static str) -> Result<(), StoreError> {
        let Some(conn) = &mut self.conn else {
            return Err(StoreError::Unavailable("the connection was lost".to_owned()));
        };
        let told = match tokio::time::timeout(STEP, conn.execute(sqlx::raw_sql(text))).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        self.conn = None;
        Err(StoreError::Unavailable(told))
    }
}

pub async fn run(
    conn: &mut PgConnection,
    names: &Names,
    sql: &'static str,
    arguments: PgArguments,
) -> Result<u64, StoreError> {
    let done = conn.execute(sqlx::query_with(sql, arguments)).await;
    done.map(|done| done.rows_affected()).map_err(|error| refused(&error, names, sql))
}

pub async fn rows<R: FromRow>(
    conn: &mut PgConnection,
    names: &Names,
    sql: &'static str,
    arguments: PgArguments,
    most: usize,
) -> Result<Vec<R>, StoreError> {
    let fetched = conn.fetch_all(sqlx::query_with(sql, arguments)).await;
    let fetched = fetched.map_err(|error| refused(&error, names, sql))?;
    let Some(first) = fetched.first() else { return Ok(Vec::new()) };
    let places = Row::places::<R>(&Fetched(first))?;
    fetched.iter().take(most).enumerate().map(|(number, row)| Row::read(&Fetched(row), &places, number)).collect()
}

pub async fn script(conn: &mut PgConnection, names: &Names, text: &'static str) -> Result<(), StoreError> {
    conn.execute(sqlx::raw_sql(text)).await.map(|_| ()).map_err(|error| refused(&error, names, ""))
}

#[cfg(feature = "lab")]
pub fn prepare<'c>(
    conn: &'c mut PgConnection,
    names: &'c Names,
    sql: &'static str,
) -> impl Future<Output = Result<(), StoreError>> + Send + 'c {
    use sqlx::SqlSafeStr;
    async move { conn.prepare(sql.into_sql_str()).await.map(|_| ()).map_err(|error| refused(&error, names, sql)) }
}

/// The arguments in the driver's form.
pub fn arguments(sql: &'static str, values: &[Value<'_>]) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    add(&mut arguments, sql, values)?;
    Ok(arguments)
}

fn add(arguments: &mut PgArguments, sql: &'static str, values: &[Value<'_>]) -> Result<(), StoreError> {
    arguments.reserve(values.len(), values.len() * 16);
    for value in values {
        let added = match value {
            Value::Null(Kind::Int) => arguments.add(None::<i64>),
            Value::Null(Kind::Bool) => arguments.add(None::<bool>),
            Value::Null(Kind::Real) => arguments.add(None::<f64>),
            Value::Null(Kind::Text) => arguments.add(None::<&str>),
            Value::Null(Kind::Blob) => arguments.add(None::<&[u8]>),
            Value::Null(Kind::Uuid) => arguments.add(None::<Uuid>),
            Value::Null(Kind::Json) => arguments.add(None::<serde_json::Value>),
            Value::Int(n) => arguments.add(n),
            Value::Bool(truth) => arguments.add(truth),
            Value::Real(x) => arguments.add(x),
            Value::Text(text) => arguments.add(text),
            Value::Blob(bytes) => arguments.add(bytes),
            Value::Uuid(id) => arguments.add(id),
            Value::Json(json) => arguments.add(json.as_ref()),
            Value::List(List::Ints(items)) => arguments.add(items),
            Value::List(List::Texts(items)) => arguments.add(items),
            Value::List(List::Uuids(items)) => arguments.add(items),
        };
        added.map_err(|error| StoreError::Other { cause: error.to_string(), statement: sql })?;
    }
    Ok(())
}

struct Fetched<'r>(&'r PgRow);

impl Cells for Fetched<'_> {
    fn cell(&self, position: usize) -> Result<Cell<'_>, String> {
        let value = self.0.try_get_raw(position).map_err(|error| error.to_string())?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let bytes = value.as_bytes().map_err(|error| error.to_string())?;
        let kind = self.0.column(position).type_info();
        // The object ids of the built-in types are part of the protocol (pg_type.dat).
        let text = |bytes| std::str::from_utf8(bytes).map(Cell::Text).map_err(|_| "not UTF-8".to_owned());
        match kind.oid().map_or(0, |oid| oid.0) {
            16 => Ok(Cell::Bool(bytes == [1])),
            20 => Ok(Cell::Int(i64::from_be_bytes(fixed(bytes)?))),
            21 => Ok(Cell::Int(i16::from_be_bytes(fixed(bytes)?).into())),
            23 => Ok(Cell::Int(i32::from_be_bytes(fixed(bytes)?).into())),
            700 => Ok(Cell::Real(f32::from_be_bytes(fixed(bytes)?).into())),
            701 => Ok(Cell::Real(f64::from_be_bytes(fixed(bytes)?))),
            17 => Ok(Cell::Blob(bytes)),
            2950 => Ok(Cell::Uuid(Uuid::from_bytes(fixed(bytes)?))),
            // name, text, JSON, character, character varying
            19 | 25 | 114 | 1042 | 1043 => text(bytes),
            // A version goes before binary JSON.
            3802 => text(bytes.get(1..).unwrap_or_default()),
            _ => Err(format!("a {kind} is not portable: cast it (a sum to BIGINT)")),
        }
    }

    fn name(&self, position: usize) -> &str {
        self.0.column(position).name()
    }

    fn width(&self) -> usize {
        self.0.len()
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], String> {
    bytes.try_into().map_err(|_| format!("{} bytes, not {N}", bytes.len()))
}

/// What an error of PostgreSQL means to everybody else.
fn refused(error: &sqlx::Error, names: &Names, statement: &'static str) -> StoreError {
    let sqlx::Error::Database(database) = error else {
        return match error {
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
                StoreError::Unavailable(error.to_string())
            }
            _ => StoreError::Other { cause: error.to_string(), statement },
        };
    };
    let Some(told) = database.try_downcast_ref::<PgDatabaseError>() else {
        return StoreError::Other { cause: error.to_string(), statement };
    };
    let constraint = told.constraint().unwrap_or_default();
    let conflict = |broken, constraint: String| StoreError::Conflict { broken, constraint };
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    match told.code() {
        "23505" => conflict(Broken::Unique, names.get(constraint).cloned().unwrap_or_else(|| constraint.to_owned())),
        "23503" => conflict(Broken::Foreign, String::new()),
        "23514" | "23P01" => conflict(Broken::Check, constraint.to_owned()),
        "23502" => conflict(
            Broken::NotNull,
            format!("{}.{}", told.table().unwrap_or_default(), told.column().unwrap_or_default()),
        ),
        // A serialization failure, a deadlock, a lock or a statement that took too long.
        "40001" | "40P01" | "55P03" | "57014" => StoreError::Busy(told.message().to_owned()),
        // Connection exceptions, no resources (a full disk, too many connections), the server going down, a transaction
        // that may only read: the database became a standby, or was set so.
        code if ["08", "53", "57P", "25006"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unavailable(told.message().to_owned())
        }
        _ => StoreError::Other { cause: told.message().to_owned(), statement },
    }
}
