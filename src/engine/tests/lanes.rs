use futures_util::future::join_all;
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use crate::{
    domain::{
        Action, Actor, CorrelationId, Error, Event, EventId, Lane, RecordId, Surface,
        command::{
            PauseLane, PublishEvents, Published, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter,
            ReplayDeadLetters, ResumeLane, SetLaneWidth,
        },
        foreign::{ForeignEvent, ForeignMode},
        lane::LaneStatus,
        query::{ListDeadLetters, ReadDeadLetter, ReadLanes},
    },
    each_engine,
    engine::{Engine, Settings},
    lab::World,
    lane::recall,
    queue::{Done, Handler, Record},
    store::{BoxFuture, Shard, Sql, Store, StoreError},
};

/// A handler that sends on what it is given, or fails.
struct Ears {
    lane: Lane,
    name: &'static str,
    events: &'static [&'static str],
    tell: mpsc::Sender<(Record, Option<Event>)>,
    store: Option<Store>,
    fails: bool,
}

impl Handler for Ears {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lane(&self) -> Lane {
        self.lane
    }

    fn events(&self) -> &'static [&'static str] {
        self.events
    }

    fn wants(&self, event: &Event) -> bool {
        !matches!(event, Event::MessagePosted { message, .. } if !message.html.contains('@'))
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            let mut done = Vec::new();
            for record in records {
                let event = match &self.store {
                    Some(store) => recall(store, &record).await.unwrap().map(|envelope| envelope.event),
                    None => record.envelope.clone().map(|envelope| envelope.event),
                };
                self.tell.send((record, event)).await.unwrap();
                done.push(if self.fails { Err("told to".to_owned().into()) } else { Ok(()) });
            }
            done
        })
    }
}

fn ears(lane: Lane, name: &'static str, tell: &mpsc::Sender<(Record, Option<Event>)>) -> Ears {
    Ears { lane, name, events: &["message.posted", "agent.moved"], tell: tell.clone(), store: None, fails: false }
}

fn event(name: &str) -> ForeignEvent {
    serde_json::from_value(json!({ "name": name, "version": 1, "payload": { "to": "x" } })).unwrap()
}

fn batch(events: Vec<ForeignEvent>) -> PublishEvents {
    let events = events.into_iter().map(Into::into).collect();
    PublishEvents { correlation: CorrelationId::fresh().to_string(), events }
}

const DEAD: Sql = Sql::both(
    "INSERT INTO lane_records (id, lane, event, name, topic_kind, topic, seq, payload, status, attempts, priority, \
     next_attempt_at, created_at) VALUES ($1, $2, $3, 'agent.moved', 'correlation', $4, 1, '{}', 'dead', 3, 100, 1, 1)",
);

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn cli() -> Actor {
    Actor::system(Surface::Cli)
}

async fn lane(engine: &Engine, lane: Lane) -> LaneStatus {
    let lanes = engine.ask(&cli(), ReadLanes {}).await.unwrap();
    lanes.into_iter().find(|status| status.lane == lane).unwrap()
}

/// How many records wait in the general lane.
async fn waiting(engine: &Engine) -> i64 {
    let LaneStatus { pending, processing, .. } = lane(engine, Lane::General).await;
    pending + processing
}

async fn until(engine: &Engine, of: Lane, wanted: impl Fn(&LaneStatus) -> bool) -> LaneStatus {
    loop {
        let status = lane(engine, of).await;
        if wanted(&status) {
            return status;
        }
        tokio::task::yield_now().await;
    }
}

/// The audit entries of an action, the oldest first: outcome, actor's kind, surface, changes.
async fn audited(engine: &Engine, action: Action) -> Vec<(String, String, String, Json)> {
    let sql =
        Sql::both("SELECT outcome, actor_kind, surface, changes FROM audit_entries WHERE action = $1 ORDER BY at, id");
    engine.store().read::<_, StoreError, _>(move |conn| Box::pin(conn.all(sql, (action,)))).await.unwrap()
}

fn as_is(settings: Settings) -> Settings {
    settings
}

// E01, E04, E06, Q08
each_engine! {
    async fn a_batch_is_routed_stored_and_done_in_order(world: World) {
        let (tell, mut told) = mpsc::channel(100);
        let engine = world.beside(as_is, |registry| {
            registry.handler(ears(Lane::General, "general.ears", &tell)).handler(ears(Lane::CrossDomain, "cross.ears", &tell));
        }).await;
        let mut events: Vec<ForeignEvent> = (0..5).map(|n| ForeignEvent { payload: json!({ "n": n }), ..event("agent.moved") }).collect();
        events.push(ForeignEvent { to_domain: Some("chat".to_owned()), trace: Some(TRACE.to_owned()), ..event("agent.moved") });
        let batch = batch(events);
        let correlation = batch.correlation.clone();
        assert_eq!(engine.execute(cli(), batch).await, Ok(Published { published: 6, dropped: 0 }));
        let (mut general, mut cross) = (Vec::new(), Vec::new());
        for _ in 0..6 {
            let (record, _) = told.recv().await.unwrap();
            assert_eq!(record.payload["correlation"], json!(correlation));
            if record.lane == Lane::General { general.push(record) } else { cross.push(record) }
        }
        let order: Vec<&Json> = general.iter().map(|record| &record.payload["data"]["n"]).collect();
        assert_eq!(order, [0, 1, 2, 3, 4], "one correlation, one order");
        assert_eq!((cross[0].trace.as_deref(), cross[0].to_domain.as_deref()), (Some(TRACE), Some("chat")));
        let figures = engine.lanes().figures();
        assert_eq!((figures.published, figures.of(Lane::General).enqueued, figures.of(Lane::CrossDomain).enqueued), (6, 5, 1));
        until(&engine, Lane::General, |status| status.done_per_minute == 5).await;
        engine.close().await;
    }
}

// E01, E06
each_engine! {
    async fn one_bad_event_rejects_its_whole_batch_and_names_its_field(world: World) {
        let events = vec![event("agent.moved"), ForeignEvent { version: 0, ..event("agent.moved") }];
        let refused = world.engine.execute(cli(), batch(events)).await.unwrap_err();
        assert_eq!(refused.of_field("events.1.version"), Some("must be 1 or more"));
        let bad = PublishEvents { correlation: "x".to_owned(), events: vec![event("agent.moved").into()] };
        assert!(world.engine.execute(cli(), bad).await.unwrap_err().of_field("correlation").is_some());
        assert!(world.engine.execute(cli(), batch(Vec::new())).await.unwrap_err().of_field("events").is_some());
        assert_eq!(lane(&world.engine, Lane::General).await.oldest, None, "nothing was stored");
        assert_eq!(world.engine.lanes().figures().published, 0);
    }
}

// E06, Q12
each_engine! {
    async fn a_repeated_batch_gets_the_first_answer_and_doubles_nothing(world: World) {
        // Nobody works in the lanes, so what was stored can be counted.
        world.engine.close().await;
        let still = |settings: Settings| Settings { lanes: None, ..settings };
        let (one, other) = (world.beside(still, |_| {}).await, world.beside(still, |_| {}).await);
        let events: Vec<ForeignEvent> =
            (0..3).map(|n| ForeignEvent { payload: json!({ "n": n }), ..event("agent.moved") }).collect();
        let first = batch(events.clone());
        let answers = (0..6).map(|n| if n % 2 == 0 { &one } else { &other }.execute(cli(), first.clone()));
        let taken = Ok(Published { published: 3, dropped: 0 });
        assert!(join_all(answers).await.iter().all(|answer| *answer == taken), "at once, on two nodes");
        one.close().await;
        other.close().await;
        let later = world.beside(still, |_| {}).await;
        assert_eq!(later.execute(cli(), first.clone()).await, taken, "after a restart");
        assert_eq!(waiting(&later).await, 3);
        let repeats = audited(&later, Action::PublishEvents).await;
        assert_eq!(repeats.iter().filter(|entry| entry.3["repeated"] == json!(true)).count(), 6);
        // Other events under the same correlation, and the same under another, are no repeat.
        let more = PublishEvents { events: vec![event("agent.moved").into()], ..first };
        assert_eq!(later.execute(cli(), more).await, Ok(Published { published: 1, dropped: 0 }));
        assert_eq!(later.execute(cli(), batch(events)).await, taken);
        assert_eq!(waiting(&later).await, 7);
        later.close().await;
    }
}

// E03, E05
each_engine! {
    async fn a_dropped_event_is_counted_and_audited_and_the_others_are_taken(world: World) {
        let drops = world.beside(|settings| Settings { foreign: ForeignMode::Drop, ..settings }, |_| {}).await;
        let events = vec![event("planet.moved"), event("agent.moved"), event("agent")];
        assert_eq!(drops.execute(cli(), batch(events.clone())).await, Ok(Published { published: 1, dropped: 2 }));
        let figures = drops.lanes().figures();
        assert_eq!((figures.published, figures.dropped), (1, 2));
        let audit = audited(&drops, Action::PublishEvents).await;
        let (outcome, kind, surface, changes) = &audit[0];
        assert_eq!((outcome.as_str(), kind.as_str(), surface.as_str()), ("done", "system", "cli"));
        assert_eq!(*changes, json!({ "published": 1, "dropped": 2, "faults": ["events.0.name", "events.2.name"] }));
        drops.close().await;
        let warns = world.beside(|settings| Settings { foreign: ForeignMode::Warn, ..settings }, |_| {}).await;
        assert_eq!(warns.execute(cli(), batch(events)).await, Ok(Published { published: 3, dropped: 0 }));
        assert_eq!(audited(&warns, Action::PublishEvents).await[1].3["faults"], json!(["events.0.name", "events.2.name"]));
        // What nobody wants is done, and gone.
        until(&warns, Lane::General, |status| status.oldest.is_none()).await;
        warns.close().await;
    }
}

// Q07, Q16
each_engine! {
    async fn what_is_planned_for_later_is_counted_by_itself_until_its_time(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let (id, body) = (crate::domain::CommandId::fresh(), "/remind in 10m the tea".to_owned());
        let remind = crate::domain::command::RunCommand { id, channel: general.id, body };
        world.engine.execute(ana, remind).await.unwrap();
        let before = lane(&world.engine, Lane::CrossDomain).await;
        assert_eq!((before.planned, before.pending, before.oldest), (1, 0, None));
        let waiting = world.engine.figures().await.waiting.unwrap();
        let states: Vec<_> = waiting.iter().map(|one| (one.lane.as_str(), one.status.as_str(), one.records)).collect();
        assert!(states.contains(&("cross_domain", "planned", 1)), "{states:?}");
        world.clock.advance(11 * crate::domain::Time::MINUTE);
        let after = lane(&world.engine, Lane::CrossDomain).await;
        assert_eq!((after.planned, after.pending), (0, 1), "its time has come");
        assert!(after.oldest.is_some());
    }
}

// E03, E05, E06
each_engine! {
    async fn an_event_of_the_wrong_shape_is_treated_like_any_other_fault(world: World) {
        let mixed = || PublishEvents {
            correlation: CorrelationId::fresh().to_string(),
            events: serde_json::from_value(json!([
                { "name": "agent.moved", "version": "one", "payload": {} },
                { "name": "agent.moved", "version": 1, "payload": {}, "lane": "slow" },
                7,
                { "name": "agent.moved", "version": 1, "payload": {} },
            ])).unwrap(),
        };
        let faults = json!(["events.0.version", "events.1.lane", "events.2"]);
        let refused = world.engine.execute(cli(), mixed()).await.unwrap_err();
        assert_eq!(refused.of_field("events.0.version"), Some("must be a whole number"));
        assert!(refused.of_field("events.1.lane").unwrap().contains("cross_domain"));
        assert_eq!(refused.of_field("events.2"), Some("must be an object"));
        let drops = world.beside(|settings| Settings { foreign: ForeignMode::Drop, ..settings }, |_| {}).await;
        let batch = mixed();
        let dropped = Ok(Published { published: 1, dropped: 3 });
        assert_eq!(drops.execute(cli(), batch.clone()).await, dropped);
        assert_eq!(audited(&drops, Action::PublishEvents).await[0].3["faults"], faults);
        assert_eq!(drops.execute(cli(), batch.clone()).await, dropped, "a repeat gets the first answer");
        assert_eq!(audited(&drops, Action::PublishEvents).await[1].3["repeated"], true);
        // Another batch is no repeat, also where what tells them apart cannot be read.
        let mut other = batch;
        other.events[2] = crate::domain::foreign::Brought::Unread(json!(8));
        assert_eq!(drops.execute(cli(), other).await, dropped);
        assert_eq!(audited(&drops, Action::PublishEvents).await[2].3["faults"], faults);
        drops.close().await;
        let warns = world.beside(|settings| Settings { foreign: ForeignMode::Warn, ..settings }, |_| {}).await;
        assert_eq!(warns.execute(cli(), mixed()).await, Ok(Published { published: 4, dropped: 0 }));
        until(&warns, Lane::General, |status| status.oldest.is_none()).await;
        warns.close().await;
    }
}

// Q12, M10: only what somebody wants is stored, and a lost hand-over loses nothing.
each_engine! {
    async fn a_post_is_handed_to_who_wants_it_even_when_its_process_is_gone(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let (tell, mut told) = mpsc::channel(100);
        let listening = |registry: &mut crate::lane::Registry| { registry.handler(ears(Lane::CrossDomain, "ears", &tell)); };
        // Commits and never delivers: as a process that dies between the two.
        let mute = world.beside(|settings| Settings { lanes: None, ..settings }, listening).await;
        let mute = World::around(mute);
        mute.post(&ana, general.id, "nobody is meant").await;
        let posted = mute.post(&ana, general.id, "hello @bo").await;
        assert_eq!(lane(&mute.engine, Lane::CrossDomain).await.processing, 1, "one of two is wanted");
        let store = world.engine.store().clone();
        let other = world.beside(as_is, |registry| {
            registry.handler(Ears { store: Some(store), ..ears(Lane::CrossDomain, "ears", &tell) });
        }).await;
        world.clock.advance(31 * crate::domain::Time::SECOND);
        let (record, event) = told.recv().await.unwrap();
        assert_eq!((record.attempts, record.name.as_str()), (2, "message.posted"));
        let Some(Event::MessagePosted { message, .. }) = event else { panic!("{event:?}") };
        assert_eq!(message.id, posted.message.id);
        until(&other, Lane::CrossDomain, |status| status.oldest.is_none()).await;
        // The hub's records of both posts have been taken over as well.
        until(&other, Lane::Realtime, |status| status.oldest.is_none()).await;
        other.close().await;
        mute.engine.close().await;
        assert!(told.try_recv().is_err(), "it came once");
    }
}

// Q14, Q07
each_engine! {
    async fn dead_letters_are_listed_shown_replayed_and_purged(world: World) {
        let (tell, mut told) = mpsc::channel(1_000);
        let failing = world.beside(as_is, |registry| {
            registry.handler(Ears { fails: true, ..ears(Lane::General, "ears", &tell) });
        }).await;
        for _ in 0..60 {
            failing.execute(cli(), batch(vec![event("agent.moved")])).await.unwrap();
        }
        for round in 0..3 {
            for _ in 0..60 {
                told.recv().await.unwrap();
            }
            if round < 2 {
                until(&failing, Lane::General, |status| status.retrying == 60).await;
                world.clock.advance(60 * crate::domain::Time::MINUTE);
            }
        }
        until(&failing, Lane::General, |status| status.dead == 60).await;
        failing.close().await;
        let engine = &world.engine;
        let first = engine.ask(&cli(), ListDeadLetters::default()).await.unwrap();
        assert_eq!(first.letters.len(), 50);
        let rest = ListDeadLetters { after: first.next, lane: Some(Lane::General) };
        let rest = engine.ask(&cli(), rest).await.unwrap();
        assert_eq!((rest.letters.len(), rest.next), (10, None));
        let mut all: Vec<_> = first.letters.iter().chain(&rest.letters).map(|letter| letter.id).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 60, "no letter is on two pages");
        let none = ListDeadLetters { lane: Some(Lane::Realtime), after: None };
        assert_eq!(engine.ask(&cli(), none).await.unwrap().letters, []);
        let letter = engine.ask(&cli(), ReadDeadLetter { record: all[0] }).await.unwrap();
        assert_eq!((letter.attempts, letter.error.as_deref(), letter.handler.as_str()), (3, Some("told to"), "ears"));
        assert_eq!(letter.payload["data"], json!({ "to": "x" }));
        // Replayed, one and all; a process that can do it does.
        engine.execute(cli(), PurgeDeadLetter { record: all[1] }).await.unwrap();
        assert_eq!(engine.execute(cli(), PurgeDeadLetter { record: all[1] }).await, Err(Error::NotFound));
        assert_eq!(engine.execute(cli(), ReplayDeadLetter { record: all[1] }).await, Err(Error::NotFound));
        engine.execute(cli(), ReplayDeadLetter { record: all[0] }).await.unwrap();
        assert_eq!(lane(engine, Lane::General).await.pending, 1);
        assert_eq!(engine.execute(cli(), ReplayDeadLetters { lane: Some(Lane::Realtime) }).await, Ok(0));
        assert_eq!(engine.execute(cli(), ReplayDeadLetters { lane: None }).await, Ok(58));
        let well = world.beside(as_is, |registry| { registry.handler(ears(Lane::General, "ears", &tell)); }).await;
        for _ in 0..59 {
            assert_eq!(told.recv().await.unwrap().0.attempts, 1);
        }
        until(&well, Lane::General, |status| status.oldest.is_none() && status.dead == 0).await;
        assert_eq!(well.execute(cli(), PurgeDeadLetters { lane: None }).await, Ok(0));
        well.close().await;
    }
}

// Q14, L04
each_engine! {
    async fn dead_letters_that_are_purged_together_are_told_by_their_ids(world: World) {
        let mut ids: Vec<RecordId> = (0..5).map(|_| RecordId::fresh()).collect();
        let dead = ids.clone();
        let written = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(async move {
            for (n, id) in dead.iter().rev().enumerate() {
                let lane = if n < 2 { "general" } else { "cross_domain" };
                conn.run(DEAD, (*id, lane, EventId::fresh(), CorrelationId::fresh())).await?;
            }
            Ok(())
        }));
        written.await.unwrap();
        let general = PurgeDeadLetters { lane: Some(Lane::General) };
        assert_eq!(world.engine.execute(cli(), general).await, Ok(2));
        assert_eq!(world.engine.execute(cli(), PurgeDeadLetters { lane: None }).await, Ok(3));
        ids.sort_unstable();
        let said: Vec<Json> = audited(&world.engine, Action::ManageLanes).await.into_iter().map(|entry| entry.3).collect();
        assert_eq!((&said[0]["lane"], &said[0]["purged"]), (&json!("general"), &json!(2)));
        assert_eq!((&said[0]["oldest"], &said[0]["newest"]), (&json!(ids[3]), &json!(ids[4])));
        assert_eq!((&said[1]["lane"], &said[1]["purged"]), (&Json::Null, &json!(3)));
        assert_eq!((&said[1]["oldest"], &said[1]["newest"]), (&json!(ids[0]), &json!(ids[2])));
        let bytes: Vec<u8> = ids[..3].iter().flat_map(|id| *uuid::Uuid::from(*id).as_bytes()).collect();
        let digest = crate::domain::audit::Digest(<sha2::Sha256 as sha2::Digest>::digest(bytes).into());
        assert_eq!(said[1]["records"], json!(digest));
    }
}

// Q15, L07
each_engine! {
    async fn only_the_servers_owner_sets_the_lanes_and_every_try_is_audited(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        assert!(matches!(world.engine.ask(&bo, ReadLanes {}).await, Err(Error::Forbidden { .. })));
        let pause = PauseLane { lane: Lane::General };
        assert!(matches!(world.engine.execute(bo.clone(), pause.clone()).await, Err(Error::Forbidden { .. })));
        assert_eq!(world.engine.execute(Actor::visitor(Surface::Page), pause.clone()).await, Err(Error::SignedOut));
        let refused = world.engine.execute(bo.clone(), batch(vec![event("agent.moved")])).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
        assert!(!lane(&world.engine, Lane::General).await.paused);
        world.engine.execute(ana.clone(), pause).await.unwrap();
        assert!(lane(&world.engine, Lane::General).await.paused);
        world.engine.execute(ana.clone(), SetLaneWidth { lane: Lane::General, width: 12 }).await.unwrap();
        for width in [0, 65] {
            let wrong = world.engine.execute(ana.clone(), SetLaneWidth { lane: Lane::General, width }).await;
            assert!(wrong.unwrap_err().of_field("width").is_some());
        }
        world.engine.execute(ana.clone(), ResumeLane { lane: Lane::General }).await.unwrap();
        let status = lane(&world.engine, Lane::General).await;
        assert_eq!((status.paused, status.width), (false, 12));
        let audit = audited(&world.engine, Action::ManageLanes).await;
        let outcomes: Vec<&str> = audit.iter().map(|entry| entry.0.as_str()).collect();
        assert_eq!(outcomes, ["refused", "refused", "refused", "done", "done", "done"]);
        assert_eq!(audit[3].3, json!({ "lane": "general", "paused": true }));
        assert_eq!(audited(&world.engine, Action::PublishEvents).await[0].0, "refused");
    }
}

// Q16: three engines, three processes as far as the database can tell.
each_engine! {
    async fn a_duty_is_done_once_in_a_cluster(world: World) {
        let (tell, mut told) = mpsc::channel(100);
        let duty = || {
            let tell = tell.clone();
            crate::queue::Duty::new("test.tell", crate::domain::Time::DAY, move |_: Store, _: crate::domain::Clock| {
                let tell = tell.clone();
                async move { tell.send(()).await.map_err(|gone| gone.to_string()) }
            })
        };
        let one = world.beside(as_is, |registry| { registry.duty(duty()); }).await;
        let two = world.beside(as_is, |registry| { registry.duty(duty()); }).await;
        for _ in 0..3 {
            told.recv().await.unwrap();
            let rests = Sql::both("SELECT name FROM lane_duties WHERE name = 'test.tell' AND lease_until = 0 AND next_at > $1");
            loop {
                let now = one.clock().now();
                let rested = one.store().read::<_, StoreError, _>(move |conn| Box::pin(conn.maybe::<String>(rests, (now,))));
                if rested.await.unwrap().is_some() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            world.clock.advance(crate::domain::Time::DAY);
        }
        one.close().await;
        two.close().await;
        let left = std::iter::from_fn(|| told.try_recv().ok()).count();
        assert!(left <= 1, "at most the fourth day's, not {left}");
    }
}
