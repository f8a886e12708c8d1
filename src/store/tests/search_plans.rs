//! What is looked for is found by the index of words, however much was said (M23, M28).

use uuid::Uuid;

use crate::{
    domain::{ChannelId, MessageId, Time},
    lab::{on_postgres, on_sqlite},
    store::{Conn, Options, Sql, Store, StoreError, search, statements},
};

async fn plan(conn: &mut Conn<'_>, explain: &str, name: &str) -> Result<String, StoreError> {
    let found = statements().into_iter().find(|(known, _)| *known == "search").unwrap();
    let (_, sql) = found.1.iter().find(|(known, _)| *known == name).unwrap();
    let text = |text: &str| -> &'static str { format!("{explain} {text}").leak() };
    let sql = Sql::split("a plan is told in the engine's own words", text(sql.sqlite), text(sql.postgres));
    let (time, words) = (Time::from_micros(9), "word");
    let (id, channels) = (MessageId::from(Uuid::nil()), vec![ChannelId::fresh()]);
    let told = |steps: Vec<String>| steps.join("; ");
    if explain != "EXPLAIN" {
        let steps: Vec<(i64, i64, i64, String)> = conn.all(sql, (words, time, time, id, 9_i64, channels)).await?;
        return Ok(told(steps.into_iter().map(|(.., step)| step).collect()));
    }
    Ok(told(match name {
        "COUNT" => conn.all(sql, (words, 9_i64)).await?,
        "NEWEST" => conn.all(sql, (words, time, time, id, 9_i64)).await?,
        _ => conn.all(sql, (words, time, time, id, 9_i64, channels)).await?,
    }))
}

#[test]
fn sqlite_finds_words_by_their_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for name in ["COUNT", "NEWEST", "NEWEST_PINNED"] {
                    let plan = plan(conn, "EXPLAIN QUERY PLAN", name).await?;
                    assert!(plan.contains("message_words VIRTUAL TABLE INDEX") && plan.contains('M'), "{name}: {plan}");
                    assert!(!plan.contains("SCAN m") || plan.contains("SCAN message_words"), "{name}: {plan}");
                }
                let pinned = plan(conn, "EXPLAIN QUERY PLAN", "NEWEST_PINNED").await?;
                assert!(pinned.contains("pins_channel"), "{pinned}");
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

#[test]
fn postgres_finds_words_by_their_index_whatever_it_knows_of_the_table() {
    on_postgres(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                search::by_index(conn).await?;
                for name in ["COUNT", "NEWEST"] {
                    let plan = plan(conn, "EXPLAIN", name).await?;
                    assert!(plan.contains("Bitmap Index Scan on messages_words"), "{name}: {plan}");
                }
                let pinned = plan(conn, "EXPLAIN", "NEWEST_PINNED").await?;
                assert!(!pinned.contains("Seq Scan"), "{pinned}");
                Ok(())
            })
        });
        told.await.unwrap();
    });
}
