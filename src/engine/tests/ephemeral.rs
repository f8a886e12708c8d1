use super::audited;
use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, Error, Event, Lane, Message, MessageId, Seq, Surface, Time, Topic,
        command::{EditMessage, ExpireMessage, PostMessage, Posted},
        query::{CatchUp, FindMessages, ListMessages, Missed, ReadLanes, ReadMessageSource, Span},
    },
    each_engine,
    engine::Engine,
    lab::World,
};

fn brief(channel: ChannelId, body: &str, seconds: i64) -> PostMessage {
    let id = MessageId::fresh();
    PostMessage { id, channel, body: body.to_owned(), reply_to: None, expires_in: Some(seconds) }
}

fn server() -> Actor {
    Actor::system(Surface::Worker)
}

/// How often a message was deleted, as far as clients hear, after a post.
async fn deletions(engine: &Engine, actor: &Actor, posted: &Posted) -> usize {
    let missed = engine.ask(actor, CatchUp { topic: Topic::Channel(posted.message.channel), cursor: posted.seq }).await;
    let Missed::Events(events) = missed.unwrap() else { panic!("stale") };
    let of = |event: &Event| matches!(event, Event::MessageDeleted { message } if message.id == posted.message.id);
    events.iter().filter(|envelope| of(&envelope.event)).count()
}

/// Waits until the general lane of `engine` has nothing more that is due.
async fn until_done(engine: &Engine, left: usize) {
    loop {
        let lanes = engine.ask(&server(), ReadLanes {}).await.unwrap();
        let general = lanes.into_iter().find(|status| status.lane == Lane::General).unwrap();
        if general.pending + general.planned + general.processing + general.retrying == i64::try_from(left).unwrap() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

// M26, Q12, Q16
each_engine! {
    async fn an_ephemeral_message_vanishes_on_time_once_whoever_is_there_to_do_it(world: World) {
        let mut world = world;
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&bo, &acme, &general).await;
        // The long one first: it does not hold up the short one.
        let long = converges!(world, [seen], ana, brief(general.id, "for a day", 86_400));
        let short = converges!(world, [seen], ana, brief(general.id, "for a secret minute", 60));
        let until = short.message.created_at.plus(60 * Time::SECOND);
        assert_eq!(short.message.expires_at, Some(until));
        assert_eq!(seen.timeline.row(short.message.id).unwrap().message().unwrap().expires_at, Some(until));
        world.restart().await;
        let (one, two) = (world.beside(|it| it, |_| {}).await, world.beside(|it| it, |_| {}).await);
        world.clock.advance(50 * Time::SECOND);
        assert_eq!(deletions(&one, &bo, &short).await, 0, "its time has not come");
        world.clock.advance(11 * Time::SECOND);
        until_done(&one, 1).await;
        assert_eq!((deletions(&one, &bo, &short).await, deletions(&one, &bo, &long).await), (1, 0));
        let page = world.engine.ask(&bo, ListMessages { channel: general.id, span: Span::Latest }).await.unwrap();
        assert_eq!(page.messages.iter().map(Message::is_deleted).collect::<Vec<_>>(), [false, true]);
        assert!(page.messages[1].html.is_empty());
        let found = FindMessages { channel: general.id, words: "secret".to_owned() };
        assert!(world.engine.ask(&bo, found).await.unwrap().is_empty());
        assert!(world.engine.ask(&ana, ReadMessageSource { message: short.message.id }).await.is_err());
        world.clock.advance(Time::DAY);
        until_done(&two, 0).await;
        assert_eq!(deletions(&two, &bo, &long).await, 1);
        one.close().await;
        two.close().await;
        let audit = audited(&world, short.message.id).await;
        let expired = audit.iter().find(|entry| entry.action == Action::ExpireMessage.as_str()).unwrap();
        assert_eq!((expired.outcome.as_str(), expired.changes["channel"].as_str()), ("done", Some(&*general.id.to_string())));
        assert!(!expired.changes.to_string().contains("secret"), "an audit entry holds no text");
    }
}

// M26, law 5
each_engine! {
    async fn clients_follow_what_vanishes(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let message = converges!(world, [seen], ana, brief(general.id, "going", 10)).message.id;
        let early = world.engine.execute(server(), ExpireMessage { message }).await;
        assert!(matches!(early, Err(Error::Conflict { .. })), "{early:?}");
        // Editing it does not make it stay.
        converges!(world, [seen], ana, EditMessage { message, body: "still going".to_owned(), version: None, reason: None });
        world.clock.advance(10 * Time::SECOND);
        converges!(world, [seen], server(), ExpireMessage { message });
        assert!(seen.timeline.row(message).unwrap().message().unwrap().is_deleted());
        converges!(world, [seen], server(), ExpireMessage { message });
        assert_eq!(seen.catch_up().await, 0, "twice is once");
        // What is to stay, stays.
        let kept = world.post(&ana, general.id, "kept").await.message.id;
        assert!(world.engine.execute(server(), ExpireMessage { message: kept }).await.is_err());
    }
}

// M26, S05
each_engine! {
    async fn nobody_but_the_server_makes_a_message_vanish(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let posted = world.engine.execute(ana.clone(), brief(general.id, "going", 10)).await.unwrap();
        world.clock.advance(20 * Time::SECOND);
        let message = posted.message.id;
        let forged = world.engine.execute(ana.clone(), ExpireMessage { message }).await;
        assert!(matches!(forged, Err(Error::Forbidden { .. })), "{forged:?}");
        assert_eq!(deletions(&world.engine, &ana, &posted).await, 0);
    }
}

// M26, M03, M27
each_engine! {
    async fn the_time_a_message_stays_is_bounded_and_a_repeat_changes_nothing(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        for seconds in [-1, 0, 9, 604_801, i64::MAX] {
            let refused = world.engine.execute(ana.clone(), brief(general.id, "x", seconds)).await.unwrap_err();
            assert_eq!(refused.of_field("expires_in"), Some("must be 10 seconds to 7 days"), "{seconds}");
        }
        for seconds in [10, 604_800] {
            world.engine.execute(ana.clone(), brief(general.id, "x", seconds)).await.unwrap();
        }
        let post = brief(general.id, "once", 60);
        let first = world.engine.execute(ana.clone(), post.clone()).await.unwrap();
        let longer = PostMessage { expires_in: Some(86_400), ..post };
        assert_eq!(world.engine.execute(ana.clone(), longer).await.unwrap(), first);
        let seq: Seq = first.seq;
        assert_eq!(world.post(&ana, general.id, "next").await.seq, seq + 1);
    }
}
