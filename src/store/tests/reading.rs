use super::{BUMP, COUNTER, HEAD, HERE, options};
use crate::{
    each_engine,
    store::{Store, StoreError},
};

async fn bump(store: &Store) -> i64 {
    store
        .write(HERE, |conn| Box::pin(async move { conn.one::<i64>(BUMP, 1_i64).await }))
        .await
        .unwrap_or_else(|error: StoreError| panic!("{error}"))
}

each_engine! { with options();
    async fn a_reader_sees_one_moment(store: Store) {
        store.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 1_i64).await })).await.unwrap();
        let writes = store.clone();
        let seen: Result<(i64, i64), StoreError> = store.read(|conn| Box::pin(async move {
            let before = conn.one::<i64>(HEAD, 1_i64).await?;
            assert_eq!(bump(&writes).await, 1, "the premise: it was written meanwhile");
            Ok((before, conn.one::<i64>(HEAD, 1_i64).await?))
        })).await;
        assert_eq!(seen, Ok((0, 0)));
        assert_eq!(store.read(|conn| Box::pin(conn.one::<i64>(HEAD, 1_i64))).await, Ok::<_, StoreError>(1));
    }

    async fn a_reader_cannot_write(store: Store) {
        let written = store.read(|conn| Box::pin(conn.run(COUNTER, 1_i64))).await;
        assert!(written.is_err_and(|error: StoreError| !error.is_retryable()));
        let found = store.read(|conn| Box::pin(conn.maybe::<i64>(HEAD, 1_i64))).await;
        assert_eq!(found, Ok::<_, StoreError>(None), "and the connection is as good as before");
    }
}

each_engine! { with options();
    async fn a_reader_that_is_given_up_harms_nobody(store: Store) {
        store.write(HERE, |conn| Box::pin(async move { conn.run(COUNTER, 1_i64).await })).await.unwrap();
        for _ in 0..20 {
            let mut read = Box::pin(store.read(|conn| Box::pin(async move {
                conn.one::<i64>(HEAD, 1_i64).await?;
                std::future::pending::<()>().await;
                Ok::<_, StoreError>(())
            })));
            for _ in 0..3 {
                assert!(futures_util::FutureExt::now_or_never(&mut read).is_none());
                tokio::task::yield_now().await;
            }
        }
        let head = store.read_long(|conn| Box::pin(conn.one::<i64>(HEAD, 1_i64))).await;
        assert_eq!(head, Ok::<_, StoreError>(0));
        let panicked = store.read::<(), StoreError, _>(|_| Box::pin(async { panic!("a reader") })).await;
        assert_eq!(panicked, Err(StoreError::other("the job panicked: a reader")));
        assert_eq!(bump(&store).await, 1);
    }
}
