use crate::{
    domain::{
        Actor, ChannelId, Error, Surface, Time,
        channel::Activity,
        command::{DeleteMessage, SetRetention},
        query::ReadActivity,
    },
    each_engine,
    lab::World,
    lane::{activity::count_once, retention::remove_once},
};

async fn told(world: &World, actor: &Actor, channel: ChannelId) -> (i64, i64) {
    let Activity { messages, people } = world.engine.ask(actor, ReadActivity { channel }).await.unwrap();
    (messages, people)
}

// C10, Q12
each_engine! {
    async fn messages_and_people_are_counted_once_whoever_counts(world: World) {
        let mut world = world;
        let people = [world.person("ana").await, world.person("bo").await, world.person("cy").await];
        let ana = people[0].clone();
        let acme = world.community(&ana, "acme", true).await;
        for person in &people[1..] {
            world.join(person, &acme).await;
        }
        let (general, plans) = (world.general(&ana, &acme).await, world.channel(&ana, acme.id, "plans", false).await);
        assert_eq!(told(&world, &ana, general.id).await, (0, 0));
        for n in 0..12 {
            world.post(&people[n % 3], general.id, "said").await;
        }
        world.post(&ana, plans.id, "elsewhere").await;
        let store = world.engine.store().clone();
        let counters = futures_util::future::join_all((0..4).map(|_| count_once(&world.engine, &store))).await;
        assert_eq!(counters.into_iter().map(Result::unwrap).sum::<i64>(), 13, "four at once count each message once");
        assert_eq!((told(&world, &ana, general.id).await, told(&world, &ana, plans.id).await), ((12, 3), (1, 1)));
        // It goes on from where it was, also after a restart; a message that is deleted was said.
        world.restart().await;
        let gone = world.post(&ana, general.id, "one more").await.message.id;
        world.engine.execute(ana.clone(), DeleteMessage { message: gone }).await.unwrap();
        assert_eq!(count_once(&world.engine, world.engine.store()).await.unwrap(), 1);
        assert_eq!(count_once(&world.engine, world.engine.store()).await.unwrap(), 0);
        assert_eq!(told(&world, &ana, general.id).await, (13, 3));
        // The window moves with the days.
        world.clock.advance(6 * Time::DAY);
        world.post(&people[1], general.id, "later").await;
        count_once(&world.engine, world.engine.store()).await.unwrap();
        assert_eq!(told(&world, &ana, general.id).await, (14, 3));
        world.clock.advance(Time::DAY);
        assert_eq!(told(&world, &ana, general.id).await, (1, 1));
    }
}

// C10: the same as counting from history.
each_engine! {
    async fn the_figures_are_what_history_says(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let (mut said, mut by_bo) = (0, false);
        for day in 0..5 {
            for n in 0..=day {
                let author = if n == 3 { &bo } else { &ana };
                world.post(author, general.id, "said").await;
                (said, by_bo) = (said + 1, by_bo || n == 3);
                if n % 2 == 0 {
                    count_once(&world.engine, world.engine.store()).await.unwrap();
                }
            }
            world.clock.advance(Time::DAY);
        }
        count_once(&world.engine, world.engine.store()).await.unwrap();
        assert_eq!(told(&world, &ana, general.id).await, (said, 1 + i64::from(by_bo)));
    }
}

// C10, O08, S08
each_engine! {
    async fn figures_go_with_the_messages_and_are_told_to_who_may_read_the_channel(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        world.post(&ana, secret.id, "old").await;
        world.clock.advance(3 * Time::DAY);
        world.post(&ana, secret.id, "new").await;
        count_once(&world.engine, world.engine.store()).await.unwrap();
        assert_eq!(told(&world, &ana, secret.id).await, (2, 1), "the premise");
        let refused = world.engine.ask(&bo, ReadActivity { channel: secret.id }).await;
        assert_eq!(refused, Err(Error::NotFound));
        let visitor = Actor::visitor(Surface::Page);
        assert_eq!(world.engine.ask(&visitor, ReadActivity { channel: secret.id }).await, Err(Error::SignedOut));
        let keep = SetRetention { channel: secret.id, retention_days: Some(2) };
        world.engine.execute(ana.clone(), keep).await.unwrap();
        remove_once(&world.engine, world.engine.store(), world.engine.clock()).await.unwrap();
        assert_eq!(told(&world, &ana, secret.id).await, (1, 1));
    }
}
