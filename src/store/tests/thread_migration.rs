//! What was posted before threads had lines of their own (0011): it stays where it was read, and its threads are counted.

use uuid::Uuid;

use super::{HERE, id};
use crate::{
    lab::postgres,
    store::{DatabaseUrl, MIGRATIONS, Options, Sql, Store, StoreError},
};

const PERSON: Sql = Sql::both("SELECT id FROM people");
const HOME: Sql = Sql::both(
    "INSERT INTO communities (id, slug, name, description, public, owner, members, seq, created_at) \
     VALUES ($1, 'acme', 'Acme', '', TRUE, $2, 1, 0, 1)",
);
const CHANNEL: Sql = Sql::both(
    "INSERT INTO channels (id, community, slug, name, kind, visibility, status, topic, seq, count, participants, created_at) \
     VALUES ($1, $1, 'general', 'general', 'text', 'public', 'active', '', 4, 4, 0, 1)",
);
const MESSAGE: Sql = Sql::both(
    "INSERT INTO messages (id, channel, position, seq, author, sender, kind, status, body, html, reply_to, root, created_at) \
     VALUES ($1, $2, $3, $3, $4, 'person', 'text', $5, $6, $6, $7, $7, $3)",
);
const TOLD: Sql = Sql::both(
    "INSERT INTO notifications (id, person, kind, message, channel, community, actor, event, created_at) \
     VALUES ($1, $2, 'mention', $3, $4, $4, $2, $1, 7)",
);
const KEPT: Sql = Sql::both("SELECT position, place, body FROM messages ORDER BY position");
const THREADS: Sql = Sql::both("SELECT root, places, replies, people, last_reply_at FROM threads");
const PEOPLE: Sql = Sql::both("SELECT replies, since, following FROM thread_people");
const INBOX: Sql = Sql::both("SELECT message FROM notifications");
const FOUND: Sql = Sql::split(
    "search: FTS5 against tsvector",
    "SELECT count(*) FROM messages m WHERE m.rowid IN (SELECT rowid FROM message_words WHERE message_words MATCH 'kept') \
     AND m.body = 'kept'",
    "SELECT count(*) FROM messages m WHERE m.words @@ plainto_tsquery('simple', 'kept') AND m.body = 'kept'",
);

async fn open(url: &DatabaseUrl, migrations: &'static [crate::store::Migration]) -> Store {
    Store::open(url, Options { migrations, ..Options::default() }).await.unwrap()
}

async fn what_was_posted_before_threads_is_kept(url: &DatabaseUrl) {
    let before = MIGRATIONS.iter().position(|one| one.name == "0011_threads").unwrap();
    let store = open(url, &MIGRATIONS[..before]).await;
    let written = store.write::<_, StoreError, _>(HERE, |conn| {
        Box::pin(async move {
            let server: Uuid = conn.one(PERSON, ()).await?;
            conn.run(HOME, (id(1), server)).await?;
            conn.run(CHANNEL, (id(1),)).await?;
            let none = None::<Uuid>;
            conn.run(MESSAGE, (id(11), id(1), 1_i64, server, "active", "root", none)).await?;
            conn.run(MESSAGE, (id(12), id(1), 2_i64, server, "deleted", "", Some(id(11)))).await?;
            conn.run(MESSAGE, (id(13), id(1), 3_i64, server, "active", "kept", Some(id(11)))).await?;
            conn.run(MESSAGE, (id(14), id(1), 4_i64, server, "active", "next", none)).await?;
            conn.run(TOLD, (id(21), server, id(14), id(1))).await
        })
    });
    written.await.unwrap();
    store.close().await;
    let store = open(url, &MIGRATIONS[..=before]).await;
    let kept = store.read::<_, StoreError, _>(|conn| {
        Box::pin(async move {
            let messages: Vec<(i64, Option<i64>, String)> = conn.all(KEPT, ()).await?;
            let threads: Vec<(Uuid, i64, i64, i64, i64)> = conn.all(THREADS, ()).await?;
            let people: Vec<(i64, i64, bool)> = conn.all(PEOPLE, ()).await?;
            let found = (conn.one::<i64>(FOUND, ()).await?, conn.one::<Uuid>(INBOX, ()).await?);
            Ok((messages, threads, people, found))
        })
    });
    let (messages, threads, people, found) = kept.await.unwrap();
    let said: Vec<_> = messages.iter().map(|(position, place, body)| (*position, *place, body.as_str())).collect();
    assert_eq!(said, [(1, None, "root"), (2, Some(1), ""), (3, Some(2), "kept"), (4, None, "next")]);
    assert_eq!(threads, [(id(11), 2, 1, 1, 3)]);
    assert_eq!((people, found), (vec![(1, 2, true)], (1, id(14))), "also by its words, and in the inbox");
    store.close().await;
}

#[tokio::test]
async fn what_was_posted_before_threads_is_kept_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/test.db", folder.path().display()).parse().unwrap();
    what_was_posted_before_threads_is_kept(&url).await;
}

#[test]
fn what_was_posted_before_threads_is_kept_on_postgres() {
    let Some(database) = postgres::fresh(&[]) else { return };
    let url = database.url().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(what_was_posted_before_threads_is_kept(&url));
}
