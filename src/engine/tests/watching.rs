//! What whoever watches the server is told (O03).

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::{Action, Error, EventId, RecordId, Time},
    each_engine,
    engine::{Engine, Figures, Part, Settings},
    lab::World,
    store::{Shard, Sql, StoreError},
};

const LEFT: Sql = Sql::both(
    "INSERT INTO lane_records (id, lane, event, name, topic_kind, topic, seq, payload, status, attempts, priority, \
     next_attempt_at, created_at) \
     VALUES ($1, 'general', $2, 'message.posted', 'channel', $3, 1, $4, 'pending', 0, 100, $5, $5)",
);

fn commands(figures: &Figures, action: Action, ending: &str) -> u64 {
    let found = figures.commands.iter().find(|(known, end, _)| *known == action && end.as_str() == ending);
    found.map_or(0, |(.., count)| *count)
}

each_engine! {
    // O03: one post moves each figure by exactly one.
    async fn a_post_is_counted_once_on_every_floor(world: World) {
        let ana = world.person("ana").await;
        let community = world.community(&ana, "harbour", true).await;
        let general = world.general(&ana, &community).await;
        let before = world.engine.figures().await;
        world.post(&ana, general.id, "ahoy").await;
        let after = world.engine.figures().await;
        assert_eq!(after.posts - before.posts, 1);
        assert_eq!(after.published - before.published, after.enqueued - before.enqueued);
        assert!(after.published > before.published);
        assert_eq!(commands(&after, Action::Post, "done") - commands(&before, Action::Post, "done"), 1);
        assert_eq!(after.took.count() - before.took.count(), 1);
        assert!(after.store.wrote.count() > before.store.wrote.count());
        assert!(after.store.waited.count() > before.store.waited.count());
        assert!(after.store.committed.count() > before.store.committed.count());
        assert!(after.store.read.count() > 0);
        assert_eq!(after.store.lost, 0);
        // Of what goes on beside it, one may be counted here and not yet there.
        world.engine.close().await;
        let still = world.engine.store().figures();
        assert_eq!(still.group.count(), still.committed.count());
    }

    // O03: what was refused is counted as that, and sends nothing.
    async fn a_refusal_is_counted_and_sends_nothing(world: World) {
        let (ana, bob) = (world.person("ana").await, world.person("bob").await);
        let community = world.community(&ana, "harbour", false).await;
        let general = world.general(&ana, &community).await;
        let before = world.engine.figures().await;
        assert!(world.try_post(&bob, general.id, "let me in").await.is_err());
        assert!(world.try_post(&ana, general.id, "").await.is_err());
        let after = world.engine.figures().await;
        assert_eq!((after.posts, after.published), (before.posts, before.published));
        assert_eq!(commands(&after, Action::Post, "refused") - commands(&before, Action::Post, "refused"), 1);
        assert_eq!(commands(&after, Action::Post, "invalid") - commands(&before, Action::Post, "invalid"), 1);
    }

    // O03: the lanes are counted, with how long the oldest waits.
    async fn what_waits_in_a_lane_is_counted_with_its_age(world: World) {
        let made = world.engine.clock().now().plus(-5 * Time::SECOND);
        let record = (RecordId::fresh(), EventId::fresh(), Uuid::nil(), Json::Null, made);
        let left = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(async move {
            conn.run(LEFT, record).await
        }));
        left.await.unwrap();
        let lanes = world.engine.figures().await.waiting.unwrap();
        let general = lanes.iter().find(|waiting| waiting.lane == "general").unwrap();
        assert_eq!((&*general.status, general.records), ("pending", 1));
        assert!((5.0..6.0).contains(&general.age), "{general:?}");
        world.engine.close().await;
        assert!(world.engine.figures().await.waiting.is_none(), "what cannot be read is left out, not nought");
    }

    // O03: an engine is ready until its database or a lane is not.
    async fn an_engine_says_what_is_not_ready(world: World) {
        assert_eq!(world.engine.unready().await, []);
        world.engine.store().fail("a sync failed in /var/lib/secret");
        let unready = world.engine.unready().await;
        assert_eq!(unready.iter().map(|unready| unready.part).collect::<Vec<_>>(), [Part::Writing]);
        assert!(!unready[0].reason.contains("secret"));
        world.engine.close().await;
        let parts: Vec<Part> = world.engine.unready().await.into_iter().map(|unready| unready.part).collect();
        assert_eq!(parts, [Part::Database, Part::Writing, Part::Lane, Part::Lane, Part::Lane, Part::Schedule]);
    }
}

const FULL: Sql = Sql::split(
    "limits that stand for a full disk and a standby",
    "PRAGMA max_page_count = 1",
    "SELECT length(set_config('default_transaction_read_only', 'on', false))::BIGINT",
);
const FREE: Sql = Sql::split(
    "limits that stand for a full disk and a standby",
    "PRAGMA max_page_count = 1073741823",
    "SELECT length(set_config('default_transaction_read_only', 'off', false))::BIGINT",
);

/// Sets something on every connection that writes.
async fn set(engine: &Engine, sql: Sql) {
    for shard in 0..4 {
        let set = engine.store().write::<i64, StoreError, _>(Shard(shard), move |conn| Box::pin(conn.one(sql, ())));
        set.await.unwrap();
    }
}

async fn unready(engine: &Engine) -> Vec<Part> {
    engine.unready().await.into_iter().map(|unready| unready.part).collect()
}

each_engine! {
    // O03
    async fn a_database_that_takes_no_writes_is_not_ready_until_it_does(world: World) {
        let ana = world.person("ana").await;
        let community = world.community(&ana, "harbour", true).await;
        let general = world.general(&ana, &community).await;
        let engine = world.beside(|settings| Settings { lanes: None, ..settings }, |_| {}).await;
        let beside = World::around(engine.clone());
        assert_eq!(unready(&engine).await, []);
        set(&engine, FULL).await;
        let mut refused = None;
        for _ in 0..1_000 {
            refused = beside.try_post(&ana, general.id, &"x".repeat(3_000)).await.err();
            if refused.is_some() {
                break;
            }
        }
        assert_eq!(refused, Some(Error::Unavailable), "the premise: at some point it takes no more");
        for _ in 0..2 {
            assert_eq!(unready(&engine).await, [Part::Writing]);
        }
        set(&engine, FREE).await;
        assert_eq!(unready(&engine).await, [], "it comes back by itself");
        beside.post(&ana, general.id, &"x".repeat(3_000)).await;
        engine.close().await;
    }

    // O03, Q16
    async fn a_schedule_that_ended_is_seen_and_ends_the_server(world: World) {
        assert_eq!(unready(&world.engine).await, []);
        world.engine.0.lanes.get().unwrap().schedule.abort();
        assert_eq!(world.engine.failure().await, "the schedule ended");
        assert_eq!(unready(&world.engine).await, [Part::Schedule]);
    }

    // O03, L08
    async fn entries_that_wait_to_be_sealed_are_counted_with_their_age(world: World) {
        world.engine.close().await;
        let engine = world.beside(|settings| Settings { lanes: None, ..settings }, |_| {}).await;
        assert_eq!(engine.figures().await.unsealed.unwrap().entries, 0, "a server that stops seals what there is");
        World::around(engine.clone()).person("ana").await;
        world.clock.advance(90 * Time::SECOND);
        let unsealed = engine.figures().await.unsealed.unwrap();
        assert_eq!((unsealed.entries, unsealed.age.as_secs()), (1, 90));
        engine.close().await;
    }
}
