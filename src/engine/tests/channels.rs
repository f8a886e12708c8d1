use crate::{
    converges,
    domain::{
        ChannelId, Error, PersonId, Role,
        command::{AddToChannel, CreateChannel, JoinChannel, LeaveChannel, RemoveFromChannel, SetTopic},
        query::{ListParticipants, OpenCommunity},
    },
    each_engine,
    lab::World,
};

use super::{audited, give};

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

// C01
each_engine! {
    async fn who_is_removed_from_a_private_channel_sees_it_no_more_and_from_a_public_one_may_come_back(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        give(&world, &acme, &cy, Role::Moderator).await;
        let general = world.general(&ana, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        for person in [&bo, &cy] {
            world.add(&ana, secret.id, person).await;
        }
        let mut hers = world.observer(&ana, &acme, &general).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        assert!(his.shell.channel(secret.id).is_some(), "the premise");
        let remove = |channel, person| RemoveFromChannel { channel, person };
        let who = bo.id().unwrap();
        converges!(world, [hers, his], cy, remove(secret.id, who));
        assert!(his.shell.channel(secret.id).is_none());
        assert!(world.engine.execute(bo.clone(), JoinChannel { channel: secret.id }).await.is_err());
        converges!(world, [hers, his], cy, remove(general.id, who));
        let left = his.shell.channel(general.id).unwrap();
        assert!(!left.joined(), "he sees it still");
        assert_eq!(hers.shell.channel(general.id).unwrap().participants, 2);
        assert!(world.try_post(&bo, general.id, "still here").await.is_err());
        // Once more is nothing, and nobody is told anything.
        hers.catch_up().await;
        world.engine.execute(cy.clone(), remove(general.id, who)).await.unwrap();
        assert_eq!(hers.catch_up().await, 0);
        converges!(world, [hers, his], bo, JoinChannel { channel: general.id });
        let entry = audited(&world, secret.id).await.remove(0);
        let said = (entry.action.as_str(), entry.outcome.as_str(), entry.actor);
        assert_eq!(said, ("channel.join", "refused", Some(who.into())));
        let removed = &audited(&world, secret.id).await[1];
        assert_eq!((removed.action.as_str(), removed.outcome.as_str()), ("channel.remove", "done"));
        assert_eq!(removed.changes["person"], serde_json::json!(who));
    }
}

// C01, C12
each_engine! {
    async fn nobody_removes_whoever_is_at_or_above_them_nor_anybody_from_a_conversation(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        give(&world, &acme, &cy, Role::Moderator).await;
        let general = world.general(&ana, &acme).await;
        let id = |person: &crate::domain::Actor| person.id().unwrap();
        let remove = |channel, person: PersonId| RemoveFromChannel { channel, person };
        for (who, whom) in [(&bo, &cy), (&bo, &ana), (&bo, &bo), (&cy, &ana), (&cy, &cy)] {
            let refused = world.engine.execute(who.clone(), remove(general.id, id(whom))).await.unwrap_err();
            assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        }
        let nobody = remove(general.id, PersonId::fresh());
        assert_eq!(world.engine.execute(ana.clone(), nobody).await.unwrap_err(), Error::NotFound);
        // Where a moderator takes no part they remove nobody; where they cannot see, nothing is there.
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        let hidden = world.channel(&ana, acme.id, "hidden", true).await;
        for channel in [plans.id, hidden.id] {
            world.add(&ana, channel, &bo).await;
        }
        let apart = world.engine.execute(cy.clone(), remove(plans.id, id(&bo))).await.unwrap_err();
        assert!(matches!(apart, Error::Forbidden { .. }), "{apart}");
        let unseen = world.engine.execute(cy.clone(), remove(hidden.id, id(&bo))).await.unwrap_err();
        assert_eq!(unseen, Error::NotFound);
        let open = crate::domain::command::OpenConversation { community: acme.id, people: vec![id(&bo)] };
        let talk = world.engine.execute(ana.clone(), open).await.unwrap();
        let refused = world.engine.execute(ana.clone(), remove(talk.id, id(&bo))).await.unwrap_err();
        let rule = "a conversation stays as it is, among its people".to_owned();
        assert_eq!(refused, Error::Forbidden { rule });
        // The list shows what may be done.
        let page = |channel| ListParticipants { channel, offset: 0 };
        let of = |person, channel| world.engine.ask(person, page(channel));
        assert_eq!(of(&ana, plans.id).await.unwrap().manageable, [id(&bo)].into());
        assert!(of(&cy, plans.id).await.unwrap().manageable.is_empty());
        assert!(of(&bo, general.id).await.unwrap().manageable.is_empty());
        assert!(of(&ana, talk.id).await.unwrap().manageable.is_empty());
    }
}
