use super::{super::audited, latest, reply, thread};
use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, Error, EventId, MessageId, PersonId, Seq, Surface, Topic,
        command::{EditMessage, FollowThread, LeaveChannel, MarkThreadNoticed, TellFollowers},
        notification::NotificationKind,
        query::{ListNotifications, ReadFollowers, Span},
    },
    each_engine,
    lab::World,
    lane::{mentions::Mentions, replies::Replies},
};

/// What the lanes do with the event at a place of a channel's topic, in an order of their own.
async fn follow(world: &World, channel: ChannelId, seq: Seq) {
    let topic = Topic::Channel(channel);
    Replies::new(world.engine.clone()).follow(topic, seq).await.expect("the event is followed");
    Mentions::new(world.engine.clone()).follow(topic, seq).await.expect("the event is followed");
}

/// Somebody replies, and the lanes follow.
async fn say(world: &World, author: &Actor, channel: ChannelId, body: &str, to: MessageId) -> MessageId {
    let posted = world.engine.execute(author.clone(), reply(channel, body, to)).await.unwrap();
    follow(world, channel, posted.seq).await;
    // The lane may do it again: nobody is told twice (Q12).
    follow(world, channel, posted.seq).await;
    posted.message.id
}

async fn told(world: &World, actor: &Actor) -> Vec<(NotificationKind, MessageId)> {
    let inbox = world.engine.ask(actor, ListNotifications { before: None }).await.unwrap();
    inbox.notifications.into_iter().rev().filter_map(|one| Some((one.kind, one.told?.message?))).collect()
}

// E02, M06, C13, law 5
each_engine! {
    async fn who_wrote_replied_or_was_named_hears_of_replies_by_others_once(world: World) {
        use NotificationKind::{Mention, Reply};
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let (cy, dee) = (world.person("cy").await, world.person("dee").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy, &dee] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "lunch?").await.message.id;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let first = say(&world, &bo, general.id, "yes", root).await;
        of_ana.converges().await;
        assert_eq!(of_ana.shell.notifications, 1);
        let second = say(&world, &ana, general.id, "with @cy", first).await;
        let third = say(&world, &bo, general.id, "@ana good", root).await;
        assert_eq!(told(&world, &ana).await, [(Reply, first), (Mention, third)], "never oneself, and a name is told once");
        assert_eq!(told(&world, &bo).await, [(Reply, second)]);
        assert_eq!(told(&world, &cy).await, [(Mention, second), (Reply, third)], "whom it names follows");
        assert!(told(&world, &dee).await.is_empty());
        // A name put in later is no second news of the same reply.
        let edit = EditMessage { message: second, body: "with @cy and @bo".to_owned(), version: None, reason: None };
        world.engine.execute(ana.clone(), edit).await.unwrap();
        let head = world.engine.ask(&ana, crate::domain::query::Admit { topic: Topic::Channel(general.id) }).await.unwrap().head;
        follow(&world, general.id, head).await;
        assert_eq!(told(&world, &bo).await, [(Reply, second)]);
        let inbox = world.engine.ask(&cy, ListNotifications { before: None }).await.unwrap();
        let entry = inbox.notifications[0].told.clone().unwrap();
        assert_eq!((entry.actor.handle.as_str(), entry.excerpt.as_deref()), ("bo", Some("@ana good")));
        assert!(entry.permalink().ends_with(&format!("?at={third}")));

        // Opening the thread reads them all, whatever told them.
        let view = thread(&world, &cy, root, Span::Latest).await;
        assert_eq!((view.following, view.unread, inbox.unread), (true, 2, 2));
        let mut of_cy = world.observer(&cy, &acme, &general).await;
        assert_eq!(converges!(world, [of_cy], cy, MarkThreadNoticed { message: root }), 0);
        assert_eq!(converges!(world, [of_cy], cy, MarkThreadNoticed { message: root }), 0);
        assert_eq!((of_cy.catch_up().await, of_cy.shell.notifications), (0, 0));
        assert_eq!(thread(&world, &cy, root, Span::Latest).await.unread, 0);
        assert_eq!(thread(&world, &ana, root, Span::Latest).await.unread, 2, "nobody reads for somebody else");
    }
}

// E02
each_engine! {
    async fn who_says_so_hears_of_a_thread_or_no_longer(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "for @cy").await.message.id;
        let set = |following| FollowThread { message: root, following };
        assert!(!thread(&world, &bo, root, Span::Latest).await.following);
        world.engine.execute(bo.clone(), set(true)).await.unwrap();
        world.engine.execute(bo.clone(), set(true)).await.unwrap();
        assert!(thread(&world, &bo, root, Span::Latest).await.following);
        assert!(thread(&world, &cy, root, Span::Latest).await.following, "whom the first message names");
        assert!(thread(&world, &ana, root, Span::Latest).await.following, "who wrote it");
        for person in [&ana, &cy] {
            world.engine.execute(person.clone(), set(false)).await.unwrap();
        }
        // Before anybody replied there is no thread to be seen.
        assert!(latest(&world, &ana, general.id).await[0].thread.is_none());
        let first = say(&world, &cy, general.id, "hello @ana", root).await;
        assert_eq!(told(&world, &bo).await, [(NotificationKind::Reply, first)]);
        assert_eq!(told(&world, &ana).await, [(NotificationKind::Mention, first)]);
        let second = say(&world, &bo, general.id, "hello", root).await;
        assert_eq!(told(&world, &cy).await.last(), Some(&(NotificationKind::Reply, second)), "who replies follows again");
        assert_eq!(told(&world, &ana).await.len(), 1, "who no longer wants to is named, and not told of the rest");
        let entry = &audited(&world, root).await[0];
        assert_eq!((entry.action.as_str(), &entry.changes["following"]), ("thread.follow", &false.into()));
    }
}

// M06, S08
each_engine! {
    async fn nobody_is_told_of_replies_they_cannot_see(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        world.add(&ana, secret.id, &bo).await;
        let root = world.post(&bo, secret.id, "root").await.message.id;
        say(&world, &ana, secret.id, "seen", root).await;
        world.engine.execute(bo.clone(), LeaveChannel { channel: secret.id }).await.unwrap();
        say(&world, &ana, secret.id, "unseen", root).await;
        let inbox = world.engine.ask(&bo, ListNotifications { before: None }).await.unwrap();
        assert_eq!((inbox.notifications.len(), &inbox.notifications[0].told), (1, &None));
    }
}

// S05, L01
each_engine! {
    async fn only_the_server_tells_followers(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "root").await.message.id;
        let posted = world.engine.execute(bo.clone(), reply(general.id, "the plan", root)).await.unwrap();
        let message = posted.message.id;
        let forged = TellFollowers { event: EventId::fresh(), message, people: vec![ana.id().unwrap()] };
        assert!(matches!(world.engine.execute(bo.clone(), forged).await, Err(Error::Forbidden { .. })));
        let asked = ReadFollowers { topic: Topic::Channel(general.id), seq: posted.seq };
        assert!(matches!(world.engine.ask(&bo, asked).await, Err(Error::Forbidden { .. })));
        let people: Vec<PersonId> = (0..51).map(|_| PersonId::fresh()).collect();
        let many = TellFollowers { event: EventId::fresh(), message, people };
        let refused = world.engine.execute(Actor::system(Surface::Worker), many).await.unwrap_err();
        assert!(refused.of_field("people").is_some());
        follow(&world, general.id, posted.seq).await;
        let entries = audited(&world, message).await;
        let telling = entries.iter().find(|entry| entry.action == Action::Notify.as_str() && entry.outcome == "done");
        assert_eq!(telling.unwrap().changes["told"], 1);
        assert!(!telling.unwrap().changes.to_string().contains("plan"), "an audit entry holds no text");
    }
}
