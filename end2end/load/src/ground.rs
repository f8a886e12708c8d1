use std::{fs, path::PathBuf, process::Command};

use crate::{
    address, bare,
    chance::Chance,
    failure::Result,
    options::Place,
    postgres::Postgres,
    server::{Launch, Server},
    texts::Texts,
};

/// Where servers are started: a throw-away folder, and a database if asked for.
#[derive(Debug)]
pub struct Ground {
    place: Place,
    folder: PathBuf,
    seed: u64,
    servers: u32,
    // Stopped before the folder goes.
    postgres: Option<Postgres>,
}

impl Ground {
    /// Prepares what `place` asks for.
    pub fn new(place: Place) -> Result<Self> {
        let seed = place.seed.unwrap_or_else(Chance::fresh_seed);
        let root = place.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = root.join(format!("thunderline-load-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        // Before the generator takes a core for itself: a database server shares both with everybody.
        let postgres = match place.database.as_str() {
            "postgres" => Some(Postgres::start(&folder.join("postgres"))?),
            _ => None,
        };
        if place.pin {
            let own = std::process::id().to_string();
            let pinned = Command::new("taskset").args(["--pid", "--cpu-list", "1", &own]).output();
            let pinned = pinned.map_err(|error| format!("--pin needs taskset (util-linux): {error}"))?;
            if !pinned.status.success() {
                return Err("--pin needs a second core".into());
            }
        }
        Ok(Self { place, folder, seed, servers: 0, postgres })
    }

    /// A server on empty data, or the one that runs already.
    pub async fn server(&mut self) -> Result<Server> {
        if let Some(url) = &self.place.url {
            return Ok(Server::running(address::parse(url)?));
        }
        let binary = self.place.server.clone();
        let binary = binary.ok_or("say which server: --server <binary>, --url <address> or THUNDERLINE_BINARY")?;
        if !binary.exists() {
            return Err(format!("{} is not there; `make run` builds it", binary.display()).into());
        }
        self.servers += 1;
        let database = match &mut self.postgres {
            Some(postgres) => Some(postgres.database()?),
            None => (self.place.database != "sqlite").then(|| self.place.database.clone()),
        };
        let folder = self.folder.join(format!("server-{}", self.servers));
        let pinned = self.place.pin;
        let (listen, environment) = ("127.0.0.1:0".into(), Vec::new());
        Server::start(Launch { binary, folder, listen, database, pinned, environment }).await
    }

    /// What people say, from the beginning.
    pub fn texts(&self) -> Texts {
        let built = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/thunderline");
        let cache = std::env::var_os("THUNDERLINE_CACHE").map_or_else(built, PathBuf::from);
        let corpus = self.place.corpus.clone().unwrap_or_else(|| cache.join("corpus/chitchat.zip"));
        Texts::load(&corpus, self.seed)
    }

    /// How long the disk takes to sync, in milliseconds: median and 99th percentile.
    pub fn sync(&self) -> Result<(f64, f64)> {
        bare::sync(&self.folder)
    }

    /// What makes texts and words.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How and where.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether the database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.place.database != "sqlite"
    }

    /// The database and what an acknowledgement promises on it.
    pub fn durability(&self) -> (&'static str, &'static str) {
        match (self.place.url.is_some(), self.place.database.as_str()) {
            (true, _) => ("a server that runs already", "durable as that one is set"),
            (_, "sqlite") => ("embedded SQLite", "WAL with synchronous=FULL: synced before each acknowledgement"),
            (_, "postgres") => ("PostgreSQL of its own", "fsync=on, synchronous_commit=on: synced before each answer"),
            _ => ("PostgreSQL at a given URL", "durable as that one is set"),
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        drop(self.postgres.take());
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} was not removed: {error}", self.folder.display());
        }
    }
}
