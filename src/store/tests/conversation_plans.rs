//! Whoever lists a community's channels does not read through everybody's conversations (C12, M28).

use uuid::Uuid;

use crate::{
    lab::{on_postgres, on_sqlite},
    store::{Conn, Options, Sql, Store, StoreError, statements},
};

/// The indexes the list goes by: the channels without conversations, and what one takes part in.
const INDEXES: [&str; 2] = ["channels_listed", "participants_person"];

fn explained(explain: &str) -> Sql {
    let found = statements().into_iter().find(|(file, _)| *file == "channels").unwrap();
    let (_, sql) = found.1.iter().find(|(name, _)| *name == "VISIBLE").unwrap();
    let text = |text: &str| -> &'static str { format!("{explain} {text}").leak() };
    Sql::split("a plan is told in the engine's own words", text(sql.sqlite), text(sql.postgres))
}

#[test]
fn sqlite_lists_channels_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                let sql = explained("EXPLAIN QUERY PLAN");
                let steps: Vec<(i64, i64, i64, String)> = conn.all(sql, (Uuid::nil(), Uuid::nil())).await?;
                Ok(steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; "))
            })
        });
        let plan: String = told.await.unwrap();
        assert!(INDEXES.iter().all(|index| plan.contains(index)), "{plan}");
    });
}

#[test]
fn postgres_lists_channels_by_index() {
    on_postgres(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                // An empty table is faster read whole; a long one is not.
                for way in ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_bitmapscan = off"] {
                    conn.run(Sql::both(way), ()).await?;
                }
                plan(conn).await
            })
        });
        let plan = told.await.unwrap();
        assert!(plan.contains("channels_listed"), "{plan}");
    });
}

async fn plan(conn: &mut Conn<'_>) -> Result<String, StoreError> {
    Ok(conn.all::<String>(explained("EXPLAIN"), (Uuid::nil(), Uuid::nil())).await?.join("; "))
}
