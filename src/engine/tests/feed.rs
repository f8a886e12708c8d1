use crate::{
    domain::{
        Error, Time, Topic,
        command::{DeleteMessage, Leftover},
        query::{Admit, CatchUp, Missed, ReadHeads},
    },
    each_engine,
    lab::World,
    lane::general::tidy_once,
    store::{Sql, StoreError},
};

const LEFT: Sql = Sql::both("SELECT count(*) FROM lane_records WHERE event IN (SELECT id FROM events)");

// U05
each_engine! {
    async fn a_resume_brings_every_event_missed_as_things_are_now(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let topic = Topic::Channel(general.id);
        let cursor = world.engine.ask(&ana, Admit { topic }).await.unwrap().head;
        let gone = world.post(&ana, general.id, "the secret plan").await.message.id;
        world.post(&ana, general.id, "kept").await;
        world.engine.execute(ana.clone(), DeleteMessage { message: gone }).await.unwrap();
        let missed = world.engine.ask(&ana, CatchUp { topic, cursor }).await.unwrap();
        let Missed::Events(events) = missed else { panic!("nothing was stale") };
        let seqs: Vec<_> = events.iter().map(|envelope| envelope.seq - cursor).collect();
        assert_eq!(seqs, [1, 2, 3]);
        let wire = serde_json::to_string(&events).unwrap();
        assert!(wire.contains("kept") && !wire.contains("secret"), "what was deleted never comes back: {wire}");
        let rest = world.engine.ask(&ana, CatchUp { topic, cursor: cursor + 3 }).await.unwrap();
        assert_eq!(rest, Missed::Events(Vec::new()));
    }
}

// U05
each_engine! {
    async fn a_cursor_that_cannot_be_served_is_stale(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let topic = Topic::Channel(general.id);
        let head = world.engine.ask(&ana, Admit { topic }).await.unwrap().head;
        for cursor in [-1, head + 1, i64::MAX] {
            assert_eq!(world.engine.ask(&ana, CatchUp { topic, cursor }).await.unwrap(), Missed::Stale, "{cursor}");
        }
        world.post(&ana, general.id, "old").await;
        // What the lanes still have to do is spared; and a week in one leap would end their leases.
        while left(&world).await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        world.clock.advance(8 * Time::DAY);
        tidy_once(&world.engine, Leftover::Events).await.unwrap();
        assert_eq!(world.engine.ask(&ana, CatchUp { topic, cursor: head }).await.unwrap(), Missed::Stale);
    }
}

/// How many records of what happened the lanes still have.
async fn left(world: &World) -> i64 {
    let read = world.engine.store().read::<_, StoreError, _>(|conn| Box::pin(conn.one(LEFT, ())));
    read.await.unwrap()
}

// U09, S08
each_engine! {
    async fn a_topic_one_may_not_watch_does_not_exist(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let topics = [
            Topic::Channel(secret.id),
            Topic::Channel(crate::domain::ChannelId::fresh()),
            Topic::Person(ana.id().unwrap()),
            Topic::Person(crate::domain::PersonId::fresh()),
        ];
        assert!(world.engine.ask(&ana, Admit { topic: topics[0] }).await.is_ok(), "it exists");
        for topic in topics {
            assert_eq!(world.engine.ask(&bo, CatchUp { topic, cursor: 0 }).await.unwrap_err(), answer(topic));
            assert_eq!(world.engine.ask(&bo, Admit { topic }).await.unwrap_err(), answer(topic));
        }
    }
}

/// One answer, whether it exists or not.
fn answer(_: Topic) -> Error {
    Error::NotFound
}

// C13
each_engine! {
    async fn heads_are_those_of_the_channels_one_takes_part_in(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        world.channel(&ana, acme.id, "plans", false).await;
        let general = world.general(&ana, &acme).await;
        world.post(&ana, general.id, "one").await;
        let heads = world.engine.ask(&bo, ReadHeads {}).await.unwrap();
        assert_eq!(heads.len(), 2, "#general and #announcements");
        assert!(heads.iter().any(|head| head.channel == general.id && head.count == 1));
    }
}

// Q01, Q09
each_engine! {
    async fn closing_leaves_no_delivered_record_behind(world: World) {
        let mut world = world;
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        world.post(&ana, general.id, "one").await;
        // Closing drains: nothing is left for whoever comes next.
        world.restart().await;
        let waiting = world.engine.store().read::<_, crate::store::StoreError, _>(|conn| {
            Box::pin(crate::store::outbox::waiting(conn, crate::domain::Lane::Realtime))
        });
        assert_eq!(waiting.await.unwrap(), 0);
    }
}
