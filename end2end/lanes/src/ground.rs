use std::{
    fs,
    path::{Path, PathBuf},
};

use load::{chance::Chance, failure::Result, postgres::Postgres};

use crate::options::Place;

/// Where databases are made: a throw-away folder, and a PostgreSQL if asked for.
#[derive(Debug)]
pub struct Ground {
    place: Place,
    folder: PathBuf,
    seed: u64,
    databases: u32,
    // Stopped before the folder goes.
    postgres: Option<Postgres>,
}

impl Ground {
    /// Prepares what `place` asks for.
    pub fn new(place: Place) -> Result<Self> {
        let seed = place.seed.unwrap_or_else(Chance::fresh_seed);
        let root = place.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = root.join(format!("thunderline-lanes-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let postgres = match place.database.as_str() {
            "postgres" => Some(Postgres::start(&folder.join("postgres"))?),
            _ => None,
        };
        Ok(Self { place, folder, seed, databases: 0, postgres })
    }

    /// The address of a new, empty database.
    pub fn database(&mut self) -> Result<String> {
        self.databases += 1;
        match &mut self.postgres {
            Some(postgres) => postgres.database(),
            None => Ok(format!("sqlite:{}", self.folder.join(format!("{}.db", self.databases)).display())),
        }
    }

    /// A folder that goes with the run.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What chooses moments.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How and where.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether the database is PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// The database and what a commit promises on it.
    pub const fn durability(&self) -> (&'static str, &'static str) {
        if self.is_postgres() {
            ("PostgreSQL of its own", "fsync=on, synchronous_commit=on: synced before each answer")
        } else {
            ("SQLite", "WAL with synchronous=FULL: synced before each answer")
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
