//! Brings a database to what this program knows, in one transaction.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Conn, Sql, StoreError, dialect::Session};

/// A step of the schema, in both dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// `NNNN_name`, the file name without its ending. The number orders them.
    pub name: &'static str,
    /// For SQLite. A file that begins with `-- major` has a copy of the database kept before it.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// Every migration, oldest first. A new file is named here; a test holds the list to the folders.
pub const MIGRATIONS: &[Migration] = migrations![
    "0001_house",
    "0002_lanes",
    "0003_audit_chain",
    "0004_inbox",
    "0005_lean_posts",
    "0006_keeping",
    "0007_lane_waits",
    "0008_answering",
    "0009_deliveries",
    "0010_reactions",
    "0011_threads",
    "0012_keeping_order",
    "0013_moderation",
    "0014_keyed_digests",
    "0015_channel_settings",
    "0016_search",
    "0017_rules",
    "0018_conversations",
    "0019_verdicts",
    "0020_drafts",
    "0021_departures",
    "0022_custom_roles",
];

const TABLE: Sql = Sql::both(
    "CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, number BIGINT NOT NULL)",
);
const LOCK: Sql = Sql::split(
    "locking: several nodes start at once; SQLite's writer is alone already",
    "SELECT 1",
    "SELECT 1 FROM pg_advisory_xact_lock(7020104)",
);
const APPLIED: Sql = Sql::both("SELECT name, checksum FROM migrations ORDER BY number");
const RECORD: Sql = Sql::both("INSERT INTO migrations (name, checksum, number) VALUES ($1, $2, $3)");

/// Applies what is missing. Refuses a database that a newer program has been at, or whose past is another.
pub(super) async fn migrate(session: &mut Session, migrations: &'static [Migration]) -> Result<(), StoreError> {
    let applied = transact(session, migrations, false).await?;
    let missing = migrations.get(applied..).unwrap_or_default();
    if let Some(major) = missing.iter().find(|migration| migration.sqlite.starts_with("-- major"))
        && applied > 0
    {
        session.copy(major.name)?;
    }
    if !missing.is_empty() {
        transact(session, migrations, true).await?;
    }
    Ok(())
}

async fn transact(session: &mut Session, migrations: &'static [Migration], apply: bool) -> Result<usize, StoreError> {
    session.begin().await.map_err(|trouble| trouble.error)?;
    match step(session, migrations, apply).await {
        Ok(applied) => {
            session.commit().await.map_err(|trouble| trouble.error)?;
            Ok(applied)
        }
        Err(error) => {
            session.abandon().await;
            Err(error)
        }
    }
}

/// Refuses a database that is not as this program would leave it. Changes nothing.
pub(super) async fn compare(session: &mut Session, migrations: &'static [Migration]) -> Result<(), StoreError> {
    session.begin().await.map_err(|trouble| trouble.error)?;
    let applied = look(session, migrations).await;
    session.abandon().await;
    if applied? < migrations.len() {
        let last = migrations.last().map_or("none", |migration| migration.name);
        return Err(StoreError::other(format!(
            "the database is older than this program, which knows migrations up to {last}: use the program that made \
             it, or start the server, which brings it up to date"
        )));
    }
    Ok(())
}

async fn look(session: &mut Session, migrations: &'static [Migration]) -> Result<usize, StoreError> {
    let mut conn = session.conn()?;
    let applied = conn.all::<(String, String)>(APPLIED, ()).await.map_err(|error| match error {
        StoreError::Other { cause, .. } => StoreError::other(format!("this is no database of Thunderline: {cause}")),
        error => error,
    })?;
    known(&conn, &applied, migrations)?;
    Ok(applied.len())
}

async fn step(session: &mut Session, migrations: &'static [Migration], apply: bool) -> Result<usize, StoreError> {
    let mut conn = session.conn()?;
    conn.one::<i64>(LOCK, ()).await?;
    conn.run(TABLE, ()).await?;
    let applied = conn.all::<(String, String)>(APPLIED, ()).await?;
    known(&conn, &applied, migrations)?;
    for (number, migration) in migrations.iter().enumerate().skip(applied.len()).filter(|_| apply) {
        let text = conn.dialect_of(migration);
        conn.script(text).await.map_err(|error| StoreError::other(format!("migration {}: {error}", migration.name)))?;
        conn.run(RECORD, (migration.name, checksum(text), i64::try_from(number).unwrap_or(i64::MAX))).await?;
        tracing::info!(migration = migration.name, "the schema has moved on");
    }
    Ok(applied.len())
}

/// Refuses a past that is not this program's.
fn known(conn: &Conn<'_>, applied: &[(String, String)], migrations: &[Migration]) -> Result<(), StoreError> {
    for (place, (name, sum)) in applied.iter().enumerate() {
        let known = migrations.get(place).ok_or_else(|| newer(name, migrations))?;
        let text = conn.dialect_of(known);
        if name != known.name || *sum != checksum(text) {
            return Err(StoreError::other(format!(
                "migration {name} was applied to this database with another text than this program's {}: \
                 start the program that made the database, or restore a copy",
                known.name
            )));
        }
    }
    Ok(())
}

fn newer(name: &str, migrations: &[Migration]) -> StoreError {
    let last = migrations.last().map_or("none", |migration| migration.name);
    StoreError::other(format!(
        "the database is newer than this program: it has migration {name}, this program knows them up to {last}. \
         Start the newer program, or restore the copy that was kept before the migration"
    ))
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
