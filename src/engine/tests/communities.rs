use crate::{
    converges,
    domain::{
        CommunityId, Error, Role, Topic,
        command::{CreateCommunity, JoinCommunity, LeaveCommunity},
        query::{Admit, ListCommunities, ListMembers, OpenCommunity},
    },
    each_engine,
    lab::World,
};

// R01
each_engine! {
    async fn a_community_is_made_with_its_first_channels_and_its_owner_in_it(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", false).await;
        assert_eq!((acme.role, acme.members), (Some(Role::Owner), 1));
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let names: Vec<_> = view.channels.iter().map(|channel| (channel.slug.as_str(), channel.joined())).collect();
        assert_eq!(names, [("announcements", true), ("general", true)]);
        assert!(view.may.create_channel);
    }
}

// R01
each_engine! {
    async fn the_same_form_sent_twice_makes_one_community(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let command = CreateCommunity {
            id: CommunityId::fresh(), name: "Acme".to_owned(), slug: String::new(), description: String::new(), public: true,
        };
        let first = world.engine.execute(ana.clone(), command.clone()).await.unwrap();
        assert_eq!(world.engine.execute(ana.clone(), command.clone()).await.unwrap(), first);
        assert_eq!(first.slug, "acme");
        assert_eq!(world.engine.execute(bo.clone(), command.clone()).await.unwrap_err(), Error::NotFound);
        let taken = CreateCommunity { id: CommunityId::fresh(), ..command };
        assert!(world.engine.execute(bo, taken).await.unwrap_err().of_field("slug").is_some());
    }
}

// R02, U12
each_engine! {
    async fn who_joins_in_one_tab_may_do_the_same_in_another_that_had_it_open(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let mut tab = world.observer(&bo, &acme, &general).await;
        let may = |tab: &crate::lab::Observer| tab.shell.open.as_ref().unwrap().may.create_channel;
        assert!(!may(&tab), "the premise: whoever only reads makes no channels");
        converges!(world, [tab], bo, JoinCommunity { community: acme.id });
        assert!(may(&tab));
    }
}

// R01, C06
each_engine! {
    async fn joining_and_leaving_is_seen_by_everybody(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        assert_eq!(world.engine.ask(&bo, ListCommunities {}).await.unwrap().others.len(), 1);
        let joined = converges!(world, [seen], bo, JoinCommunity { community: acme.id });
        assert_eq!((joined.members, joined.role), (2, Some(Role::Member)));
        assert_eq!(seen.shell.channel(general.id).unwrap().participants, 2);
        // Again is no second membership.
        converges!(world, [seen], bo, JoinCommunity { community: acme.id });
        let page = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        let members = world.engine.ask(&ana, page.clone()).await.unwrap().members;
        assert_eq!(members.iter().map(|m| m.person.handle.as_str()).collect::<Vec<_>>(), ["ana", "bo"]);
        let begins = ListMembers { begins: "B".to_owned(), ..page };
        assert_eq!(world.engine.ask(&ana, begins).await.unwrap().members.len(), 1);
        converges!(world, [seen], bo, LeaveCommunity { community: acme.id });
        assert_eq!(seen.shell.communities[0].members, 1);
        assert!(world.engine.ask(&bo, ListCommunities {}).await.unwrap().mine.is_empty());
        // Once more changes nothing and tells nobody.
        let topic = Topic::Person(bo.id().unwrap());
        let before = world.engine.ask(&bo, Admit { topic }).await.unwrap().head;
        world.engine.execute(bo.clone(), LeaveCommunity { community: acme.id }).await.unwrap();
        assert_eq!((seen.converges().await, world.engine.ask(&bo, Admit { topic }).await.unwrap().head), (0, before));
        // Of a closed one that one is not in, nothing is said.
        let closed = world.community(&ana, "closed", false).await;
        let nowhere = world.engine.execute(bo, LeaveCommunity { community: closed.id }).await;
        assert_eq!(nowhere, Err(Error::NotFound));
    }
}

// R01
each_engine! {
    async fn an_owner_cannot_leave_a_community_without_one(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let refused = world.engine.execute(ana, LeaveCommunity { community: acme.id }).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict { .. }));
    }
}

// S03, S08
each_engine! {
    async fn a_closed_community_does_not_exist_for_outsiders(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", false).await;
        let there = world.engine.ask(&bo, OpenCommunity { slug: "acme".to_owned() }).await.unwrap_err();
        let nowhere = world.engine.ask(&bo, OpenCommunity { slug: "nowhere".to_owned() }).await.unwrap_err();
        assert_eq!(there, nowhere);
        assert!(world.engine.ask(&bo, ListCommunities {}).await.unwrap().others.is_empty());
        let join = |community| world.engine.execute(bo.clone(), JoinCommunity { community });
        assert_eq!(join(acme.id).await.unwrap_err(), join(CommunityId::fresh()).await.unwrap_err());
    }
}
