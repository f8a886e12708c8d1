use super::{
    audited,
    mentions::{follow, inbox},
};
use crate::{
    converges,
    domain::{
        ChannelId, ChannelStatus, ChannelSummary, Error, MessageId, Topic,
        command::{DeleteChannel, EditMessage, PostMessage, SetChannelStatus},
        query::{Admit, CatchUp, ListMessages, OpenChannel, OpenCommunity, Span},
    },
    each_engine,
    lab::World,
    store::{Sql, StoreError},
};

fn delete(channel: &ChannelSummary) -> DeleteChannel {
    DeleteChannel { channel: channel.id, name: channel.name.clone() }
}

/// How many rows of these tables belong to a channel.
async fn rows(world: &World, id: ChannelId) -> i64 {
    const LEFT: Sql = Sql::both(
        "SELECT (SELECT count(*) FROM messages WHERE channel = $1) + (SELECT count(*) FROM participants WHERE channel = $1) \
         + (SELECT count(*) FROM notifications WHERE channel = $1) + (SELECT count(*) FROM channels WHERE id = $1) \
         + (SELECT count(*) FROM channel_addresses WHERE channel = $1)",
    );
    let read = world
        .engine
        .store()
        .read::<_, StoreError, _>(move |conn| Box::pin(async move { conn.one::<i64>(LEFT, (id,)).await }));
    read.await.unwrap()
}

// C01, M30, C13, law 5
each_engine! {
    async fn a_deleted_channel_is_gone_for_everybody_with_all_that_was_said_in_it(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        for private in [false, true] {
            let plans = world.channel(&ana, acme.id, "plans", private).await;
            world.add(&ana, plans.id, &bo).await;
            for n in 0..2 {
                let posted = world.post(&ana, plans.id, &format!("@bo the secret plan {n}")).await;
                follow(&world, plans.id, posted.seq).await;
            }
            let kept = world.post(&ana, general.id, "@bo elsewhere").await;
            follow(&world, general.id, kept.seq).await;
            let message = world.post(&bo, plans.id, "mine").await.message.id;
            let (mut hers, mut his) =
                (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
            let before = his.shell.notifications;
            assert!(rows(&world, plans.id).await >= 8, "the premise: there is something to remove");
            converges!(world, [hers, his], ana, delete(&plans));
            assert!(his.shell.channel(plans.id).is_none() && hers.shell.channel(plans.id).is_none());
            assert_eq!(his.shell.notifications, before - 2, "what it told them of is gone as well");
            assert!(inbox(&world, &bo).await.notifications.iter().all(|one| one.told.is_some()));
            assert_eq!(rows(&world, plans.id).await, 0);
            // It answers like one that never was.
            let engine = &world.engine;
            let list = ListMessages { channel: plans.id, span: Span::Latest };
            assert_eq!(engine.ask(&ana, list).await, Err(Error::NotFound));
            let edit = EditMessage { message, body: "still there?".to_owned(), version: None, reason: None };
            assert_eq!(engine.execute(bo.clone(), edit).await, Err(Error::NotFound));
            assert_eq!(world.try_post(&ana, plans.id, "hello?").await, Err(Error::NotFound));
            let topic = Topic::Channel(plans.id);
            assert_eq!(engine.ask(&ana, Admit { topic }).await, Err(Error::NotFound));
            assert_eq!(engine.ask(&ana, CatchUp { topic, cursor: 1 }).await, Err(Error::NotFound));
            let entry = &audited(&world, plans.id).await;
            let entry = entry.iter().find(|entry| entry.action == "channel.delete").unwrap();
            assert_eq!((&entry.changes["slug"], &entry.changes["messages"]), (&"plans".into(), &3.into()));
            // Its address is free.
            let again = world.channel(&ana, acme.id, "plans", false).await;
            hers.converges().await;
            his.converges().await;
            converges!(world, [hers, his], ana, delete(&again));
        }
    }
}

// C01, M03
each_engine! {
    async fn a_channel_is_deleted_only_by_whoever_manages_it_and_types_its_name(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let plans = world.channel(&ana, acme.id, "Plans", false).await;
        world.add(&ana, plans.id, &bo).await;
        let refused = world.engine.execute(bo, delete(&plans)).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        for name in ["", "plans", "Plan"] {
            let wrong = DeleteChannel { channel: plans.id, name: name.to_owned() };
            let error = world.engine.execute(ana.clone(), wrong).await.unwrap_err();
            assert!(error.of_field("name").is_some(), "{name:?}: {error}");
        }
        assert!(world.try_post(&ana, plans.id, "still here").await.is_ok());
        let marked = DeleteChannel { channel: plans.id, name: " #Plans ".to_owned() };
        world.engine.execute(ana, marked).await.unwrap();
    }
}

// C01, R01
each_engine! {
    async fn the_last_public_channel_stays_and_an_archived_one_may_go(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let [news, general] = view.channels.as_slice() else { panic!("{:?}", view.channels) };
        let archive = SetChannelStatus { channel: news.id, status: ChannelStatus::Archived };
        world.engine.execute(ana.clone(), archive).await.unwrap();
        let last = world.engine.execute(ana.clone(), delete(general)).await.unwrap_err();
        assert!(matches!(last, Error::Conflict { .. }), "{last}");
        assert!(world.try_post(&ana, general.id, "still here").await.is_ok());
        world.engine.execute(ana.clone(), delete(news)).await.unwrap();
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        world.engine.execute(ana.clone(), delete(&secret)).await.unwrap();
        let open = |slug: &str| OpenChannel {
            community: "acme".to_owned(), channel: slug.to_owned(), at: None, before: None, after: None,
        };
        assert_eq!(world.engine.ask(&ana, open("announcements")).await.map(drop), Err(Error::NotFound));
        // What was on its way to it is refused, and nothing is left behind.
        let late = PostMessage {
            id: MessageId::fresh(), channel: news.id, body: "late".to_owned(), reply_to: None, expires_in: None,
        };
        assert_eq!(world.engine.execute(ana, late).await.map(drop), Err(Error::NotFound));
    }
}
