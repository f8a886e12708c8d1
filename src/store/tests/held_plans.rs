//! What is held, and who was somewhere before, is found by index, however much there is (M07, M28).

use uuid::Uuid;

use crate::{
    domain::Time,
    lab::{on_postgres, on_sqlite},
    store::{Binds, Conn, Options, Sql, Store, StoreError, statements},
};

/// An author's own of one channel, in the order in which they are shown.
const SHOWN: (&str, &str) = ("HELD_OF", "held_messages_author");
/// What is asked of one author in no order: PostgreSQL, which weighs indexes by what the table holds, may find that little
/// by any of them.
const AUTHORS: [(&str, &str); 3] =
    [("ALL_OF", "held_messages_"), ("COUNT_HELD", "held_messages_"), ("WAITING_OF", "held_messages_")];
/// The moderators' queue.
const QUEUE: (&str, &str) = ("HELD_QUEUE", "held_messages_queue");
/// What a channel keeps no longer.
const OVERDUE: (&str, &str) = ("OVERDUE_HELD", "held_messages_channel");

async fn goes_by(
    conn: &mut Conn<'_>,
    engine: &str,
    (name, index): (&str, &str),
    values: impl Binds,
) -> Result<(), StoreError> {
    let found = statements().into_iter().find(|(known, _)| *known == "held").unwrap();
    let (_, sql) = found.1.iter().find(|(known, _)| *known == name).unwrap();
    let plan = if engine == "sqlite" {
        let text: &'static str = format!("EXPLAIN QUERY PLAN {}", sql.sqlite).leak();
        let steps: Vec<(i64, i64, i64, String)> = conn.all(Sql::both(text), values).await?;
        steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; ")
    } else {
        let text: &'static str = format!("EXPLAIN {}", sql.postgres).leak();
        conn.all::<String>(Sql::both(text), values).await?.join("; ")
    };
    let sorted = plan.contains("TEMP B-TREE") || plan.contains("Sort");
    // SQLite says SCAN, PostgreSQL Seq Scan, of a table that is read whole.
    let whole = plan.contains("SCAN ") || plan.contains("Seq Scan");
    assert!(plan.contains(index) && !whole && !sorted, "{engine} {name}: {plan}");
    Ok(())
}

async fn all_go_by(conn: &mut Conn<'_>, engine: &str) -> Result<(), StoreError> {
    let (id, time) = (Uuid::nil(), Time::from_micros(9));
    goes_by(conn, engine, SHOWN, (id, id, 50_i64)).await?;
    for one in AUTHORS {
        goes_by(conn, engine, one, (id, id)).await?;
    }
    goes_by(conn, engine, QUEUE, (id, 50_i64)).await?;
    goes_by(conn, engine, OVERDUE, (id, time, 50_i64)).await
}

#[test]
fn sqlite_finds_what_is_held_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| Box::pin(async move { all_go_by(conn, "sqlite").await }));
        told.await.unwrap();
    });
}

#[test]
fn postgres_finds_what_is_held_by_index() {
    on_postgres(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                // An empty table is faster read whole; a long one is not.
                for way in [
                    "SET LOCAL enable_seqscan = off",
                    "SET LOCAL enable_bitmapscan = off",
                    "SET LOCAL enable_sort = off",
                ] {
                    conn.run(Sql::both(way), ()).await?;
                }
                all_go_by(conn, "postgres").await
            })
        });
        told.await.unwrap();
    });
}
