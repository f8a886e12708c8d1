//! Deliveries that cannot arrive (A03, Q05, Q14): said where somebody looks, and not tried in vain.

use super::{
    hooks::{create, hooked, lane as by_hand, listed},
    promote,
};
use crate::{
    domain::{
        Action, Actor, EventId, Lane, Surface, Topic,
        command::{EditWebhook, NoteDelivery, ReplayDeadLetter},
        query::{ListAudit, ListDeadLetters, ReadLanes},
        webhook::{DeliveryEnd, WebhookEvent},
    },
    each_engine,
    engine::Settings,
    lab::{Receiver, World},
    lane::webhooks::resume_once,
    store::{Shard, Sql, StoreError},
};

const DIE: Sql = Sql::both(
    "UPDATE lane_records SET status = 'dead', lease_owner = NULL, lease_until = NULL WHERE handler = 'deliveries'",
);

fn strict(settings: Settings) -> Settings {
    Settings { private_webhooks: false, ..settings }
}

each_engine! {
    // A03, M03
    async fn a_closed_address_is_refused_by_its_field_where_such_are_not_sent_to(world: World) {
        let (ana, acme, _, webhook) = hooked(&world, "http://127.0.0.1:9/hook").await;
        let engine = world.beside(|settings| Settings { lanes: None, ..strict(settings) }, |_| {}).await;
        let edit = |url: &str, active| EditWebhook {
            webhook: webhook.id, url: url.to_owned(), events: webhook.events.clone(), active,
        };
        for url in [
            "http://127.0.0.1:9/hook", "http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "http://0x7f.1/",
            "http://localhost:9/", "http://hooks.localhost/",
        ] {
            let refused = engine.execute(ana.clone(), create(&acme, url, &[WebhookEvent::MessagePosted])).await.unwrap_err();
            let said = refused.of_field("url").unwrap_or_default();
            assert!(said.contains("private or reserved") && said.contains("THUNDERLINE_WEBHOOKS_PRIVATE"), "{url}: {refused}");
            let refused = engine.execute(ana.clone(), edit(&format!("{url}?x"), true)).await.unwrap_err();
            assert!(refused.of_field("url").is_some(), "{url}: {refused}");
        }
        assert_eq!(listed(&world, &ana, &acme).await.len(), 1, "the premise: where they are allowed it was added");
        // What leads there already can still be switched off.
        assert!(!engine.execute(ana.clone(), edit("http://127.0.0.1:9/hook", false)).await.unwrap().active);
        let open = engine.execute(ana, create(&acme, "https://example.com/hook", &webhook.events)).await;
        assert!(open.is_ok(), "{open:?}");
        engine.close().await;
    }

    // A03, Q05: what a name leads to does not change while one waits.
    async fn what_leads_to_a_closed_address_is_given_up_at_once(world: World) {
        let receiver = Receiver::always(204).await;
        let url = receiver.url.replace("127.0.0.1", "localhost");
        let (ana, acme, general, _) = hooked(&world, &url).await;
        let engine = world.beside(strict, |_| {}).await;
        World::around(engine.clone()).post(&ana, general.id, "hello").await;
        let dead = async {
            loop {
                let page = engine.ask(&ana, ListDeadLetters::default()).await.unwrap();
                if let [letter] = page.letters.as_slice() {
                    return letter.clone();
                }
                tokio::task::yield_now().await;
            }
        };
        let letter = tokio::time::timeout(std::time::Duration::from_secs(20), dead).await.expect("it is given up");
        assert_eq!(letter.attempts, 1);
        assert!(letter.error.unwrap().contains("private or reserved"));
        let stands = listed(&world, &ana, &acme).await.remove(0);
        let outcome = stands.outcome.unwrap();
        assert!(!outcome.done && outcome.error.unwrap().contains("private or reserved"));
        assert_eq!((stands.waiting, receiver.heard().len()), (0, 0));
        engine.close().await;
    }

    // Q14, S08
    async fn the_webhook_and_its_dead_letter_lead_to_each_other_for_who_may_see_them(world: World) {
        let receiver = Receiver::always(500).await;
        let (ana, acme, general, _) = hooked(&world, &receiver.url).await;
        let bo = world.person("bo").await;
        world.join(&bo, &acme).await;
        promote(&world, &acme, &bo).await;
        let posted = world.post(&ana, general.id, "hello").await;
        by_hand(&world).webhooks.follow(Topic::Channel(general.id), posted.seq).await.unwrap();
        assert_eq!(listed(&world, &ana, &acme).await[0].dead_letter, None);
        let died = world.engine.store().write::<_, StoreError, _>(Shard(0), |conn| Box::pin(conn.run(DIE, ())));
        assert_eq!(died.await.unwrap(), 1);
        resume_once(&world.engine, world.engine.store()).await.unwrap();
        let letters = world.engine.ask(&ana, ListDeadLetters::default()).await.unwrap().letters;
        assert_eq!((letters.len(), letters[0].community.as_deref()), (1, Some("acme")));
        assert_eq!(listed(&world, &ana, &acme).await[0].dead_letter, Some(letters[0].id));
        assert_eq!(listed(&world, &bo, &acme).await[0].dead_letter, None, "who does not run the server has no console");
        let cli = Actor::system(Surface::Cli);
        let told = world.engine.ask(&cli, ListDeadLetters::default()).await.unwrap().letters;
        assert_eq!(told[0].community, None, "who manages no webhooks has no such page");
        // Replayed, it waits, also while it is tried in vain.
        assert_eq!(listed(&world, &ana, &acme).await[0].waiting, 0);
        world.engine.execute(ana.clone(), ReplayDeadLetter { record: letters[0].id }).await.unwrap();
        assert_eq!(listed(&world, &ana, &acme).await[0].waiting, 1);
        let lanes = world.engine.ask(&ana, ReadLanes {}).await.unwrap();
        let cross = lanes.iter().find(|lane| lane.lane == Lane::CrossDomain).unwrap();
        assert_eq!(cross.pending + cross.processing + cross.retrying, 1, "the premise: the lane has it");
    }

    // L01, L07
    async fn the_log_says_what_came_of_a_delivery(world: World) {
        let (ana, acme, _, webhook) = hooked(&world, "http://127.0.0.1:9/hook").await;
        let failed = |last| DeliveryEnd::Failed { status: Some(500), error: "answered 500".to_owned(), last };
        let ends = [
            failed(false), failed(true), DeliveryEnd::LeftOut { reason: "x".to_owned() }, DeliveryEnd::Arrived { status: 204 },
        ];
        for end in ends {
            let name = "message.posted".to_owned();
            let note = NoteDelivery { community: acme.id, webhook: webhook.id, event: EventId::fresh(), name, end };
            world.engine.execute(Actor::system(Surface::Worker), note).await.unwrap();
        }
        let wanted = ListAudit { action: Some(Action::DeliverWebhooks), ..ListAudit::default() };
        let page = world.engine.ask(&ana, wanted).await.unwrap();
        let said: Vec<_> = page.entries.iter().rev().map(|entry| entry.summary.as_deref()).collect();
        assert_eq!(said, [Some("failed"), Some("given up"), Some("left out"), None]);
        assert!(page.entries.iter().all(|entry| entry.outcome == "done"), "it was noted, and that is what is sealed");
    }
}
