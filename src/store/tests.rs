//! The store core, on both engines, with tables of its own.

mod conversation_plans;
mod held_plans;
mod migrating;
mod outage;
mod plans;
mod reading;
mod rows;
mod schema;
mod search_plans;
mod thread_migration;
mod thread_plans;
mod writing;

use std::sync::{Arc, Mutex};

use super::{Migration, Options, Shard, Sink, Sql};
use crate::sql;

const TABLES: &[Migration] = &[Migration {
    name: "0001_tables",
    sqlite: "CREATE TABLE counters (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
        CREATE TABLE notes (
            id BLOB PRIMARY KEY, counter INTEGER NOT NULL REFERENCES counters (id), seq INTEGER NOT NULL,
            text TEXT NOT NULL, CONSTRAINT notes_text CHECK (text <> ''), UNIQUE (counter, seq)
        ) STRICT;
        CREATE TABLE late (id INTEGER PRIMARY KEY, counter INTEGER REFERENCES counters (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
        CREATE TABLE kinds (
            id INTEGER PRIMARY KEY, small INTEGER, truth INTEGER, text TEXT, bytes BLOB, uid BLOB, json TEXT, real REAL
        ) STRICT;
        CREATE UNIQUE INDEX kinds_text ON kinds (lower(text));",
    postgres: "CREATE TABLE counters (id BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
        CREATE TABLE notes (
            id UUID PRIMARY KEY, counter BIGINT NOT NULL REFERENCES counters (id), seq BIGINT NOT NULL,
            text TEXT NOT NULL, CONSTRAINT notes_text CHECK (text <> ''), UNIQUE (counter, seq)
        );
        CREATE TABLE late (id BIGINT PRIMARY KEY, counter BIGINT REFERENCES counters (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE kinds (
            id BIGINT PRIMARY KEY, small INTEGER, truth BOOLEAN, text TEXT, bytes BYTEA, uid UUID, json JSONB,
            \"real\" DOUBLE PRECISION
        );
        CREATE UNIQUE INDEX kinds_text ON kinds (lower(text));",
}];

sql! {
    COUNTER = Sql::both("INSERT INTO counters (id, seq) VALUES ($1, 0)");
    BUMP = Sql::both("UPDATE counters SET seq = seq + 1 WHERE id = $1 RETURNING seq");
    HEAD = Sql::both("SELECT seq FROM counters WHERE id = $1");
    NOTE = Sql::both("INSERT INTO notes (id, counter, seq, text) VALUES ($1, $2, $3, $4)");
    NOTE_RETURNING = Sql::both("INSERT INTO notes (id, counter, seq, text) VALUES ($1, $2, $3, $4) RETURNING seq");
    NOTES = Sql::both("SELECT seq, text FROM notes WHERE counter = $1 ORDER BY seq");
    COUNT = Sql::both("SELECT count(*) FROM notes");
    LATE = Sql::both("INSERT INTO late (id, counter) VALUES ($1, $2)");
}

fn options() -> Options {
    Options { migrations: TABLES, ..Options::default() }
}

/// A sink and what it was given.
fn listening() -> (Sink, Arc<Mutex<Vec<i64>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let sink: Sink = Arc::new(move |values| {
        ears.lock().unwrap().extend(values.into_iter().map(|value| *value.downcast::<i64>().unwrap()));
    });
    (sink, heard)
}

const HERE: Shard = Shard(1);

fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}
