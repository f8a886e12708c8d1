use super::{audited, promote};
use crate::{
    converges,
    domain::{
        Actor, ChannelId, ChannelStatus, ChannelSummary, CommunitySummary, Error,
        command::{CreateChannel, RenameChannel, SetChannelStatus},
        query::{OpenChannel, OpenCommunity},
    },
    each_engine,
    lab::World,
};

fn rename(channel: &ChannelSummary, name: &str, slug: &str) -> RenameChannel {
    RenameChannel { channel: channel.id, name: name.to_owned(), slug: slug.to_owned() }
}

const fn stand(channel: &ChannelSummary, status: ChannelStatus) -> SetChannelStatus {
    SetChannelStatus { channel: channel.id, status }
}

fn at(slug: &str) -> OpenChannel {
    let (community, channel) = ("acme".to_owned(), slug.to_owned());
    OpenChannel { community, channel, at: None, before: None, after: None }
}

/// Ana owns acme, Bo is a member.
async fn acme(world: &World) -> (Actor, Actor, CommunitySummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    (ana, bo, acme)
}

// C01, C05, law 5
each_engine! {
    async fn a_renamed_channel_is_found_under_the_address_it_had_until_another_one_takes_it(world: World) {
        let (ana, bo, acme) = acme(&world).await;
        let (general, plans) = (world.general(&ana, &acme).await, world.channel(&ana, acme.id, "plans", false).await);
        let mut his = world.observer(&bo, &acme, &general).await;
        let renamed = converges!(world, [his], ana, rename(&plans, "The Launch", "launch"));
        assert_eq!((renamed.name.as_str(), renamed.slug.as_str(), renamed.joined()), ("The Launch", "launch", true));
        assert_eq!(his.shell.channel(plans.id).unwrap().name, "The Launch");
        for slug in ["launch", "plans", "PLANS"] {
            let found = world.engine.ask(&bo, at(slug)).await.unwrap().channel;
            assert_eq!((found.id, found.slug.as_str()), (plans.id, "launch"), "{slug}");
        }
        // Without an address it is made from the name.
        assert_eq!(converges!(world, [his], ana, rename(&plans, "#Big Day", "")).slug, "big-day");
        assert_eq!(world.engine.ask(&bo, at("plans")).await.unwrap().channel.id, plans.id);
        let other = world.channel(&ana, acme.id, "plans", false).await;
        assert_eq!(world.engine.ask(&bo, at("plans")).await.unwrap().channel.id, other.id);
        converges!(world, [his], ana, rename(&other, "other", "other"));
        assert_eq!(world.engine.ask(&bo, at("plans")).await.unwrap().channel.id, other.id, "whoever had it last");
        converges!(world, [his], ana, rename(&plans, "plans", "plans"));
        assert_eq!(world.engine.ask(&bo, at("plans")).await.unwrap().channel.id, plans.id);
        assert_eq!(world.engine.ask(&bo, at("big-day")).await.unwrap().channel.id, plans.id);
        // The same once more changes nothing.
        let heard = audited(&world, plans.id).await.len();
        world.engine.execute(ana.clone(), rename(&plans, "plans", "plans")).await.unwrap();
        assert_eq!((his.catch_up().await, audited(&world, plans.id).await.len()), (0, heard + 1));
        assert_eq!(audited(&world, plans.id).await[1].changes["before"], "big-day");
    }
}

// C05, M03
each_engine! {
    async fn a_name_that_cannot_be_is_refused_and_says_which_field(world: World) {
        let (ana, bo, acme) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        for (name, slug, field) in [
            ("", "launch", "name"),
            ("日本", "", "name"),
            ("general", "", "name"),
            ("members", "", "name"),
            ("The launch", "general", "slug"),
            ("The launch", "members", "slug"),
            ("The launch", "a b", "slug"),
            ("The launch", &"x".repeat(51), "slug"),
        ] {
            let error = world.engine.execute(ana.clone(), rename(&plans, name, slug)).await.unwrap_err();
            assert!(error.of_field(field).is_some(), "{name:?} {slug:?}: {error}");
        }
        let refused = world.engine.execute(bo, rename(&plans, "mine", "")).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        assert_eq!(world.engine.ask(&ana, at("plans")).await.unwrap().channel.name, "plans");
    }
}

// S08
each_engine! {
    async fn the_address_a_private_channel_had_tells_nobody_that_it_exists(world: World) {
        let (ana, bo, acme) = acme(&world).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        world.engine.execute(ana.clone(), rename(&secret, "hidden", "")).await.unwrap();
        assert_eq!(world.engine.ask(&ana, at("secret")).await.unwrap().channel.slug, "hidden");
        assert_eq!(world.engine.ask(&bo, at("secret")).await, Err(Error::NotFound));
        assert_eq!(world.engine.ask(&bo, at("nowhere")).await, Err(Error::NotFound));
    }
}

// C07, C08, law 5
each_engine! {
    async fn an_archived_channel_is_read_only_and_a_locked_one_takes_no_messages_until_it_is_opened(world: World) {
        let (ana, bo, acme) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        world.add(&ana, plans.id, &bo).await;
        world.post(&bo, plans.id, "before").await;
        let general = world.general(&ana, &acme).await;
        // One has it open, the other sees it on the list alone.
        let mut inside = world.observer(&bo, &acme, &plans).await;
        let mut beside = world.observer(&bo, &acme, &general).await;
        for (status, rule) in [
            (ChannelStatus::Locked, "a locked channel takes no messages"),
            (ChannelStatus::Archived, "an archived channel is read-only"),
        ] {
            converges!(world, [inside, beside], ana, stand(&plans, status));
            assert_eq!(inside.shell.channel(plans.id).unwrap().status, status);
            assert_eq!(beside.shell.channel(plans.id).unwrap().status, status);
            let refused = world.try_post(&bo, plans.id, "meanwhile").await;
            assert_eq!(refused, Err(Error::Forbidden { rule: rule.to_owned() }));
        }
        assert!(world.engine.ask(&bo, at("plans")).await.is_ok(), "it can be read");
        converges!(world, [inside, beside], ana, stand(&plans, ChannelStatus::Active));
        world.post(&bo, plans.id, "again").await;
        inside.converges().await;
        // Twice is once.
        world.engine.execute(ana, stand(&plans, ChannelStatus::Active)).await.unwrap();
        assert_eq!(inside.catch_up().await, 0);
    }
}

// C01, S03
each_engine! {
    async fn who_takes_part_in_a_private_channel_sees_it_change_whatever_they_have_open(world: World) {
        let (ana, bo, acme) = acme(&world).await;
        let cleo = world.person("cleo").await;
        world.join(&cleo, &acme).await;
        let (general, secret) = (world.general(&ana, &acme).await, world.channel(&ana, acme.id, "secret", true).await);
        world.add(&ana, secret.id, &bo).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let mut hers = world.observer(&cleo, &acme, &general).await;
        converges!(world, [his, hers], ana, rename(&secret, "hidden", ""));
        converges!(world, [his, hers], ana, stand(&secret, ChannelStatus::Archived));
        let seen = his.shell.channel(secret.id).unwrap();
        assert_eq!((seen.name.as_str(), seen.status), ("hidden", ChannelStatus::Archived));
        assert!(hers.shell.channel(secret.id).is_none());
        converges!(world, [his, hers], bo, crate::domain::command::LeaveChannel { channel: secret.id });
        assert_eq!(his.shell.channel(secret.id), None);
    }
}

// C07, R01
each_engine! {
    async fn a_community_keeps_a_public_channel_that_is_not_archived(world: World) {
        let (ana, bo, acme) = acme(&world).await;
        promote(&world, &acme, &bo).await;
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let [news, general] = view.channels.as_slice() else { panic!("{:?}", view.channels) };
        let mut his = world.observer(&bo, &acme, general).await;
        // Not #general is what it keeps, but one of them.
        converges!(world, [his], bo, stand(general, ChannelStatus::Archived));
        // A private one is not for whoever comes.
        world.channel(&ana, acme.id, "secret", true).await;
        let last = world.engine.execute(bo.clone(), stand(news, ChannelStatus::Archived)).await.unwrap_err();
        assert!(last.to_string().starts_with("This is the last public channel"), "{last}");
        assert_eq!(his.converges().await, 0, "nothing of it was stored or sent");
        converges!(world, [his], bo, stand(news, ChannelStatus::Locked));
        // Who comes is brought into what is left.
        let cleo = world.person("cleo").await;
        world.join(&cleo, &acme).await;
        let hers = world.engine.ask(&cleo, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let joined: Vec<ChannelId> = hers.channels.iter().filter(|c| c.joined()).map(|c| c.id).collect();
        assert_eq!(joined, [news.id]);
    }
}

// R01, C05
each_engine! {
    async fn who_comes_is_brought_into_the_first_channels_under_whatever_name(world: World) {
        let (ana, _, acme) = acme(&world).await;
        let general = world.general(&ana, &acme).await;
        world.engine.execute(ana.clone(), rename(&general, "Lobby", "")).await.unwrap();
        let cleo = world.person("cleo").await;
        world.join(&cleo, &acme).await;
        assert!(world.try_post(&cleo, general.id, "hello").await.is_ok());
        // Another one of that name is what they are brought into from then on.
        let create = |id| CreateChannel {
            id, community: acme.id, name: "general".to_owned(), topic: String::new(), private: false,
        };
        let new = world.engine.execute(ana, create(ChannelId::fresh())).await.unwrap();
        let dov = world.person("dov").await;
        world.join(&dov, &acme).await;
        assert!(world.try_post(&dov, new.id, "hello").await.is_ok());
        assert!(world.try_post(&dov, general.id, "hello").await.is_err());
    }
}
