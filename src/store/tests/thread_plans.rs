//! A thread is read by its index, however many there are (M18, M28).

use uuid::Uuid;

use crate::{
    domain::Time,
    lab::{on_postgres, on_sqlite},
    store::{Conn, Options, Sql, Store, StoreError, statements},
};

/// Statements of a file and the index that each must go by.
const PAGES: [(&str, &str, &str); 3] = [
    ("threads", "BEFORE", "messages_place"),
    ("threads", "AFTER", "messages_place"),
    ("retention", "OVERDUE_REPLIES", "messages_aside"),
];

async fn plan(conn: &mut Conn<'_>, explain: &'static str, file: &str, name: &str) -> Result<String, StoreError> {
    let found = statements().into_iter().find(|(known, _)| *known == file).unwrap();
    let (_, sql) = found.1.iter().find(|(known, _)| *known == name).unwrap();
    let text = |text: &str| -> &'static str { format!("{explain} {text}").leak() };
    let sql = Sql::split("a plan is told in the engine's own words", text(sql.sqlite), text(sql.postgres));
    let values = (Uuid::nil(), Time::from_micros(9), 50_i64);
    if explain == "EXPLAIN" {
        return Ok(conn.all::<String>(sql, values).await?.join("; "));
    }
    let steps: Vec<(i64, i64, i64, String)> = conn.all(sql, values).await?;
    Ok(steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; "))
}

#[test]
fn sqlite_reads_a_thread_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for (file, name, index) in PAGES {
                    let plan = plan(conn, "EXPLAIN QUERY PLAN", file, name).await?;
                    assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{name}: {plan}");
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

#[test]
fn postgres_reads_a_thread_by_index() {
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
                for (file, name, index) in PAGES {
                    let plan = plan(conn, "EXPLAIN", file, name).await?;
                    assert!(plan.contains(index) && !plan.contains("Sort"), "{name}: {plan}");
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}
