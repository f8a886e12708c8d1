use crate::{
    converges,
    domain::{
        Actor, Error, Identity, Surface, Time,
        account::{SESSION_LIFE, SessionToken},
        command::{ChangeProfile, RevokeSession, SignIn, SignOut, SignUp},
        query::{ListSessions, ReadDoor, ReadMe},
        text::Password,
    },
    each_engine,
    lab::{PASSWORD, World},
};

fn sign_in(handle: &str, password: &str) -> SignIn {
    SignIn { handle: handle.to_owned(), password: Password::new(password) }
}

// S09
each_engine! {
    async fn the_first_to_sign_up_owns_the_server(world: World) {
        let visitor = Actor::visitor(Surface::Page);
        assert!(world.engine.ask(&visitor, ReadDoor {}).await.unwrap().vacant);
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        assert!(!world.engine.ask(&visitor, ReadDoor {}).await.unwrap().vacant);
        let owner = |actor: &Actor| matches!(actor.identity, Identity::Person { server_owner: true, .. });
        assert!(owner(&ana) && !owner(&bo));
    }
}

// S09
each_engine! {
    async fn a_taken_name_a_short_password_and_an_empty_name_are_named(world: World) {
        world.person("ana").await;
        assert_eq!(world.sign_up("ANA").await.unwrap_err().of_field("handle"), Some("is taken; choose another"));
        let bad = SignUp {
            name: " ".to_owned(), handle: "a b".to_owned(), password: Password::new("short"), claim: None,
        };
        let error = world.engine.execute(Actor::visitor(Surface::Page), bad).await.unwrap_err();
        for field in ["name", "handle", "password"] {
            assert!(error.of_field(field).is_some(), "{field}: {error}");
        }
    }
}

// S09
each_engine! {
    async fn a_wrong_name_and_a_wrong_password_have_one_answer(world: World) {
        world.person("ana").await;
        let visitor = Actor::visitor(Surface::Page);
        let wrong = world.engine.execute(visitor.clone(), sign_in("ana", "wrong password")).await.unwrap_err();
        let nobody = world.engine.execute(visitor.clone(), sign_in("nobody", PASSWORD)).await.unwrap_err();
        assert_eq!(wrong, nobody);
        let right = world.engine.execute(visitor, sign_in("@Ana", PASSWORD)).await.unwrap();
        let ana = world.holder(&right).await;
        assert_eq!(ana.signed_in().unwrap().handle, "ana");
    }
}

// S09
each_engine! {
    async fn signing_out_ends_this_session_and_no_other(world: World) {
        let one = world.sign_up("ana").await.unwrap();
        let two = world.engine.execute(Actor::visitor(Surface::Page), sign_in("ana", PASSWORD)).await.unwrap();
        world.engine.execute(world.holder(&one).await, SignOut {}).await.unwrap();
        assert_eq!(world.engine.identify(&one.token).await.unwrap(), None);
        assert!(world.engine.identify(&two.token).await.unwrap().is_some());
    }
}

// S09
each_engine! {
    async fn a_person_revokes_their_own_sessions_and_nobody_elses(world: World) {
        let one = world.sign_up("ana").await.unwrap();
        let two = world.engine.execute(Actor::visitor(Surface::Page), sign_in("ana", PASSWORD)).await.unwrap();
        let (ana, bo) = (world.holder(&one).await, world.person("bo").await);
        let sessions = world.engine.ask(&ana, ListSessions {}).await.unwrap();
        assert_eq!((sessions.len(), sessions.iter().filter(|session| session.current).count()), (2, 1));
        let other = sessions.iter().find(|session| !session.current).unwrap().id;
        let refused = world.engine.execute(bo, RevokeSession { session: other }).await.unwrap_err();
        assert_eq!(refused, Error::NotFound);
        world.engine.execute(ana, RevokeSession { session: other }).await.unwrap();
        assert_eq!(world.engine.identify(&two.token).await.unwrap(), None);
    }
}

// S09
each_engine! {
    async fn a_session_lives_while_it_is_used(world: World) {
        let ana = world.sign_up("ana").await.unwrap();
        world.clock.advance(SESSION_LIFE - Time::DAY);
        assert!(world.engine.identify(&ana.token).await.unwrap().is_some());
        world.clock.advance(SESSION_LIFE - Time::DAY);
        assert!(world.engine.identify(&ana.token).await.unwrap().is_some(), "use put off its end");
        world.clock.advance(SESSION_LIFE + Time::DAY);
        assert_eq!(world.engine.identify(&ana.token).await.unwrap(), None);
        assert_eq!(world.engine.identify(&SessionToken::new("nonsense")).await.unwrap(), None);
    }
}

// S09, U05
each_engine! {
    async fn a_person_changes_the_name_others_see(world: World) {
        let signed_in = world.sign_up("ana").await.unwrap();
        let (ana, bo) = (world.holder(&signed_in).await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        world.post(&ana, general.id, "hello").await;
        let mut mine = world.observer(&ana, &acme, &general).await;
        let mut others = world.observer(&bo, &acme, &general).await;
        converges!(world, [others], ana, ChangeProfile { name: "Ana Maria".to_owned() });
        assert_eq!(others.timeline.messages().next().unwrap().author.name, "Ana Maria");
        mine.catch_up().await;
        assert_eq!(mine.shell.me.name, "Ana Maria");
        let me = world.engine.ask(&world.holder(&signed_in).await, ReadMe {}).await.unwrap();
        assert_eq!(me.person.name, "Ana Maria");
    }
}
