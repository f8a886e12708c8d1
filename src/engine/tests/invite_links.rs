use futures_util::future::join_all;

use super::{audited, give};
use crate::{
    converges,
    domain::{
        Actor, CommunityId, Error, Role, Surface, Time,
        command::{BanMember, JoinByLink, MakeInviteLink, RevokeInviteLink},
        query::{ListCommunities, ListInviteLinks, ListMembers, ReadInviteLink},
    },
    each_engine,
    lab::World,
};

const FOR_EVER: Option<i64> = None;

/// Somebody makes a link; answers its code.
async fn link(world: &World, actor: &Actor, community: CommunityId, lasts: Option<i64>, uses: Option<i64>) -> String {
    let make = MakeInviteLink { community, expires_in: lasts, max_uses: uses };
    world.engine.execute(actor.clone(), make).await.unwrap()
}

fn join(code: &str) -> JoinByLink {
    JoinByLink { code: code.to_owned() }
}

/// How often the latest link of a community was used.
async fn uses(world: &World, actor: &Actor, community: CommunityId) -> i64 {
    world.engine.ask(actor, ListInviteLinks { community }).await.unwrap()[0].uses
}

// R03: a private community takes in a second ordinary member.
each_engine! {
    async fn a_link_brings_an_outsider_into_a_closed_community(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", false).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let code = link(&world, &ana, acme.id, FOR_EVER, None).await;
        assert_eq!(code.len(), 64, "256 bits");
        // Who holds it may know where it leads, signed in or not.
        let read = ReadInviteLink { code: code.clone() };
        for actor in [&bo, &Actor::visitor(Surface::Page)] {
            let invited = world.engine.ask(actor, read.clone()).await.unwrap();
            let said = (invited.community.as_str(), invited.members, invited.inviter.as_str(), invited.slug);
            assert_eq!(said, ("ACME", 1, "ANA", None));
        }
        assert_eq!(world.engine.execute(Actor::visitor(Surface::Page), join(&code)).await.unwrap_err(), Error::SignedOut);
        let joined = converges!(world, [seen], bo, join(&format!(" {code}\n")));
        assert_eq!((joined.role, joined.members), (Some(Role::Member), 2));
        world.post(&bo, general.id, "thank you").await;
        // Once more is no second use.
        world.engine.execute(bo.clone(), join(&code)).await.unwrap();
        assert_eq!(uses(&world, &ana, acme.id).await, 1);
        assert_eq!(world.engine.ask(&bo, read).await.unwrap().slug.as_deref(), Some("acme"));
        let entry = audited(&world, acme.id).await.into_iter().find(|entry| entry.action == "community.join_by_link");
        let entry = entry.unwrap();
        assert_eq!((entry.outcome.as_str(), entry.actor), ("done", bo.id().map(Into::into)));
        assert!(!entry.changes.to_string().contains(&code));
    }
}

// R03, S08
each_engine! {
    async fn a_link_that_works_no_more_is_answered_like_one_that_never_was(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let banned = world.person("mallory").await;
        let mallory = BanMember { community: acme.id, person: banned.id().unwrap(), reason: String::new() };
        world.engine.execute(ana.clone(), mallory).await.unwrap();
        let hour = link(&world, &ana, acme.id, Some(3_600), None).await;
        let single = link(&world, &ana, acme.id, FOR_EVER, Some(1)).await;
        let revoked = link(&world, &ana, acme.id, FOR_EVER, None).await;
        let open = link(&world, &ana, acme.id, FOR_EVER, None).await;
        let (bo, cy) = (world.person("bo").await, world.person("cy").await);
        world.engine.execute(bo.clone(), join(&single)).await.unwrap();
        let links = world.engine.ask(&ana, ListInviteLinks { community: acme.id }).await.unwrap();
        assert_eq!(links.len(), 4);
        let gone = RevokeInviteLink { community: acme.id, link: links[1].id };
        for _ in 0..2 {
            world.engine.execute(ana.clone(), gone).await.unwrap();
        }
        world.clock.advance(3_600 * Time::SECOND);
        let never = "0".repeat(64);
        let mut answers = Vec::new();
        for (actor, code) in [(&cy, &hour), (&cy, &single), (&cy, &revoked), (&cy, &never), (&banned, &open)] {
            let read = world.engine.ask(actor, ReadInviteLink { code: code.clone() }).await.unwrap_err();
            answers.push((read, world.engine.execute(actor.clone(), join(code)).await.unwrap_err()));
        }
        assert!(answers.iter().all(|answer| *answer == (Error::NotFound, Error::NotFound)), "{answers:?}");
        let works: Vec<bool> = world.engine.ask(&ana, ListInviteLinks { community: acme.id }).await.unwrap().iter()
            .map(|link| link.works).collect();
        assert_eq!(works, [true, false, false], "the latest first");
        // Another community's admin revokes nothing here.
        let elsewhere = world.community(&bo, "elsewhere", true).await;
        let foreign = RevokeInviteLink { community: elsewhere.id, link: links[0].id };
        world.engine.execute(bo, foreign).await.unwrap();
        world.engine.execute(cy, join(&open)).await.unwrap();
    }
}

// R03
each_engine! {
    async fn a_link_brings_in_as_many_as_it_says_however_many_come_at_once(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", false).await;
        let beside = world.beside(|settings| settings, |_| {}).await;
        let code = link(&world, &ana, acme.id, FOR_EVER, Some(5)).await;
        let mut comers = Vec::new();
        for n in 0..12 {
            comers.push(world.person(&format!("comer{n}")).await);
        }
        // Each asks twice, at two nodes.
        let all = comers.iter().flat_map(|comer| {
            [&world.engine, &beside].map(|engine| engine.execute(comer.clone(), join(&code)))
        });
        let answers = join_all(all).await;
        assert!(answers.iter().all(|answer| answer.is_ok() || *answer == Err(Error::NotFound)), "{answers:?}");
        let mut members = 0;
        for comer in &comers {
            members += world.engine.ask(comer, ListCommunities {}).await.unwrap().mine.len();
        }
        assert_eq!((members, uses(&world, &ana, acme.id).await), (5, 5));
        let page = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        assert_eq!(world.engine.ask(&ana, page).await.unwrap().members.len(), 6);
        beside.close().await;
    }
}

// R03
each_engine! {
    async fn links_are_made_and_seen_by_admins_alone_and_a_bad_one_names_its_field(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        give(&world, &acme, &bo, Role::Moderator).await;
        let make = MakeInviteLink { community: acme.id, expires_in: None, max_uses: None };
        let refused = world.engine.execute(bo.clone(), make).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        let listed = world.engine.ask(&bo, ListInviteLinks { community: acme.id }).await.unwrap_err();
        assert!(matches!(listed, Error::Forbidden { .. }), "{listed}");
        give(&world, &acme, &bo, Role::Admin).await;
        link(&world, &bo, acme.id, Some(60), Some(1)).await;
        for (field, wrong) in [
            ("expires_in", MakeInviteLink { expires_in: Some(59), ..make }),
            ("expires_in", MakeInviteLink { expires_in: Some(i64::MAX), ..make }),
            ("max_uses", MakeInviteLink { max_uses: Some(0), ..make }),
            ("max_uses", MakeInviteLink { max_uses: Some(10_001), ..make }),
        ] {
            let refused = world.engine.execute(ana.clone(), wrong).await.unwrap_err();
            assert!(refused.of_field(field).is_some(), "{refused}");
        }
        for _ in 1..crate::domain::invite_link::LINKS_PER_COMMUNITY {
            link(&world, &ana, acme.id, FOR_EVER, None).await;
        }
        let full = world.engine.execute(ana.clone(), make).await.unwrap_err();
        assert!(matches!(full, Error::Conflict { .. }), "{full}");
    }
}
