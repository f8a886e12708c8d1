use super::audited;
use crate::{
    converges,
    domain::{
        Actor, Error, MessageId, Surface, Time,
        command::{RemoveOverdue, SetRetention},
        query::{ListMessages, OpenCommunity, Page, Span},
    },
    each_engine,
    lab::World,
    lane::retention::remove_once,
};

async fn tidy(world: &World) -> usize {
    remove_once(&world.engine, world.engine.store(), world.engine.clock()).await.unwrap()
}

fn gone(page: &Page) -> Vec<bool> {
    page.messages.iter().map(crate::domain::Message::is_deleted).collect()
}

// C05, O08, C13, law 5
each_engine! {
    async fn what_is_older_than_its_channel_keeps_it_is_removed_and_unread_counts_stay(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let (general, plans) = (world.general(&ana, &acme).await, world.channel(&ana, acme.id, "plans", false).await);
        let mut seen = world.observer(&bo, &acme, &general).await;
        for n in 0..30 {
            world.post(&ana, general.id, &format!("old secret {n}")).await;
        }
        world.post(&ana, plans.id, "elsewhere").await;
        world.clock.advance(2 * Time::DAY);
        world.post(&ana, general.id, "new").await;
        assert_eq!(tidy(&world).await, 0, "nothing is removed unless somebody says so");
        let set = |retention_days| SetRetention { channel: general.id, retention_days };
        converges!(world, [seen], ana, set(Some(3)));
        assert_eq!(seen.shell.channel(general.id).unwrap().retention_days, Some(3));
        assert_eq!(tidy(&world).await, 0, "nothing is old enough");
        world.clock.advance(Time::DAY + Time::MINUTE);
        assert_eq!(tidy(&world).await, 30);
        seen.converges().await;
        let list = |channel| ListMessages { channel, span: Span::Latest };
        let page = world.engine.ask(&bo, list(general.id)).await.unwrap();
        assert_eq!(gone(&page), [vec![true; 30], vec![false]].concat());
        assert!(page.messages[..30].iter().all(|message| message.html.is_empty()));
        assert_eq!(gone(&world.engine.ask(&ana, list(plans.id)).await.unwrap()), [false]);
        let view = world.engine.ask(&bo, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let counted = view.channels.iter().find(|channel| channel.id == general.id).unwrap();
        assert_eq!((counted.count, counted.unread()), (31, 31));
        assert_eq!((tidy(&world).await, seen.catch_up().await), (0, 0), "twice is once");
        // In small steps, each with its entry.
        let audit = audited(&world, general.id).await;
        let batches: Vec<i64> =
            audit.iter().rev().filter_map(|entry| entry.changes["removed"].as_i64()).collect();
        assert_eq!(batches, [25, 5]);
        assert!(audit.iter().all(|entry| !entry.changes.to_string().contains("secret")));
        converges!(world, [seen], ana, set(None));
        world.clock.advance(400 * Time::DAY);
        assert_eq!(tidy(&world).await, 0);
    }
}

// C05, S03
each_engine! {
    async fn who_manages_a_channel_says_how_long_it_keeps_and_a_bad_number_names_its_field(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&bo, &acme, &general).await;
        let set = |retention_days| SetRetention { channel: general.id, retention_days };
        let refused = world.engine.execute(bo.clone(), set(Some(1))).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        for days in [-1, 0, 3_651, i64::MAX] {
            let wrong = world.engine.execute(ana.clone(), set(Some(days))).await.unwrap_err();
            assert!(wrong.of_field("retention_days").is_some(), "{days}: {wrong}");
        }
        for days in [1, 3_650, 3_650] {
            converges!(world, [seen], ana, set(Some(days)));
        }
        assert_eq!(seen.shell.channel(general.id).unwrap().retention_days, Some(3_650));
        // A private channel that one does not take part in does not exist.
        let secret = world.channel(&bo, acme.id, "secret", true).await;
        let unseen = SetRetention { channel: secret.id, retention_days: Some(1) };
        assert_eq!(world.engine.execute(ana, unseen).await, Err(Error::NotFound));
    }
}

// S05, O08
each_engine! {
    async fn nobody_but_the_server_removes_and_only_what_is_overdue(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let (general, plans) = (world.general(&ana, &acme).await, world.channel(&ana, acme.id, "plans", false).await);
        let old = world.post(&ana, general.id, "old").await.message.id;
        let other = world.post(&ana, plans.id, "of another channel").await.message.id;
        world.clock.advance(2 * Time::DAY);
        let fresh = world.post(&ana, general.id, "fresh").await.message.id;
        let remove = RemoveOverdue { channel: general.id, messages: vec![old, other, fresh, MessageId::fresh()] };
        let server = Actor::system(Surface::Worker);
        assert_eq!(world.engine.execute(server.clone(), remove.clone()).await, Ok(0), "it keeps everything");
        let day = SetRetention { channel: general.id, retention_days: Some(1) };
        world.engine.execute(ana.clone(), day).await.unwrap();
        let forged = world.engine.execute(ana.clone(), remove.clone()).await;
        assert!(matches!(forged, Err(Error::Forbidden { .. })), "{forged:?}");
        let mut seen = world.observer(&ana, &acme, &general).await;
        assert_eq!(converges!(world, [seen], server, remove.clone()), 1);
        assert_eq!(world.engine.execute(server.clone(), remove).await, Ok(0));
        let many = RemoveOverdue { channel: general.id, messages: vec![old; 26] };
        assert!(world.engine.execute(server, many).await.unwrap_err().of_field("messages").is_some());
    }
}
