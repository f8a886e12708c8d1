//! `thunderline lanes …` (Q14, Q15), as it is typed, on every engine.

use clap::Parser;
use server::cli::{Cli, Task};
use thunderline::{
    domain::{Action, Error, RecordId},
    each_engine,
    lab::World,
    store::{Shard, Sql, StoreError},
};

async fn type_in(world: &World, line: &str) -> Result<String, Error> {
    let cli = Cli::try_parse_from(line.split(' ')).expect("it is understood");
    let Some(Task::Lanes(lanes)) = cli.task else { panic!("{line} is not about lanes") };
    lanes.run(&world.engine).await
}

/// A dead letter that came from nowhere.
async fn dead_letter(world: &World) -> RecordId {
    let id = RecordId::fresh();
    let sql = Sql::both(
        "INSERT INTO lane_records (id, lane, handler, event, name, topic_kind, topic, seq, payload, status, attempts, priority, \
         next_attempt_at, last_error, created_at) \
         VALUES ($1, 'general', 'nobody', $1, 'agent.moved', 'correlation', $1, 1, $2, 'dead', 3, 100, 5, 'it was wrong', 4)",
    );
    let write = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| {
        Box::pin(async move { conn.run(sql, (id, &serde_json::json!({ "a": 1 }))).await })
    });
    write.await.unwrap();
    id
}

each_engine! {
    async fn the_operator_sees_and_sets_the_lanes(world: World) {
        let status = type_in(&world, "thunderline lanes status").await.unwrap();
        assert_eq!(status.lines().count(), 4, "{status}");
        assert_eq!(type_in(&world, "thunderline lanes pause cross_domain").await.unwrap(), "cross_domain is paused");
        assert_eq!(type_in(&world, "thunderline lanes width cross_domain 3").await.unwrap(), "cross_domain is 3 wide");
        let status = type_in(&world, "thunderline lanes status").await.unwrap();
        assert!(status.lines().any(|line| line.starts_with("cross_domain  paused") && line.contains(" 3 ")), "{status}");
        type_in(&world, "thunderline lanes resume cross_domain").await.unwrap();
        let json = type_in(&world, "thunderline lanes status --json").await.unwrap();
        let lanes: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&lanes[1]["lane"], &lanes[1]["paused"]), (&"cross_domain".into(), &false.into()));
        assert!(type_in(&world, "thunderline lanes width general 0").await.is_err());
        let action = Action::ManageLanes;
        let audited = Sql::both("SELECT actor_kind, surface, outcome FROM audit_entries WHERE action = $1");
        let audited = world.engine.store().read::<_, StoreError, _>(move |conn| Box::pin(conn.all::<(String, String, String)>(audited, (action,))));
        let expected = ("system".to_owned(), "cli".to_owned(), "done".to_owned());
        assert_eq!(audited.await.unwrap(), [expected.clone(), expected.clone(), expected]);
    }
}

each_engine! {
    async fn the_operator_reads_replays_and_purges_dead_letters(world: World) {
        assert_eq!(type_in(&world, "thunderline lanes dead").await.unwrap(), "There are no dead letters.");
        let (one, two) = (dead_letter(&world).await, dead_letter(&world).await);
        let list = type_in(&world, "thunderline lanes dead --lane general").await.unwrap();
        assert!(list.lines().count() == 2 && list.contains(&one.to_string()) && list.contains("it was wrong"), "{list}");
        let shown = type_in(&world, &format!("thunderline lanes dead {one}")).await.unwrap();
        assert!(shown.contains(r#"{"a":1}"#) && shown.contains("attempts  3"), "{shown}");
        assert_eq!(type_in(&world, &format!("thunderline lanes replay {one}")).await.unwrap(), "1 replayed");
        assert_eq!(type_in(&world, &format!("thunderline lanes replay {one}")).await, Err(Error::NotFound));
        assert_eq!(type_in(&world, &format!("thunderline lanes purge {two}")).await.unwrap(), "1 purged");
        dead_letter(&world).await;
        assert_eq!(type_in(&world, "thunderline lanes replay --all --lane realtime").await.unwrap(), "0 replayed");
        assert_eq!(type_in(&world, "thunderline lanes purge --all").await.unwrap(), "1 purged");
        assert!(Cli::try_parse_from(["thunderline", "lanes", "purge"]).is_err(), "nothing is purged by an oversight");
    }
}
