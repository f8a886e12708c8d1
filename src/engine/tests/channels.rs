use crate::{
    converges,
    domain::{
        ChannelId, Error,
        command::{AddToChannel, CreateChannel, JoinChannel, LeaveChannel, SetTopic},
        query::{ListParticipants, OpenCommunity},
    },
    each_engine,
    lab::World,
};

// C01, C11
each_engine! {
    async fn a_public_channel_appears_for_everybody_and_a_private_one_only_for_its_participants(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let (mut hers, mut his) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        let create = |name: &str, private| CreateChannel {
            id: ChannelId::fresh(), community: acme.id, name: name.to_owned(), topic: "what else".to_owned(), private,
        };
        let open = converges!(world, [hers, his], ana, create("Big Plans", false));
        assert_eq!((open.slug.as_str(), open.topic.as_str(), open.participants), ("big-plans", "what else", 1));
        assert!(his.shell.channel(open.id).is_some_and(|channel| !channel.joined()));
        let secret = converges!(world, [hers, his], ana, create("secret", true));
        assert!(hers.shell.channel(secret.id).is_some() && his.shell.channel(secret.id).is_none());
        let handle = "bo".to_owned();
        converges!(world, [hers, his], ana, AddToChannel { channel: secret.id, handle });
        assert!(his.shell.channel(secret.id).is_some_and(crate::domain::ChannelSummary::joined));
        converges!(world, [hers, his], bo, LeaveChannel { channel: secret.id });
        assert!(his.shell.channel(secret.id).is_none(), "a private channel one left is gone");
    }
}

// C01, C05
each_engine! {
    async fn a_channel_needs_a_name_of_its_own(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let create = |name: &str| CreateChannel {
            id: ChannelId::fresh(), community: acme.id, name: name.to_owned(), topic: String::new(), private: false,
        };
        for name in ["", "日本", "#General", "members", &"x".repeat(101)] {
            let error = world.engine.execute(ana.clone(), create(name)).await.unwrap_err();
            assert!(error.of_field("name").is_some(), "{name:?}: {error}");
        }
        let plans = create("plans");
        let first = world.engine.execute(ana.clone(), plans.clone()).await.unwrap();
        assert_eq!(world.engine.execute(ana.clone(), plans).await.unwrap(), first, "the same form twice is one channel");
    }
}

// C01, C06
each_engine! {
    async fn joining_and_leaving_a_channel_counts_and_is_seen(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        world.post(&ana, plans.id, "before bo").await;
        let mut seen = world.observer(&ana, &acme, &plans).await;
        let mut his = world.observer(&bo, &acme, &plans).await;
        assert!(matches!(world.try_post(&bo, plans.id, "not in yet").await, Err(Error::Forbidden { .. })));
        let joined = converges!(world, [seen, his], bo, JoinChannel { channel: plans.id });
        assert_eq!((joined.participants, joined.unread()), (2, 0));
        converges!(world, [seen, his], bo, JoinChannel { channel: plans.id });
        let page = ListParticipants { channel: plans.id, offset: 0 };
        assert_eq!(world.engine.ask(&bo, page).await.unwrap().members.len(), 2);
        converges!(world, [seen, his], bo, LeaveChannel { channel: plans.id });
        assert_eq!(seen.shell.channel(plans.id).unwrap().participants, 1);
        // Once more changes nothing and tells nobody.
        world.engine.execute(bo, LeaveChannel { channel: plans.id }).await.unwrap();
        assert_eq!((seen.converges().await, his.converges().await), (0, 0));
    }
}

// C01
each_engine! {
    async fn a_topic_is_set_by_participants_and_seen_by_all(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        let mut his = world.observer(&bo, &acme, &plans).await;
        let topic = |text: &str| SetTopic { channel: plans.id, topic: text.to_owned() };
        converges!(world, [his], ana, topic("the launch"));
        assert_eq!(his.shell.channel(plans.id).unwrap().topic, "the launch");
        assert!(world.engine.execute(bo, topic("mine")).await.is_err());
        assert!(world.engine.execute(ana, topic(&"x".repeat(501))).await.unwrap_err().of_field("topic").is_some());
    }
}

// C05
each_engine! {
    async fn announcements_are_posted_by_moderators_only(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let view = world.engine.ask(&bo, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let news = view.channels.iter().find(|channel| channel.slug == "announcements").unwrap();
        assert!(news.joined());
        world.post(&ana, news.id, "hear ye").await;
        let refused = world.try_post(&bo, news.id, "me too").await.unwrap_err();
        assert_eq!(refused, Error::Forbidden { rule: "announcements are posted by moderators".to_owned() });
    }
}

// C01
each_engine! {
    async fn only_members_can_be_brought_in(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let plans = world.channel(&ana, acme.id, "plans", true).await;
        let add = |handle: &str| AddToChannel { channel: plans.id, handle: handle.to_owned() };
        let outsider = world.engine.execute(ana.clone(), add("bo")).await.unwrap_err();
        let nobody = world.engine.execute(ana.clone(), add("nobody")).await.unwrap_err();
        assert_eq!(outsider, nobody);
        world.join(&bo, &acme).await;
        world.engine.execute(ana, add("@Bo")).await.unwrap();
        assert!(world.try_post(&bo, plans.id, "here").await.is_ok());
    }
}
