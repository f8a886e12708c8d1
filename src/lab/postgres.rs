//! A throwaway PostgreSQL server for tests.
//!
//! nextest runs each test in a process of its own, so the server is shared between processes: each holds a
//! shared lock on a file for its life, and a watchdog that finds the file unlocked stops the server and
//! removes it. A process that is killed lets its lock go like any other.

mod server;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use self::server::Server;
use crate::store::{DatabaseUrl, Durability, Migration, Options, Store};

/// A database of one test, dropped with it.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
    server: &'static Server,
}

impl Database {
    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // What is left over goes with the server.
        let _ = self.server.psql(&[&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)]);
    }
}

/// A database with these migrations applied, copied from a template. None, said loudly, when PostgreSQL is
/// not installed.
///
/// # Panics
/// When the server cannot be started, or is missing and `THUNDERLINE_REQUIRE_POSTGRES` is set.
pub fn fresh(migrations: &'static [Migration]) -> Option<Database> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(start).as_ref()?;
    let template = server.template(migrations);
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    server.psql(&[&drop, &format!("CREATE DATABASE {name} TEMPLATE {template}")]).expect("a database");
    let url = server.url(&name);
    Some(Database { name, url, server })
}

fn start() -> Option<Server> {
    if let Some(programs) = programs() {
        return Some(Server::shared(&programs).expect("PostgreSQL starts"));
    }
    let required = std::env::var_os("THUNDERLINE_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
    assert!(!required, "PostgreSQL is not installed, and THUNDERLINE_REQUIRE_POSTGRES is set");
    eprintln!("\n*** PostgreSQL is not installed: THIS TEST DID NOT RUN on it (apt-get install postgresql) ***\n");
    None
}

/// The newest installed version's programs.
fn programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let found = installed.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join("bin/initdb").exists());
    found.max_by_key(|path| version(path)).map(|path| path.join("bin"))
}

/// Opens a store on a template to be, so that its migrations are applied.
fn prepare(url: &str, migrations: &'static [Migration]) {
    let url: DatabaseUrl = url.parse().expect("an address of a database");
    let options = Options { durability: Durability::Process, migrations, ..Options::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        Store::open(&url, options).await.expect("a template with every migration").close().await;
    });
}

fn check(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}
