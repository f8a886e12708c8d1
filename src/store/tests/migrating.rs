use super::{COUNTER, HERE, TABLES, options};
use crate::{
    lab::postgres,
    store::{DatabaseUrl, Durability, Migration, Options, Store, StoreError},
};

const SECOND: &[Migration] = &[TABLES[0], step("0002_more", "CREATE TABLE more (id BIGINT PRIMARY KEY)")];
const CHANGED: &[Migration] = &[step("0001_tables", "CREATE TABLE others (id BIGINT PRIMARY KEY)")];
const BROKEN: &[Migration] = &[
    TABLES[0],
    step("0002_fine", "CREATE TABLE fine (id BIGINT PRIMARY KEY)"),
    step("0003_broken", "CREATE TABLE broken (id BIGINT PRIMARY KEY); CREATE TABLE broken (id BIGINT PRIMARY KEY)"),
];
const MAJOR: &[Migration] = &[TABLES[0], step("0002_major", "-- major\nDROP TABLE late")];

const fn step(name: &'static str, text: &'static str) -> Migration {
    Migration { name, sqlite: text, postgres: text }
}

async fn open(url: &DatabaseUrl, migrations: &'static [Migration]) -> Result<Store, StoreError> {
    Store::open(url, Options { migrations, durability: Durability::Process, ..options() }).await
}

async fn refusal(url: &DatabaseUrl, migrations: &'static [Migration]) -> String {
    open(url, migrations).await.map(|_| ()).expect_err("it must be refused").to_string()
}

async fn the_schema_moves_forward_only(url: &DatabaseUrl) {
    let store = open(url, TABLES).await.unwrap();
    store.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 1_i64).await })).await.unwrap();
    store.close().await;

    let said = refusal(url, BROKEN).await;
    assert!(said.starts_with("migration 0003_broken: "), "{said}");
    let said = refusal(url, CHANGED).await;
    assert!(said.starts_with("migration 0001_tables was applied to this database with another text"), "{said}");

    // Had the broken one left 0002_fine behind, this would be refused.
    open(url, SECOND).await.unwrap().close().await;
    open(url, SECOND).await.unwrap().close().await;

    let said = refusal(url, TABLES).await;
    assert!(said.starts_with("the database is newer than this program: it has migration 0002_more"), "{said}");
    let store = open(url, SECOND).await.unwrap();
    let again = store.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 1_i64).await })).await;
    assert!(again.is_err_and(|error: StoreError| error.is_taken("counters.id")), "the row is still there");
    store.close().await;
}

async fn onlooker(url: &DatabaseUrl, migrations: &'static [Migration]) -> Result<Store, StoreError> {
    Store::look_on(url, Options { migrations, ..options() }).await
}

async fn who_looks_on_changes_nothing(url: &DatabaseUrl) {
    let said = async |migrations| onlooker(url, migrations).await.map(|_| ()).expect_err("it is refused").to_string();
    let empty = said(TABLES).await;
    let store = open(url, TABLES).await.unwrap();
    assert!(url.as_str().starts_with("sqlite:") || empty.starts_with("this is no database of Thunderline"), "{empty}");
    store.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 1_i64).await })).await.unwrap();
    for _ in 0..2 {
        let older = said(SECOND).await;
        assert!(older.starts_with("the database is older than this program, which knows migrations up to 0002_more"));
    }
    let seen = onlooker(url, TABLES).await.unwrap();
    let read = seen.read(|conn| Box::pin(conn.one::<i64>(super::HEAD, 1_i64))).await;
    read.map_err(|error: StoreError| error).unwrap();
    let wrote = seen.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 2_i64).await })).await;
    assert_eq!(wrote, Err(StoreError::Unavailable("the database was opened to look on".to_owned())));
    let wrote = seen.read(|conn| Box::pin(async move { conn.run(COUNTER, 2_i64).await })).await;
    assert!(wrote.is_err_and(|_: StoreError| true), "not even on a connection for reading");
    seen.close().await;
    store.close().await;
    open(url, SECOND).await.unwrap().close().await;
    assert!(said(TABLES).await.starts_with("the database is newer than this program"));
    onlooker(url, SECOND).await.unwrap().close().await;
}

#[tokio::test]
async fn who_looks_on_changes_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let url = format!("sqlite:{}", path.display()).parse().unwrap();
    assert!(onlooker(&url, TABLES).await.is_err());
    assert!(!path.exists(), "no file is made");
    who_looks_on_changes_nothing(&url).await;
    let before = std::fs::read(&path).unwrap();
    onlooker(&url, SECOND).await.unwrap().close().await;
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn who_looks_on_changes_nothing_on_postgres() {
    let Some(database) = postgres::fresh(&[]) else { return };
    let url = database.url().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(who_looks_on_changes_nothing(&url));
}

#[tokio::test]
async fn the_schema_of_sqlite_moves_forward_only() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/test.db", folder.path().display()).parse().unwrap();
    the_schema_moves_forward_only(&url).await;
}

#[test]
fn the_schema_of_postgres_moves_forward_only() {
    let Some(database) = postgres::fresh(&[]) else { return };
    let url = database.url().parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(the_schema_moves_forward_only(&url));
}

#[test]
fn nodes_that_start_together_migrate_once() {
    let Some(database) = postgres::fresh(&[]) else { return };
    let url = database.url().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (a, b, c) = tokio::join!(open(&url, SECOND), open(&url, SECOND), open(&url, SECOND));
        for store in [a, b, c] {
            store.unwrap().close().await;
        }
    });
}

#[tokio::test]
async fn before_a_major_migration_a_copy_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let url: DatabaseUrl = format!("sqlite:{}/test.db", folder.path().display()).parse().unwrap();
    let store = open(&url, TABLES).await.unwrap();
    store.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 7_i64).await })).await.unwrap();
    store.close().await;
    open(&url, MAJOR).await.unwrap().close().await;

    let copy: DatabaseUrl = format!("sqlite:{}/test.db.before-0002_major", folder.path().display()).parse().unwrap();
    let copy = open(&copy, TABLES).await.unwrap();
    let taken = copy.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 7_i64).await })).await;
    assert!(taken.is_err_and(|error: StoreError| error.is_taken("counters.id")));
    copy.close().await;
}
