//! Webhooks in lines of their own (A03): what one receiver does is nothing to the others.

use std::{future::Future, time::Duration};

use super::{
    audited,
    hooks::{create, hooked, lane, listed},
};
use crate::{
    domain::{
        Actor, ChannelSummary, CommunitySummary, Time, Topic, WebhookId,
        command::{DeleteWebhook, EditWebhook, LeaveChannel, ReplayDeadLetter, TestWebhook},
        query::{ListDeadLetters, ListNotifications},
        webhook::{FAILING_FOR, FAILURES_IN_A_ROW, LINE, Webhook, WebhookEvent},
    },
    each_engine,
    engine::{Engine, Settings},
    lab::{Receiver, Reply, World},
    lane::webhooks::{Webhooks, resume_once},
    store::{Shard, Sql, StoreError},
};

const HELD: Sql =
    Sql::both("SELECT count(*) FROM lane_records WHERE handler = 'deliveries' AND status <> 'dead' AND topic = $1");
const RETRYING: Sql =
    Sql::both("SELECT count(*) FROM lane_records WHERE handler = 'deliveries' AND status = 'retrying'");
const DIE: Sql = Sql::both(
    "UPDATE lane_records SET status = 'dead', lease_owner = NULL, lease_until = NULL WHERE handler = 'deliveries'",
);
const FAR_BEHIND: Sql = Sql::both("UPDATE webhooks SET place = place + $1");
const BEFORE_LINES: Sql = Sql::both(
    "INSERT INTO webhook_deliveries (webhook, event, name, done, attempts, status, error, at) \
     SELECT $1, id, name, $2, 1, 500, 'answered 500', at FROM events WHERE topic = $3 AND seq = $4",
);

/// A process with all its lanes, which may send to this machine, and waits for as long as a test may take.
async fn at_work(world: &World) -> Engine {
    world
        .beside(
            |settings| Settings { private_webhooks: true, webhook_wait: Duration::from_mins(10), ..settings },
            |_| {},
        )
        .await
}

async fn count(world: &World, sql: Sql, webhook: Option<WebhookId>) -> i64 {
    let read = world.engine.store().read::<_, StoreError, _>(move |conn| {
        Box::pin(async move {
            match webhook {
                Some(webhook) => conn.one(sql, (webhook,)).await,
                None => conn.one(sql, ()).await,
            }
        })
    });
    read.await.unwrap()
}

/// Waits until `what` is so.
async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let waited = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waited).await.unwrap_or_else(|_| panic!("{what}"));
}

fn changed(webhook: &Webhook, active: bool) -> EditWebhook {
    EditWebhook { webhook: webhook.id, url: webhook.url.clone(), events: webhook.events.clone(), active }
}

fn texts(receiver: &Receiver) -> Vec<String> {
    let text = |body: &str| {
        let said: serde_json::Value = serde_json::from_str(body).unwrap();
        said["data"]["message"]["text"].as_str().unwrap_or_default().to_owned()
    };
    receiver.heard().iter().map(|one| text(&one.body)).collect()
}

/// Another community of Ana's, with so many webhooks at `url`.
async fn another(
    world: &World,
    ana: &Actor,
    slug: &str,
    url: &str,
    webhooks: usize,
) -> (CommunitySummary, ChannelSummary) {
    let community = world.community(ana, slug, true).await;
    for _ in 0..webhooks {
        world.engine.execute(ana.clone(), create(&community, url, &[WebhookEvent::MessagePosted])).await.unwrap();
    }
    let general = world.general(ana, &community).await;
    (community, general)
}

each_engine! {
    // A03
    async fn a_receiver_that_hangs_delays_no_other(world: World) {
        let (hanging, good) = (Receiver::answering(vec![Reply::Silence]).await, Receiver::always(204).await);
        let (ana, acme, slow, webhook) = hooked(&world, &hanging.url).await;
        let neighbour = Receiver::always(204).await;
        world.engine.execute(ana.clone(), create(&acme, &neighbour.url, &webhook.events)).await.unwrap();
        let (_, quick) = another(&world, &ana, "quick", &good.url, 1).await;
        let engine = at_work(&world).await;
        let beside = World::around(engine.clone());
        for n in 0..100 {
            if n < 20 {
                beside.post(&ana, slow.id, &format!("{n}")).await;
            }
            beside.post(&ana, quick.id, &format!("{n}")).await;
        }
        until("all that is for the good ones arrives", async || {
            (good.heard().len(), neighbour.heard().len()) == (100, 20)
        }).await;
        assert_eq!(texts(&good), (0..100).map(|n| n.to_string()).collect::<Vec<_>>(), "in order");
        let stands = listed(&world, &ana, &acme).await.remove(0);
        assert_eq!((stands.outcome, stands.waiting), (None, 20), "the other's first attempt has not even ended");
        assert_eq!(hanging.heard().len(), 1);
        assert_eq!(count(&world, HELD, Some(webhook.id)).await, 1, "what waits behind it is in nobody's way");
        drop(hanging);
        engine.close().await;
    }

    // A03, M06, Q13
    async fn however_many_receivers_hang_people_are_told_of_mentions(world: World) {
        let hanging = Receiver::answering(vec![Reply::Silence]).await;
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let (acme, first) = another(&world, &ana, "acme", &hanging.url, 20).await;
        let (_, second) = another(&world, &ana, "other", &hanging.url, 20).await;
        world.join(&bo, &acme).await;
        let engine = at_work(&world).await;
        let beside = World::around(engine.clone());
        beside.post(&ana, first.id, "nobody answers").await;
        beside.post(&ana, second.id, "nor here").await;
        until("as many as may be are waited for", async || hanging.heard().len() == 20).await;
        beside.post(&ana, first.id, "@bo the boat is in").await;
        until("Bo is told", async || engine.ask(&bo, ListNotifications { before: None }).await.unwrap().unread == 1).await;
        assert_eq!(hanging.heard().len(), 20, "the premise: they hang still");
        drop(hanging);
        engine.close().await;
    }

    // A03, Q11
    async fn a_webhook_is_told_in_order_through_a_failure(world: World) {
        let replies = vec![Reply::Status(500, String::new()), Reply::Status(204, String::new())];
        let receiver = Receiver::answering(replies).await;
        let (ana, acme, general, _) = hooked(&world, &receiver.url).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        let engine = at_work(&world).await;
        let beside = World::around(engine.clone());
        beside.post(&ana, general.id, "0").await;
        until("it fails", async || count(&world, RETRYING, None).await == 1).await;
        for n in 1..6 {
            beside.post(&ana, if n % 2 == 0 { plans.id } else { general.id }, &n.to_string()).await;
            until("it is in line", async || listed(&world, &ana, &acme).await[0].waiting == n + 1).await;
        }
        assert_eq!(texts(&receiver), ["0"], "nothing overtakes what failed");
        world.clock.advance(20 * Time::SECOND);
        until("all arrive", async || receiver.heard().len() == 7).await;
        assert_eq!(texts(&receiver), ["0", "0", "1", "2", "3", "4", "5"]);
        until("nothing waits", async || listed(&world, &ana, &acme).await[0].waiting == 0).await;
        engine.close().await;
    }

    // A03, Q12
    async fn an_event_that_is_followed_again_is_queued_once(world: World) {
        let receiver = Receiver::always(204).await;
        let (ana, acme, general, webhook) = hooked(&world, &receiver.url).await;
        let (first, second) = (world.post(&ana, general.id, "0").await, world.post(&ana, general.id, "1").await);
        let (lane, topic) = (lane(&world), Topic::Channel(general.id));
        for seq in [first.seq, first.seq, second.seq, second.seq] {
            lane.webhooks.follow(topic, seq).await.unwrap();
        }
        assert_eq!(listed(&world, &ana, &acme).await[0].waiting, 2);
        assert_eq!(count(&world, HELD, Some(webhook.id)).await, 1, "the first of the line");
        lane.deliver().await.unwrap();
        lane.follow(topic, first.seq).await.unwrap();
        assert_eq!(texts(&receiver), ["0", "1"]);
        assert_eq!(listed(&world, &ana, &acme).await[0].waiting, 0);
    }

    // A03, M10, Q02
    async fn a_process_that_dies_between_queueing_and_sending_loses_nothing(world: World) {
        let receiver = Receiver::always(204).await;
        let (ana, _, general, webhook) = hooked(&world, &receiver.url).await;
        let dying = world.beside(|settings| Settings { lanes: None, ..settings }, |_| {}).await;
        let posted = World::around(dying.clone()).post(&ana, general.id, "still here").await;
        Webhooks::new(dying.clone()).follow(Topic::Channel(general.id), posted.seq).await.unwrap();
        assert_eq!(count(&world, HELD, Some(webhook.id)).await, 1, "the premise: it is queued, and the process has it");
        drop(dying);
        let engine = at_work(&world).await;
        world.clock.advance(31 * Time::SECOND);
        until("it arrives", async || !receiver.heard().is_empty()).await;
        until("all is done", async || count(&world, HELD, Some(webhook.id)).await == 0).await;
        assert_eq!(texts(&receiver), ["still here"]);
        engine.close().await;
    }

    // A03, Q02
    async fn what_an_older_program_left_undone_is_done(world: World) {
        let (told, untold) = (Receiver::always(204).await, Receiver::always(204).await);
        let (ana, acme, general, first) = hooked(&world, &told.url).await;
        let second = create(&acme, &untold.url, &[WebhookEvent::MessagePosted]);
        let second = world.engine.execute(ana.clone(), second).await.unwrap();
        let posted = world.post(&ana, general.id, "from before").await;
        let (topic, seq) = (Topic::Channel(general.id), posted.seq);
        for (webhook, done) in [(first.id, true), (second.id, false)] {
            let values = (webhook, done, topic.id(), seq);
            let write = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(conn.run(BEFORE_LINES, values)));
            assert_eq!(write.await.unwrap(), 1);
        }
        lane(&world).follow(topic, seq).await.unwrap();
        lane(&world).follow(topic, seq).await.unwrap();
        assert_eq!((told.heard().len(), untold.heard().len()), (0, 1), "who was reached is not told twice");
        let outcome = listed(&world, &ana, &acme).await[1].outcome.clone().unwrap();
        assert_eq!((outcome.done, outcome.attempts), (true, 2));
    }

    // A03, S08
    async fn what_may_not_be_told_any_more_is_left_out_and_holds_nothing_up(world: World) {
        let receiver = Receiver::always(204).await;
        let (ana, acme, general, webhook) = hooked(&world, &receiver.url).await;
        let bo = world.person("bo").await;
        world.join(&bo, &acme).await;
        let hers = world.channel(&ana, acme.id, "hers", true).await;
        world.add(&ana, hers.id, &bo).await;
        let lane = lane(&world);
        let secret = world.post(&bo, hers.id, "not for her any more").await;
        lane.webhooks.follow(Topic::Channel(hers.id), secret.seq).await.unwrap();
        world.engine.execute(ana.clone(), LeaveChannel { channel: hers.id }).await.unwrap();
        let open = world.post(&ana, general.id, "for everybody").await;
        lane.follow(Topic::Channel(general.id), open.seq).await.unwrap();
        assert_eq!(texts(&receiver), ["for everybody"]);
        // Switched off, nothing waits, but a test that somebody asked for.
        let unsent = world.post(&ana, general.id, "too late").await;
        lane.webhooks.follow(Topic::Channel(general.id), unsent.seq).await.unwrap();
        let held = lane.firsts().await.remove(0);
        let off = world.engine.execute(ana.clone(), changed(&webhook, false)).await.unwrap();
        let outcome = off.outcome.unwrap();
        assert_eq!((off.waiting, outcome.done, outcome.attempts), (0, true, 0));
        assert!(outcome.error.unwrap().contains("switched off") && off.failure.is_none());
        lane.send(&held).await.unwrap();
        world.engine.execute(ana.clone(), TestWebhook { webhook: webhook.id }).await.unwrap();
        let topic = Topic::Person(ana.id().unwrap());
        let tested = world.engine.ask(&ana, crate::domain::query::Admit { topic }).await.unwrap().head;
        lane.follow(topic, tested).await.unwrap();
        assert_eq!(receiver.heard().len(), 2);
        assert_eq!(receiver.heard()[1].headers["x-thunderline-event"], "webhook.tested");
        // Deleted while something waits.
        world.engine.execute(ana.clone(), changed(&webhook, true)).await.unwrap();
        let last = world.post(&ana, general.id, "nobody hears this").await;
        lane.webhooks.follow(Topic::Channel(general.id), last.seq).await.unwrap();
        let held = lane.firsts().await.remove(0);
        world.engine.execute(ana.clone(), DeleteWebhook { webhook: webhook.id }).await.unwrap();
        lane.send(&held).await.unwrap();
        assert_eq!(receiver.heard().len(), 2);
    }

    // A03, L01
    async fn a_webhook_that_nothing_reaches_is_switched_off_and_on_again_by_one_edit(world: World) {
        let receiver = Receiver::always(500).await;
        let (ana, acme, general, webhook) = hooked(&world, &receiver.url).await;
        let (lane, topic) = (lane(&world), Topic::Channel(general.id));
        for n in 0..FAILURES_IN_A_ROW + 2 {
            let posted = world.post(&ana, general.id, &n.to_string()).await;
            lane.webhooks.follow(topic, posted.seq).await.unwrap();
        }
        for _ in 0..FAILURES_IN_A_ROW * 3 {
            lane.deliver().await.unwrap_err();
        }
        let failing = listed(&world, &ana, &acme).await.remove(0);
        assert!(failing.active && failing.waiting == 2, "ten in a minute are no reason: {failing:?}");
        world.clock.advance(FAILING_FOR);
        for _ in 0..3 {
            lane.deliver().await.unwrap_err();
        }
        let stopped = listed(&world, &ana, &acme).await.remove(0);
        assert!(!stopped.active && stopped.stopped_at.is_some());
        assert_eq!(stopped.waiting, 0, "what waited is left out");
        assert!(stopped.failure.unwrap().error.unwrap().contains("500"));
        let entries = audited(&world, webhook.id).await;
        let stop: Vec<_> = entries.iter().filter(|entry| entry.action == "webhook.stop").collect();
        assert_eq!(stop.len(), 1);
        assert_eq!((stop[0].actor_kind.as_str(), &stop[0].changes["given_up"]), ("system", &11.into()));
        let posted = world.post(&ana, general.id, "unheard").await;
        let heard = receiver.heard().len();
        lane.follow(topic, posted.seq).await.unwrap();
        assert_eq!(receiver.heard().len(), heard);
        let on = world.engine.execute(ana.clone(), changed(&webhook, true)).await.unwrap();
        assert!(on.active && on.stopped_at.is_none());
        let posted = world.post(&ana, general.id, "heard").await;
        lane.follow(topic, posted.seq).await.unwrap_err();
        assert_eq!(receiver.heard().len(), heard + 1);
        assert!(listed(&world, &ana, &acme).await[0].active, "it begins anew");
    }

    // A03, P02
    async fn a_line_is_bounded(world: World) {
        let receiver = Receiver::always(500).await;
        let (ana, acme, general, _) = hooked(&world, &receiver.url).await;
        let (lane, topic) = (lane(&world), Topic::Channel(general.id));
        let first = world.post(&ana, general.id, "0").await;
        lane.follow(topic, first.seq).await.unwrap_err();
        let write = world.engine.store().write::<_, StoreError, _>(Shard(0), |conn| Box::pin(conn.run(FAR_BEHIND, (LINE - 2,))));
        write.await.unwrap();
        for (text, active) in [("1", true), ("2", false)] {
            let posted = world.post(&ana, general.id, text).await;
            lane.webhooks.follow(topic, posted.seq).await.unwrap();
            let stands = listed(&world, &ana, &acme).await.remove(0);
            assert_eq!((stands.active, stands.waiting), (active, if active { 2 } else { 0 }));
        }
    }

    // A03, Q05, Q14
    async fn a_dead_letter_names_the_address_and_holds_no_line_up(world: World) {
        let receiver = Receiver::always(204).await;
        let (ana, acme, general, _) = hooked(&world, &format!("{}?token=abc", receiver.url)).await;
        let (lane, topic) = (lane(&world), Topic::Channel(general.id));
        for text in ["0", "1"] {
            let posted = world.post(&ana, general.id, text).await;
            lane.webhooks.follow(topic, posted.seq).await.unwrap();
        }
        // Its process dies in it three times.
        let died = world.engine.store().write::<_, StoreError, _>(Shard(0), |conn| Box::pin(conn.run(DIE, ())));
        assert_eq!(died.await.unwrap(), 1);
        resume_once(&world.engine, world.engine.store()).await.unwrap();
        assert_eq!(listed(&world, &ana, &acme).await[0].waiting, 1);
        lane.deliver().await.unwrap();
        assert_eq!(texts(&receiver), ["1"]);
        let letters = world.engine.ask(&ana, ListDeadLetters::default()).await.unwrap().letters;
        let address = receiver.url.trim_start_matches("http://").to_owned();
        assert_eq!(letters.len(), 1);
        assert_eq!((letters[0].handler.as_str(), letters[0].address.as_ref()), ("deliveries", Some(&address)));
        assert!(!serde_json::to_string(&letters).unwrap().contains("token"));
        // Replayed, it arrives.
        let engine = at_work(&world).await;
        engine.execute(ana.clone(), ReplayDeadLetter { record: letters[0].id }).await.unwrap();
        until("it arrives", async || texts(&receiver) == ["1", "0"]).await;
        engine.close().await;
    }
}
