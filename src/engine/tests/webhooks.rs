use std::time::Duration;

use serde_json::Value as Json;

use super::{
    audited,
    hooks::{create, hooked, lane, listed, within},
    promote,
};
use crate::{
    converges,
    domain::{
        Actor, CommunitySummary, Error, EventId, Seq, Surface, Topic, WebhookId,
        command::{CreateWebhook, DeleteWebhook, EditWebhook, LeaveChannel, NoteDelivery, StopWebhook, TestWebhook},
        query::{ListNotifications, ListWebhooks, OpenCommunity, ReadDelivery, ReadSubscribers},
        webhook::{DeliveryEnd, WEBHOOKS_PER_COMMUNITY, WebhookEvent},
    },
    each_engine,
    engine::Settings,
    lab::{Receiver, Reply, World},
    lane::{deliveries::sign, outgoing::Limits},
};

/// The latest event of a person's own topic.
async fn own_head(world: &World, actor: &Actor) -> (Topic, Seq) {
    let topic = Topic::Person(actor.id().unwrap());
    (topic, world.engine.ask(actor, crate::domain::query::Admit { topic }).await.unwrap().head)
}

// A03
each_engine! {
    async fn an_event_arrives_signed_and_is_noted(world: World) {
        let receiver = Receiver::always(204).await;
        let (ana, acme, general, webhook) = hooked(&world, &receiver.url).await;
        assert_eq!(webhook.outcome, None);
        let posted = world.post(&ana, general.id, "hello *world*").await;
        lane(&world).follow(Topic::Channel(general.id), posted.seq).await.unwrap();
        let heard = receiver.heard();
        assert_eq!(heard.len(), 1);
        let (headers, body) = (&heard[0].headers, &heard[0].body);
        assert_eq!(heard[0].line, "POST /hook HTTP/1.1");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["x-thunderline-event"], "message.posted");
        let expected = format!("sha256={}", sign(&webhook.secret, &headers["x-thunderline-timestamp"], body));
        assert_eq!(headers["x-thunderline-signature"], expected);
        let said: Json = serde_json::from_str(body).unwrap();
        assert_eq!(said["id"], headers["x-thunderline-delivery"]);
        assert_eq!((&said["event"], &said["community"]["slug"]), (&"message.posted".into(), &"acme".into()));
        assert_eq!(said["channel"]["slug"], "general");
        assert_eq!(said["at"], posted.message.created_at.rfc3339());
        assert_eq!(said["data"]["message"]["text"], "hello *world*");
        assert_eq!(said["data"]["message"]["author"]["handle"], "ana");
        let outcome = listed(&world, &ana, &acme).await[0].outcome.clone().unwrap();
        assert_eq!((outcome.done, outcome.attempts, outcome.status, outcome.error), (true, 1, Some(204), None));
        // The lane may do it again: what arrived is not sent twice (Q12).
        lane(&world).follow(Topic::Channel(general.id), posted.seq).await.unwrap();
        assert_eq!(receiver.heard().len(), 1);
    }
}

// A03, Q05
each_engine! {
    async fn a_failure_asks_for_a_retry_of_what_failed_alone_and_says_why(world: World) {
        let bad = Reply::Status(500, String::new());
        let shaky = Receiver::answering(vec![bad.clone(), bad, Reply::Status(200, String::new())]).await;
        let steady = Receiver::always(200).await;
        let (ana, acme, general, _) = hooked(&world, &shaky.url).await;
        let second = create(&acme, &steady.url, &[WebhookEvent::MessagePosted]);
        world.engine.execute(ana.clone(), second).await.unwrap();
        let posted = world.post(&ana, general.id, "hello").await;
        let topic = Topic::Channel(general.id);
        for attempt in 1..=2 {
            let failure = lane(&world).follow(topic, posted.seq).await.unwrap_err();
            assert!(failure.contains("answered 500"), "{failure}");
            let outcome = listed(&world, &ana, &acme).await[0].outcome.clone().unwrap();
            assert_eq!((outcome.done, outcome.attempts, outcome.status), (false, attempt, Some(500)));
        }
        lane(&world).follow(topic, posted.seq).await.unwrap();
        let heard = shaky.heard();
        assert_eq!((heard.len(), steady.heard().len()), (3, 1));
        let delivery = |n: usize| heard[n].headers["x-thunderline-delivery"].clone();
        assert_eq!((delivery(0), delivery(1)), (delivery(1), delivery(2)), "one delivery, whatever it took");
        let outcome = listed(&world, &ana, &acme).await[0].outcome.clone().unwrap();
        assert_eq!((outcome.done, outcome.attempts, outcome.error), (true, 3, None));
    }
}

// A03
each_engine! {
    async fn a_redirect_is_not_followed(world: World) {
        let elsewhere = Receiver::always(200).await;
        let reply = Reply::Status(302, format!("location: {}\r\n", elsewhere.url));
        let receiver = Receiver::answering(vec![reply]).await;
        let (ana, _, general, _) = hooked(&world, &receiver.url).await;
        let posted = world.post(&ana, general.id, "hello").await;
        let failure = lane(&world).follow(Topic::Channel(general.id), posted.seq).await.unwrap_err();
        assert!(failure.contains("redirects are not followed"), "{failure}");
        assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (1, 0));
    }
}

// A03
each_engine! {
    async fn a_receiver_that_does_not_answer_is_given_up(world: World) {
        let receiver = Receiver::answering(vec![Reply::Silence]).await;
        let (ana, acme, general, _) = hooked(&world, &receiver.url).await;
        let posted = world.post(&ana, general.id, "hello").await;
        let limits = Limits { whole: Duration::from_millis(200), private: true, ..Limits::default() };
        let failure = within(&world, limits).follow(Topic::Channel(general.id), posted.seq).await.unwrap_err();
        assert!(failure.contains("did not answer in time"), "{failure}");
        let outcome = listed(&world, &ana, &acme).await[0].outcome.clone().unwrap();
        assert_eq!((outcome.done, outcome.status), (false, None));
    }
}

// A03, M31
each_engine! {
    async fn closed_addresses_are_not_connected_to_by_number_or_by_name(world: World) {
        let receiver = Receiver::always(200).await;
        let port = receiver.url.rsplit(':').next().unwrap().trim_end_matches("/hook").to_owned();
        let (ana, acme, general, first) = hooked(&world, &receiver.url).await;
        let hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "0"];
        for (n, host) in hosts.into_iter().enumerate() {
            let edit = EditWebhook {
                webhook: first.id,
                url: format!("http://{host}:{port}/hook"),
                events: vec![WebhookEvent::MessagePosted],
                active: true,
            };
            world.engine.execute(ana.clone(), edit).await.unwrap();
            let posted = world.post(&ana, general.id, &format!("{n}")).await;
            let closed = within(&world, Limits::default());
            let failure = closed.follow(Topic::Channel(general.id), posted.seq).await.unwrap_err();
            assert!(failure.contains("private or reserved"), "{host}: {failure}");
            let outcome = listed(&world, &ana, &acme).await[0].outcome.clone().unwrap();
            assert!(outcome.error.unwrap().contains("private or reserved"), "{host}");
        }
        assert!(receiver.heard().is_empty());
        // The premise: it is there, and where private addresses are allowed a name leads to it.
        let edit = EditWebhook {
            webhook: first.id,
            url: format!("http://localhost:{port}/hook"),
            events: vec![WebhookEvent::MessagePosted],
            active: true,
        };
        world.engine.execute(ana.clone(), edit).await.unwrap();
        let posted = world.post(&ana, general.id, "allowed").await;
        lane(&world).follow(Topic::Channel(general.id), posted.seq).await.unwrap();
        assert!(receiver.heard().last().unwrap().body.contains("allowed"));
    }
}

// A03, S08
each_engine! {
    async fn of_private_channels_a_webhook_hears_only_what_its_maker_may_read(world: World) {
        let receiver = Receiver::always(200).await;
        let (ana, acme, _, _) = hooked(&world, &receiver.url).await;
        let bo = world.person("bo").await;
        world.join(&bo, &acme).await;
        let hers = world.channel(&ana, acme.id, "hers", true).await;
        let his = world.channel(&bo, acme.id, "his", true).await;
        let read = world.post(&ana, hers.id, "she may read this").await;
        let unread = world.post(&bo, his.id, "she may not").await;
        lane(&world).follow(Topic::Channel(hers.id), read.seq).await.unwrap();
        lane(&world).follow(Topic::Channel(his.id), unread.seq).await.unwrap();
        let bodies: Vec<String> = receiver.heard().into_iter().map(|one| one.body).collect();
        assert_eq!(bodies.len(), 1);
        assert!(bodies[0].contains("she may read this"));
        // A right that is lost is lost for the webhook too.
        world.add(&ana, hers.id, &bo).await;
        let later = world.post(&bo, hers.id, "after she left").await;
        world.engine.execute(ana.clone(), LeaveChannel { channel: hers.id }).await.unwrap();
        lane(&world).follow(Topic::Channel(hers.id), later.seq).await.unwrap();
        assert_eq!(receiver.heard().len(), 1);
    }
}

// A03, S08
each_engine! {
    async fn of_private_channels_a_webhook_hears_what_who_chose_its_address_may_read(world: World) {
        let (hers, his) = (Receiver::always(200).await, Receiver::always(200).await);
        let (ana, acme, _, webhook) = hooked(&world, &hers.url).await;
        let bo = world.person("bo").await;
        world.join(&bo, &acme).await;
        promote(&world, &acme, &bo).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let edit = |url: &str, active| EditWebhook {
            webhook: webhook.id, url: url.to_owned(), events: webhook.events.clone(), active,
        };
        let follow = async |body: &str| {
            let posted = world.post(&ana, secret.id, body).await;
            lane(&world).follow(Topic::Channel(secret.id), posted.seq).await.unwrap();
        };
        // Who only switches it off and on takes nothing over, and gives nothing away.
        for active in [false, true] {
            let edited = world.engine.execute(bo.clone(), edit(&hers.url, active)).await.unwrap();
            assert_eq!((edited.created_by.handle.as_str(), edited.url_by.handle.as_str()), ("ana", "ana"));
        }
        follow("to her own address").await;
        assert_eq!(hers.heard().len(), 1);
        // Who sends it elsewhere is told there only what they may read.
        let edited = world.engine.execute(bo.clone(), edit(&his.url, true)).await.unwrap();
        assert_eq!((edited.created_by.handle.as_str(), edited.url_by.handle.as_str()), ("ana", "bo"));
        follow("not to his").await;
        // Nor does she vouch for his address by switching it on.
        world.engine.execute(ana.clone(), edit(&his.url, true)).await.unwrap();
        follow("nor now").await;
        assert!(his.heard().is_empty(), "{:?}", his.heard());
        world.add(&ana, secret.id, &bo).await;
        follow("he may read this").await;
        assert_eq!((hers.heard().len(), his.heard().len()), (1, 1));
    }
}

// A03, M21
each_engine! {
    async fn a_webhook_hears_what_it_chose_and_no_words_that_were_deleted(world: World) {
        let receiver = Receiver::always(200).await;
        let (ana, acme, general, webhook) = hooked(&world, &receiver.url).await;
        let posted = world.post(&ana, general.id, "too much").await;
        let message = posted.message.id;
        let edit = crate::domain::command::EditMessage { message, body: "far too much".to_owned(), version: None, reason: None };
        world.engine.execute(ana.clone(), edit).await.unwrap();
        world.engine.execute(ana.clone(), crate::domain::command::DeleteMessage { message }).await.unwrap();
        for seq in posted.seq..=posted.seq + 2 {
            lane(&world).follow(Topic::Channel(general.id), seq).await.unwrap();
        }
        let heard = receiver.heard();
        let names: Vec<&str> = heard.iter().map(|one| one.headers["x-thunderline-event"].as_str()).collect();
        assert_eq!(names, ["message.posted", "message.deleted"], "it did not ask for edits");
        assert!(heard.iter().all(|one| !one.body.contains("too much")), "{heard:?}");
        let pause = EditWebhook { webhook: webhook.id, url: webhook.url.clone(), events: webhook.events, active: false };
        world.engine.execute(ana.clone(), pause).await.unwrap();
        let unheard = world.post(&ana, general.id, "unheard").await;
        lane(&world).follow(Topic::Channel(general.id), unheard.seq).await.unwrap();
        assert_eq!(receiver.heard().len(), 2);
        let channels = create(&acme, &receiver.url, &[WebhookEvent::ChannelCreated, WebhookEvent::MemberJoined]);
        world.engine.execute(ana.clone(), channels).await.unwrap();
        let view = OpenCommunity { slug: "acme".to_owned() };
        world.channel(&ana, acme.id, "plans", false).await;
        let made = world.engine.ask(&ana, view.clone()).await.unwrap().cursor;
        world.join(&world.person("bo").await, &acme).await;
        let joined = world.engine.ask(&ana, view).await.unwrap().cursor;
        for seq in [made, joined] {
            lane(&world).follow(Topic::Community(acme.id), seq).await.unwrap();
        }
        let heard: Vec<Json> =
            receiver.heard().iter().skip(2).map(|one| serde_json::from_str(&one.body).unwrap()).collect();
        assert_eq!((&heard[0]["event"], &heard[0]["channel"]["slug"]), (&"channel.created".into(), &"plans".into()));
        assert_eq!(heard[1]["data"]["person"]["handle"], "bo");
    }
}

// A03
each_engine! {
    async fn a_test_reaches_a_webhook_that_is_switched_off(world: World) {
        let receiver = Receiver::always(200).await;
        let (ana, acme, general, webhook) = hooked(&world, &receiver.url).await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let off = EditWebhook {
            webhook: webhook.id, url: webhook.url.clone(), events: webhook.events.clone(), active: false,
        };
        let edited = converges!(world, [seen], ana, off);
        assert!(!edited.active);
        converges!(world, [seen], ana, TestWebhook { webhook: webhook.id });
        let (topic, seq) = own_head(&world, &ana).await;
        lane(&world).follow(topic, seq).await.unwrap();
        let heard = receiver.heard();
        assert_eq!(heard[0].headers["x-thunderline-event"], "webhook.tested");
        converges!(world, [seen], ana, DeleteWebhook { webhook: webhook.id });
        assert!(listed(&world, &ana, &acme).await.is_empty());
        // What was asked for before comes to nothing, and an outcome that comes late has nowhere to be noted.
        lane(&world).follow(topic, seq).await.unwrap();
        let late = NoteDelivery {
            community: acme.id, webhook: webhook.id, event: EventId::fresh(), name: "webhook.tested".to_owned(),
            end: DeliveryEnd::Arrived { status: 200 },
        };
        world.engine.execute(Actor::system(Surface::Worker), late).await.unwrap();
        assert_eq!(receiver.heard().len(), 1);
    }
}

// A03, S03, S08
each_engine! {
    async fn only_those_who_manage_a_community_see_and_change_its_webhooks(world: World) {
        let (ana, acme, general, webhook) = hooked(&world, "https://hooks.example/x").await;
        let (bo, cy) = (world.person("bo").await, world.person("cy").await);
        world.join(&bo, &acme).await;
        let closed = world.community(&ana, "closed", false).await;
        let hidden = world.engine.execute(ana.clone(), create(&closed, "https://a.example", &webhook.events)).await;
        let hidden = hidden.unwrap();
        let engine = &world.engine;
        let attempts = async |actor: &Actor, id: WebhookId, of: &CommunitySummary| {
            let edit = EditWebhook { webhook: id, url: "https://evil.example".to_owned(), events: webhook.events.clone(), active: true };
            vec![
                engine.ask(actor, ListWebhooks { community: of.id }).await.unwrap_err(),
                engine.execute(actor.clone(), create(of, "https://evil.example", &webhook.events)).await.unwrap_err(),
                engine.execute(actor.clone(), edit).await.unwrap_err(),
                engine.execute(actor.clone(), TestWebhook { webhook: id }).await.unwrap_err(),
                engine.execute(actor.clone(), DeleteWebhook { webhook: id }).await.unwrap_err(),
            ]
        };
        let refused = attempts(&bo, webhook.id, &acme).await;
        assert!(refused.iter().all(|error| matches!(error, Error::Forbidden { .. })), "{refused:?}");
        let absent = attempts(&cy, hidden.id, &closed).await;
        assert!(absent.iter().all(|error| *error == Error::NotFound), "{absent:?}");
        let forged = NoteDelivery {
            community: acme.id, webhook: webhook.id, event: EventId::fresh(), name: "x".to_owned(),
            end: DeliveryEnd::Arrived { status: 200 },
        };
        assert!(matches!(engine.execute(ana.clone(), forged).await, Err(Error::Forbidden { .. })));
        let stop = StopWebhook { community: acme.id, webhook: webhook.id };
        assert!(matches!(engine.execute(ana.clone(), stop).await, Err(Error::Forbidden { .. })));
        let topic = Topic::Channel(general.id);
        let asked = ReadDelivery { webhook: webhook.id, event: EventId::fresh(), topic, seq: 1 };
        assert!(matches!(engine.ask(&ana, asked).await, Err(Error::Forbidden { .. })), "secrets are in the answer");
        let asked = ReadSubscribers { topic, seq: 1 };
        assert!(matches!(engine.ask(&ana, asked).await, Err(Error::Forbidden { .. })));
        assert_eq!(listed(&world, &ana, &acme).await, [webhook], "nothing changed");
        let view = |actor| engine.ask(actor, OpenCommunity { slug: "acme".to_owned() });
        assert!(view(&ana).await.unwrap().may.manage_webhooks && !view(&bo).await.unwrap().may.manage_webhooks);
    }
}

// A03, L01
each_engine! {
    async fn webhooks_are_bounded_repeatable_and_audited_without_their_secret(world: World) {
        let (ana, acme, general, first) = hooked(&world, "https://hooks.example/a?token=abc").await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let again = CreateWebhook {
            id: first.id, community: acme.id, url: "https://other.example".to_owned(), events: first.events.clone(),
        };
        let repeated = converges!(world, [seen], ana, again);
        assert_eq!(repeated, first, "the first answer again");
        assert_eq!(first.secret.len(), 64);
        for _ in 1..WEBHOOKS_PER_COMMUNITY {
            let more = create(&acme, "https://hooks.example", &first.events);
            let made = converges!(world, [seen], ana, more);
            assert_ne!(made.secret, first.secret);
        }
        let full = world.engine.execute(ana.clone(), create(&acme, "https://hooks.example", &first.events)).await;
        assert!(matches!(full, Err(Error::Conflict { .. })), "{full:?}");
        let bad = create(&acme, "javascript:alert(1)", &first.events);
        assert!(world.engine.execute(ana.clone(), bad).await.unwrap_err().of_field("url").is_some());
        let entries = audited(&world, first.id).await;
        assert!(!entries.is_empty());
        for entry in entries {
            let text = entry.changes.to_string();
            assert!(!text.contains(&first.secret) && !text.contains("token=abc"), "{text}");
        }
    }
}

// Q01, A03, M06
each_engine! {
    async fn mentions_and_webhooks_ride_the_lanes_by_themselves(world: World) {
        let receiver = Receiver::always(204).await;
        let engine = world.beside(|settings| Settings { private_webhooks: true, ..settings }, |_| {}).await;
        let bo = world.person("bo").await;
        let (ana, acme, general, _) = hooked(&world, &receiver.url).await;
        world.join(&bo, &acme).await;
        let beside = World::around(engine.clone());
        beside.post(&ana, general.id, "@bo the boat is in").await;
        let followed = async {
            loop {
                let inbox = engine.ask(&bo, ListNotifications { before: None }).await.unwrap();
                if inbox.unread == 1 && receiver.heard().len() == 1 {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), followed).await.expect("Bo is told, and so is the webhook");
        assert!(receiver.heard()[0].body.contains("the boat is in"));
        engine.close().await;
    }
}
