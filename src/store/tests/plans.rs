//! How the engines go about looking through what grows long (L05, M28): a list by anything must not read all of it.

use uuid::Uuid;

use crate::{
    domain::{Action, AuditId, Surface, Time},
    lab::{on_postgres, on_sqlite},
    store::{Conn, Many, Options, Shard, Sql, Store, StoreError, statements},
};

/// Statements and the index that each must go by.
const LISTS: [(&str, &str); 8] = [
    ("BY_TIME", "audit_entries_sealed_at"),
    ("BY_ACTOR", "audit_entries_sealed_actor"),
    ("BY_TARGET", "audit_entries_sealed_target"),
    ("BY_CORRELATION", "audit_entries_sealed_correlation"),
    ("BY_ACTION", "audit_entries_sealed_action"),
    ("BY_REFUSAL", "audit_entries_sealed_refused"),
    ("BY_SURFACE", "audit_entries_sealed_surface"),
    ("OF_UNSEALED", "audit_entries_unsealed"),
];
const CHAIN: [(&str, &str); 6] = [
    ("NUMBERED", "audit_entries_number"),
    ("UNSEALED", "audit_entries_unsealed"),
    ("BACKLOG", "audit_entries_unsealed"),
    ("OLDEST", "audit_entries_unsealed"),
    ("AFTER", "audit_entries_number"),
    ("STRAY", "audit_entries_number"),
];

/// What is asked of a webhook's line, which may be long.
const LINE: [(&str, &str); 4] = [
    ("FIRST", "webhook_deliveries_line"),
    ("WAITING", "webhook_deliveries_line"),
    ("LATEST", "webhook_deliveries_latest"),
    ("FAILURE", "webhook_deliveries_failed"),
];

fn statement(file: &str, name: &str) -> Sql {
    let found = statements().into_iter().find(|(known, _)| *known == file);
    let (_, sql) = found.unwrap().1.iter().find(|(known, _)| *known == name).unwrap();
    *sql
}

/// The arguments of a list, of which other statements take the first ones.
type Arguments = (
    Option<Uuid>,
    Option<Uuid>,
    Option<Action>,
    Option<&'static str>,
    Option<Surface>,
    Option<Uuid>,
    Time,
    Time,
    AuditId,
    i64,
);

fn arguments() -> Arguments {
    let (id, time) = (Uuid::nil(), Time::from_micros(9));
    (Some(id), Some(id), Some(Action::Post), Some("refused"), Some(Surface::Page), Some(id), time, time, id.into(), 50)
}

async fn on_sqlite_goes_by(conn: &mut Conn<'_>, sql: Sql, index: &str) -> Result<(), StoreError> {
    let text: &'static str = format!("EXPLAIN QUERY PLAN {}", sql.sqlite).leak();
    let plan: Vec<(i64, i64, i64, String)> = conn.all(Sql::both(text), arguments()).await?;
    let plan = plan.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; ");
    assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{index}: {plan}");
    Ok(())
}

/// PostgreSQL weighs indexes by what the table holds, so only this is certain: one gives the order, and the whole table
/// is neither read nor sorted.
async fn on_postgres_is_in_order(conn: &mut Conn<'_>, sql: Sql) -> Result<(), StoreError> {
    let text: &'static str = format!("EXPLAIN {}", sql.postgres).leak();
    let plan: Vec<String> = conn.all(Sql::both(text), arguments()).await?;
    let plan = plan.join("; ");
    assert!(plan.contains("Index Scan Backward using audit_entries_") && !plan.contains("Sort"), "{plan}");
    Ok(())
}

// Q04: with 100,000 records waiting and no figures of the table, a claim that sorted them took 100 ms.
#[test]
fn postgres_claims_in_the_order_of_an_index_whatever_it_knows_of_the_table() {
    on_postgres(Options::default(), |store: Store| async move {
        let told = store.write::<_, StoreError, _>(Shard(0), |conn| {
            Box::pin(async move {
                let text: &'static str = format!("EXPLAIN {}", statement("outbox/claim", "WINDOW").postgres).leak();
                let names = vec!["x".to_owned()];
                let values = ("general", Uuid::nil(), Time::from_micros(9), 9_i64, 9_i64, Many(&names));
                let plan: Vec<String> = conn.all(Sql::both(text), values).await?;
                Ok(plan.join("; "))
            })
        });
        let plan = told.await.unwrap();
        assert!(plan.contains("Index Scan using lane_records_order") && !plan.contains("Sort"), "{plan}");
    });
}

// L05
#[test]
fn sqlite_looks_through_the_audit_log_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for (name, index) in LISTS {
                    on_sqlite_goes_by(conn, statement("audits/list", name), index).await?;
                }
                for (name, index) in CHAIN {
                    on_sqlite_goes_by(conn, statement("audits/chain", name), index).await?;
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

// L05
#[test]
fn postgres_looks_through_the_audit_log_in_the_order_of_an_index() {
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
                for (name, _) in LISTS {
                    on_postgres_is_in_order(conn, statement("audits/list", name)).await?;
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

/// What a page of messages asks beside the messages themselves.
const BESIDE: [(&str, &str, &str); 7] = [
    ("edits", "OF", "message_edits_message"),
    ("edits", "TRIM", "message_edits_message"),
    ("pins", "LIST", "pins_channel"),
    ("pins", "COUNT", "pins_channel"),
    ("flags", "WAITING", "flagged_queue"),
    ("flags", "OPEN", "flagged_queue"),
    ("flags", "MODERATORS", "members_moderators"),
];

// M28
#[test]
fn sqlite_looks_beside_messages_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for (file, name, index) in BESIDE {
                    on_sqlite_goes_by(conn, statement(file, name), index).await?;
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

// M28
#[test]
fn postgres_looks_beside_messages_by_index() {
    on_postgres(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for way in ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_bitmapscan = off"] {
                    conn.run(Sql::both(way), ()).await?;
                }
                for (file, name, index) in BESIDE {
                    let text: &'static str = format!("EXPLAIN {}", statement(file, name).postgres).leak();
                    let plan: Vec<String> = conn.all(Sql::both(text), (Uuid::nil(), 50_i64)).await?;
                    let plan = plan.join("; ");
                    assert!(plan.contains(index) && !plan.contains("Sort"), "{name}: {plan}");
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

// R03, R04, M28
#[test]
fn sqlite_lists_bans_links_and_recent_messages_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                on_sqlite_goes_by(conn, statement("bans", "LIST"), "bans_list").await?;
                on_sqlite_goes_by(conn, statement("invite_links", "LIST"), "invite_links_list").await?;
                let text = format!("EXPLAIN QUERY PLAN {}", statement("retention", "RECENT").sqlite).leak();
                let time = Time::from_micros(9);
                let values = (Uuid::nil(), Uuid::nil(), time, 9_i64, 9_i64);
                let plan: Vec<(i64, i64, i64, String)> = conn.all(Sql::both(text), values).await?;
                let plan = plan.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; ");
                assert!(
                    plan.contains("messages_position (channel=? AND position>?)") && !plan.contains("SCAN"),
                    "{plan}"
                );
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

// A03, M28
#[test]
fn sqlite_looks_at_a_line_by_index() {
    on_sqlite(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for (name, index) in LINE {
                    on_sqlite_goes_by(conn, statement("deliveries", name), index).await?;
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}

// A03, M28
#[test]
fn postgres_looks_at_a_line_by_index() {
    on_postgres(Options::default(), |store: Store| async move {
        let told = store.read::<_, StoreError, _>(|conn| {
            Box::pin(async move {
                for way in ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_bitmapscan = off"] {
                    conn.run(Sql::both(way), ()).await?;
                }
                for (name, index) in LINE {
                    let text: &'static str = format!("EXPLAIN {}", statement("deliveries", name).postgres).leak();
                    let plan: Vec<String> = conn.all(Sql::both(text), (Uuid::nil(),)).await?;
                    let plan = plan.join("; ");
                    assert!(plan.contains(index) && !plan.contains("Sort"), "{name}: {plan}");
                }
                Ok(())
            })
        });
        told.await.unwrap();
    });
}
