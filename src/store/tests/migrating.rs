use uuid::Uuid;

use super::{COUNTER, HERE, TABLES, id, options};
use crate::{
    lab::postgres,
    store::{DatabaseUrl, Durability, MIGRATIONS, Migration, Options, Sql, Store, StoreError},
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
    let store = open(url, TABLES).await.unwrap();
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
    std::fs::write(&path, "").unwrap();
    let said = onlooker(&url, TABLES).await.map(|_| ()).unwrap_err().to_string();
    assert!(said.starts_with("this is no database of Thunderline"), "{said}");
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

const PERSON_OF_ALL: Sql = Sql::both("SELECT id FROM people");
const HOME: Sql = Sql::both(
    "INSERT INTO communities (id, slug, name, description, public, owner, members, seq, created_at) \
     VALUES ($1, 'acme', 'Acme', '', TRUE, $2, 1, 0, 1)",
);
const HOOK: Sql = Sql::both(
    "INSERT INTO webhooks (id, community, url, secret, events, active, created_by, created_at) \
     VALUES ($1, $1, 'https://a.example', 'x', $3, TRUE, $2, 1)",
);
const SENT: Sql = Sql::both(
    "INSERT INTO webhook_deliveries (webhook, event, name, done, attempts, status, error, at) \
     VALUES ($1, $2, 'message.posted', $3, 2, 500, NULL, 7)",
);
const KEPT: Sql = Sql::both("SELECT event, done, attempts, at, place, waits FROM webhook_deliveries ORDER BY event");
const WIDTH: Sql = Sql::both("SELECT width FROM lane_controls WHERE lane = 'cross_domain'");

async fn deliveries_are_kept_when_lines_come(url: &DatabaseUrl) {
    let before = MIGRATIONS.iter().position(|one| one.name == "0009_deliveries").unwrap();
    let store = open(url, &MIGRATIONS[..before]).await.unwrap();
    let written = store.write::<_, StoreError, _>(HERE, |conn| {
        Box::pin(async move {
            let server: Uuid = conn.one(PERSON_OF_ALL, ()).await?;
            conn.run(HOME, (id(1), server)).await?;
            conn.run(HOOK, (id(1), server, &serde_json::json!(["message.posted"]))).await?;
            conn.run(SENT, (id(1), id(2), true)).await?;
            conn.run(SENT, (id(1), id(3), false)).await
        })
    });
    written.await.unwrap();
    store.close().await;
    let store = open(url, MIGRATIONS).await.unwrap();
    let kept = store.read::<_, StoreError, _>(|conn| {
        Box::pin(async move {
            let rows: Vec<(Uuid, bool, i64, i64, Option<i64>, bool)> = conn.all(KEPT, ()).await?;
            Ok((rows, conn.one::<i64>(WIDTH, ()).await?))
        })
    });
    let (rows, width) = kept.await.unwrap();
    assert_eq!(rows, [(id(2), true, 2, 7, None, false), (id(3), false, 2, 7, None, false)]);
    assert_eq!(width, 32);
    store.close().await;
}

#[tokio::test]
async fn deliveries_are_kept_when_lines_come_to_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    deliveries_are_kept_when_lines_come(&format!("sqlite:{}/test.db", folder.path().display()).parse().unwrap()).await;
}

#[test]
fn deliveries_are_kept_when_lines_come_to_postgres() {
    let Some(database) = postgres::fresh(&[]) else { return };
    let url = database.url().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(deliveries_are_kept_when_lines_come(&url));
}
