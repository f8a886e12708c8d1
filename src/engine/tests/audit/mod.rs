//! The audit log: everything is in it, nobody mends it unseen, and whoever may reads it (L01-L08).

mod archive;
mod chain;
mod digests;
mod lost;
mod reading;
mod sealing;
mod trail;

use crate::{
    audit::Fault,
    domain::{Actor, Clock, Surface, Time},
    lab::World,
    lane::sealer,
    service::audit::{Verified, verify},
    store::{
        Shard, Store, StoreError,
        audits::{self, chain as stored},
    },
};

/// Seals all there is, whoever else is at it.
async fn seal_all(store: &Store, clock: &Clock) {
    loop {
        match sealer::seal_once(store, clock).await {
            Ok(_) => {}
            Err(error) => assert!(error.is_retryable(), "{error}"),
        }
        let (_, waiting) = store.read::<_, StoreError, _>(|conn| Box::pin(stored::waiting(conn, 1))).await.unwrap();
        if waiting.is_empty() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn seal_world(world: &World) {
    seal_all(world.engine.store(), world.engine.clock()).await;
}

async fn verdict(store: &Store, now: Time) -> Result<Verified, Fault> {
    store.read::<_, StoreError, _>(move |conn| Box::pin(verify(conn, now, None))).await.unwrap()
}

/// A clock that stands still.
fn noon() -> Clock {
    Clock::new(|| Time::from_micros(1_767_268_800_000_000))
}

/// Entries from an address, a second apart, from `first` on.
async fn write(store: &Store, first: i64, many: i64) {
    let written = store.write::<_, StoreError, _>(Shard(0), move |conn| {
        Box::pin(async move {
            for n in first..first + many {
                let mut actor = Actor::visitor(Surface::Page);
                actor.address = if n % 4 == 0 { String::new() } else { format!("192.0.2.{}", n % 256) };
                let changes = serde_json::json!({ "n": n, "a": ["z", null] });
                let entry = audits::Entry {
                    action: crate::domain::Action::SignIn,
                    target_kind: "person",
                    target: Some(actor.correlation.into()),
                    done: n % 5 != 0,
                    rule: Some("anybody may sign up and sign in"),
                    changes: &changes,
                };
                audits::insert(conn, &actor, &entry, noon().now().plus((n - 100_000) * Time::SECOND)).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
}
