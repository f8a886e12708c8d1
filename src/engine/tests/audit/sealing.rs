use super::{noon, seal_all, verdict, write};
use crate::{
    each_engine,
    lab::postgres,
    lane::sealer,
    store::{DatabaseUrl, Durability, MIGRATIONS, Options, Store, StoreError, audits},
};

each_engine! {
    // L08
    async fn entries_are_numbered_without_gaps_in_the_order_they_were_written(store: Store) {
        assert_eq!(sealer::seal_once(&store, &noon()).await, Ok(0), "nothing waits");
        write(&store, 1_000, 600).await;
        assert_eq!(sealer::seal_once(&store, &noon()).await, Ok(600));
        // Written later about earlier: it is sealed later.
        write(&store, 0, 10).await;
        assert_eq!(sealer::seal_once(&store, &noon()).await, Ok(10));
        assert_eq!(sealer::seal_once(&store, &noon()).await, Ok(0));
        let sealed = store.read::<_, StoreError, _>(|conn| Box::pin(audits::chain::after(conn, 0, 1_000))).await.unwrap();
        let numbers: Vec<_> = sealed.iter().filter_map(|sealed| sealed.entry.number).collect();
        assert_eq!(numbers, (1..=610).collect::<Vec<_>>());
        assert!(sealed[..600].is_sorted_by_key(|sealed| (sealed.entry.at, sealed.entry.id)));
        assert!(sealed[600].entry.at < sealed[0].entry.at);
        assert!(verdict(&store, noon().now()).await.is_ok());
    }
}

/// Two processes that write and seal side by side.
async fn two_sealers(url: &str) {
    let url: DatabaseUrl = url.parse().unwrap();
    let open = async || {
        let options = Options { durability: Durability::Process, ..Options::default() };
        Store::open(&url, options).await.unwrap()
    };
    let (one, two) = (open().await, open().await);
    let work = |store: Store, first: i64| async move {
        for round in 0..10 {
            write(&store, first + round * 100, 60).await;
            seal_all(&store, &noon()).await;
        }
    };
    tokio::join!(work(one.clone(), 0), work(two.clone(), 5_000), work(one.clone(), 10_000), work(two.clone(), 15_000));
    seal_all(&one, &noon()).await;
    let whole = verdict(&two, noon().now()).await.unwrap();
    assert_eq!((whole.walked.walked, whole.walked.head.number, whole.unsealed), (2_400, 2_400, 0));
    one.close().await;
    two.close().await;
}

// L08
#[test]
fn two_sealers_on_one_postgres_make_one_chain() {
    let Some(database) = postgres::fresh(MIGRATIONS) else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(two_sealers(database.url()));
}

// L08
#[test]
fn two_sealers_on_one_sqlite_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    tokio::runtime::Runtime::new().unwrap().block_on(two_sealers(&url));
}
