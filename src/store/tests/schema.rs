use std::collections::BTreeSet;

use crate::{
    each_engine,
    lab::postgres,
    store::{DatabaseUrl, MIGRATIONS, Options, Store, StoreError, conformance, statements},
};

/// What only one engine has: words are found by FTS5 in a table of its own, by PostgreSQL in a column.
const APART: &[&str] = &["message_words", "messages.words"];

each_engine! {
    async fn every_statement_is_understood(store: Store) {
        let refused = store.read(|conn| Box::pin(async move {
            Ok::<_, StoreError>(conformance::refused(conn, &statements()).await)
        })).await.unwrap();
        assert_eq!(refused, Vec::<String>::new());
    }
}

#[test]
fn no_statement_is_split_without_a_reason() {
    for (file, statements) in statements() {
        for (name, sql) in statements {
            assert!(sql.reason() != Some(""), "{file}::{name}");
        }
    }
}

#[test]
fn the_folders_hold_what_the_program_applies() {
    let root = env!("CARGO_MANIFEST_DIR");
    let known: BTreeSet<String> = MIGRATIONS.iter().map(|migration| format!("{}.sql", migration.name)).collect();
    for engine in ["sqlite", "postgres"] {
        let files = std::fs::read_dir(format!("{root}/migrations/{engine}")).unwrap();
        let files: BTreeSet<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(files, known, "migrations/{engine}; the list is in src/store/migrate.rs");
    }
    assert!(MIGRATIONS.is_sorted_by_key(|migration| migration.name));
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let Some(database) = postgres::fresh(MIGRATIONS) else { return };
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}/test.db", folder.path().display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (here, there) = (shapes(&sqlite).await, shapes(database.url()).await);
        assert!(here.len() > 20, "the premise: there are tables");
        assert_eq!(conformance::differences(&here, &there, APART), Vec::<String>::new());
    });
}

async fn shapes(url: &str) -> conformance::Shapes {
    let url: DatabaseUrl = url.parse().unwrap();
    let store = Store::open(&url, Options::default()).await.unwrap();
    let shapes = store.read(|conn| Box::pin(conformance::shapes(conn))).await;
    store.close().await;
    shapes.map_err(|error: StoreError| error).unwrap()
}
