use futures_util::future::join_all;

use super::{audited, give, promote};
use crate::{
    converges,
    domain::{
        Actor, CommunityId, Error, Event, PersonId, Role, Topic,
        command::{ChangeRole, CreateChannel, HandOver, LeaveCommunity},
        query::{CatchUp, ListMembers, Missed, OpenCommunity, ReadMember},
    },
    each_engine,
    lab::World,
};

fn change(community: CommunityId, person: &Actor, role: Role) -> ChangeRole {
    ChangeRole { community, person: person.id().unwrap(), role }
}

async fn role(world: &World, reader: &Actor, community: CommunityId, person: &Actor) -> Role {
    let asked = ReadMember { community, person: person.id().unwrap() };
    world.engine.ask(reader, asked).await.unwrap().role.unwrap()
}

// R02
each_engine! {
    async fn a_role_is_given_seen_by_everybody_and_holds_at_once(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        let may = |observer: &crate::lab::Observer| observer.shell.open.as_ref().unwrap().may;
        assert!(!may(&of_bo).manage_webhooks);
        converges!(world, [of_ana, of_bo], ana, change(acme.id, &bo, Role::Admin));
        assert_eq!(role(&world, &ana, acme.id, &bo).await, Role::Admin);
        assert_eq!(of_bo.shell.communities[0].role, Some(Role::Admin));
        assert!(may(&of_bo).manage_webhooks, "the event says what may be done");
        let entry = &audited(&world, bo.id().unwrap()).await[0];
        assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("role.manage", "done"));
        assert_eq!((&entry.changes["before"], &entry.changes["after"]), (&"member".into(), &"admin".into()));
        // The same again tells nobody anything.
        world.engine.execute(ana.clone(), change(acme.id, &bo, Role::Admin)).await.unwrap();
        assert_eq!((of_ana.catch_up().await, of_bo.catch_up().await), (0, 0));
        converges!(world, [of_ana, of_bo], ana, change(acme.id, &bo, Role::Guest));
        assert!(!may(&of_bo).create_channel && !may(&of_bo).manage_webhooks);
        let make = CreateChannel {
            id: crate::domain::ChannelId::fresh(), community: acme.id, name: "plans".to_owned(),
            topic: String::new(), private: false,
        };
        let refused = world.engine.execute(bo.clone(), make).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
    }
}

// R02
each_engine! {
    async fn nobody_raises_anybody_to_their_own_height_nor_touches_who_stands_there(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let mut others = Vec::new();
        for handle in ["bo", "cy", "di", "ed"] {
            let person = world.person(handle).await;
            world.join(&person, &acme).await;
            others.push(person);
        }
        let [bo, cy, di, ed] = &others[..] else { unreachable!() };
        give(&world, &acme, bo, Role::Admin).await;
        give(&world, &acme, cy, Role::Admin).await;
        give(&world, &acme, di, Role::Moderator).await;
        let refused = [
            (bo, ed, Role::Admin),
            (bo, cy, Role::Member),
            (bo, bo, Role::Member),
            (bo, &ana, Role::Member),
            (di, ed, Role::Guest),
            (ed, ed, Role::Admin),
            (&ana, &ana, Role::Admin),
        ];
        for (actor, person, to) in refused {
            let before = role(&world, &ana, acme.id, person).await;
            let refusal = world.engine.execute(actor.clone(), change(acme.id, person, to)).await.unwrap_err();
            assert!(matches!(refusal, Error::Forbidden { .. }), "{refusal}");
            assert_eq!(role(&world, &ana, acme.id, person).await, before);
        }
        for wrong in [Role::Owner, Role::Bot] {
            let refusal = world.engine.execute(ana.clone(), change(acme.id, ed, wrong)).await.unwrap_err();
            assert!(refusal.of_field("role").is_some(), "{refusal}");
        }
        let nobody = ChangeRole { community: acme.id, person: PersonId::fresh(), role: Role::Guest };
        assert_eq!(world.engine.execute(ana.clone(), nobody).await.unwrap_err(), Error::NotFound);
        // What they may do all the same.
        world.engine.execute(bo.clone(), change(acme.id, ed, Role::Moderator)).await.unwrap();
        world.engine.execute(bo.clone(), change(acme.id, di, Role::Guest)).await.unwrap();
        let page = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        let manageable = world.engine.ask(bo, page.clone()).await.unwrap().manageable;
        assert_eq!(manageable, [di, ed].iter().map(|person| person.id().unwrap()).collect());
        let of_ed = world.engine.ask(ed, page.clone()).await.unwrap().manageable;
        assert_eq!(of_ed, di.id().into_iter().collect(), "a moderator acts on guests");
        assert!(world.engine.ask(di, page).await.unwrap().manageable.is_empty());
        let asked = ReadMember { community: acme.id, person: ed.id().unwrap() };
        let view = world.engine.ask(bo, asked).await.unwrap();
        assert_eq!(view.may.roles, [Role::Guest, Role::Member, Role::Moderator]);
        assert!(!view.may.hand_over && world.engine.ask(&ana, asked).await.unwrap().may.hand_over);
    }
}

// R01, R02
each_engine! {
    async fn a_community_is_handed_over_and_always_has_one_owner(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        let hand_over = |person: &Actor| HandOver { community: acme.id, person: person.id().unwrap() };
        promote(&world, &acme, &bo).await;
        let early = world.engine.execute(bo.clone(), hand_over(&bo)).await.unwrap_err();
        assert!(matches!(early, Error::Forbidden { .. }), "{early}");
        converges!(world, [of_ana, of_bo], ana, hand_over(&bo));
        let roles = (role(&world, &ana, acme.id, &ana).await, role(&world, &ana, acme.id, &bo).await);
        assert_eq!(roles, (Role::Admin, Role::Owner));
        let stays = world.engine.execute(bo.clone(), LeaveCommunity { community: acme.id }).await.unwrap_err();
        assert!(matches!(stays, Error::Conflict { .. }), "{stays}");
        assert!(world.engine.execute(ana.clone(), hand_over(&ana)).await.is_err());
        world.engine.execute(ana.clone(), LeaveCommunity { community: acme.id }).await.unwrap();
        let gone = world.engine.execute(bo, hand_over(&ana)).await.unwrap_err();
        assert_eq!(gone, Error::NotFound, "who left cannot be given it");
    }
}

// R02
each_engine! {
    async fn of_two_who_are_handed_a_community_at_once_one_owns_it(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let beside = world.beside(|settings| settings, |_| {}).await;
        let mut others = Vec::new();
        for handle in ["bo", "cy"] {
            let person = world.person(handle).await;
            world.join(&person, &acme).await;
            others.push(person);
        }
        let hand_over = |person: &Actor| HandOver { community: acme.id, person: person.id().unwrap() };
        let both = join_all([
            world.engine.execute(ana.clone(), hand_over(&others[0])),
            beside.execute(ana.clone(), hand_over(&others[1])),
        ]);
        let answers = both.await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        let page = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        let members = world.engine.ask(&ana, page).await.unwrap().members;
        assert_eq!(members.iter().filter(|member| member.role == Role::Owner).count(), 1);
        beside.close().await;
    }
}

// R02, U05
each_engine! {
    async fn who_was_away_hears_what_they_are_now(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", false).await;
        let missed = CatchUp { topic: Topic::Person(bo.id().unwrap()), cursor: 0 };
        assert_eq!(world.engine.ask(&bo, missed.clone()).await.unwrap(), Missed::Events(Vec::new()), "the premise");
        let open = world.community(&ana, "open", true).await;
        world.join(&bo, &open).await;
        promote(&world, &open, &bo).await;
        let Missed::Events(told) = world.engine.ask(&bo, missed).await.unwrap() else { panic!("nothing was stale") };
        let now = told.iter().rev().find_map(|envelope| match &envelope.event {
            Event::StandingChanged { community, may, .. } => Some((community.role, may.manage_webhooks)),
            _ => None,
        });
        assert_eq!(now, Some((Some(Role::Admin), true)));
        // Of a community that is not theirs, nobody reads who is in it.
        let asked = ReadMember { community: acme.id, person: ana.id().unwrap() };
        assert_eq!(world.engine.ask(&bo, asked).await.unwrap_err(), Error::NotFound);
        assert!(world.engine.ask(&bo, OpenCommunity { slug: "acme".to_owned() }).await.is_err());
    }
}
