use super::audited;
use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, Error, EventId, MessageId, PersonId, Seq, Surface, Topic,
        command::{DeleteMessage, EditMessage, LeaveChannel, Notify, PostMessage},
        query::{CatchUp, FindNameable, Inbox, ListNotifications, Missed},
    },
    each_engine,
    lab::World,
    lane::mentions::Mentions,
};

/// What the lane does with the event at a place of a channel's topic.
pub(super) async fn follow(world: &World, channel: ChannelId, seq: Seq) {
    Mentions::new(world.engine.clone()).follow(Topic::Channel(channel), seq).await.expect("the event is followed");
}

pub(super) async fn inbox(world: &World, actor: &Actor) -> Inbox {
    world.engine.ask(actor, ListNotifications { before: None }).await.expect("one may read one's own inbox")
}

async fn head(world: &World, actor: &Actor, channel: ChannelId) -> Seq {
    let admit = crate::domain::query::Admit { topic: Topic::Channel(channel) };
    world.engine.ask(actor, admit).await.unwrap().head
}

async fn told(world: &World, actor: &Actor) -> Vec<MessageId> {
    inbox(world, actor).await.notifications.into_iter().filter_map(|one| one.told?.message).collect()
}

// M06
each_engine! {
    async fn whom_a_message_can_name_is_found_by_the_beginning_of_a_name(world: World) {
        let (ana, bo, ann) = (world.person("ana").await, world.person("bo").await, world.person("ann").await);
        let odd = world.person("an_n").await;
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &odd] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        let private = world.channel(&ana, acme.id, "plans", true).await;
        let find = async |channel, letters: &str| {
            let letters = letters.to_owned();
            let found = world.engine.ask(&ana, FindNameable { channel, letters }).await?;
            Ok::<_, Error>(found.into_iter().map(|one| one.handle).collect::<Vec<_>>())
        };
        assert_eq!(find(general.id, "AN").await.unwrap(), ["an_n", "ana"], "no stranger, and never the system");
        assert_eq!(find(general.id, "an_").await.unwrap(), ["an_n"], "a sign means itself");
        assert_eq!(find(general.id, "%").await.unwrap(), Vec::<String>::new());
        assert_eq!(find(general.id, "").await.unwrap(), ["an_n", "ana", "bo"]);
        assert_eq!(find(private.id, "").await.unwrap(), ["ana"], "who sees it, and nobody else");
        assert!(find(general.id, &"a".repeat(41)).await.unwrap_err().of_field("letters").is_some());
        let stranger = FindNameable { channel: private.id, letters: String::new() };
        assert_eq!(world.engine.ask(&ann, stranger).await.unwrap_err(), Error::NotFound);
    }
}

// M06, M09
each_engine! {
    async fn whoever_a_message_names_is_told_once_and_live(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        let (mut hers, mut theirs) =
            (world.observer(&bo, &acme, &general).await, world.observer(&cy, &acme, &general).await);
        let posted = world.post(&ana, general.id, "hello @Bo, and `@cy` in code, and @ana myself").await;
        let html = &posted.message.html;
        assert!(html.contains("<span class=\"mention\">@Bo</span>"), "{html}");
        assert!(html.contains("<code>@cy</code>"), "{html}");
        follow(&world, general.id, posted.seq).await;
        // The lane may do it again: nobody is told twice (Q12).
        follow(&world, general.id, posted.seq).await;
        hers.converges().await;
        theirs.converges().await;
        assert_eq!((hers.shell.notifications, theirs.shell.notifications), (1, 0));
        assert_eq!(told(&world, &bo).await, [posted.message.id]);
        assert!(told(&world, &ana).await.is_empty(), "nobody tells themselves");
        let entry = inbox(&world, &bo).await.notifications.remove(0).told.unwrap();
        assert_eq!(entry.actor.handle, "ana");
        assert_eq!(entry.excerpt.as_deref(), Some("hello @Bo, and @cy in code, and @ana myself"));
        assert_eq!(entry.permalink(), format!("/c/acme/general?at={}", posted.message.id));
    }
}

// M06, S08
each_engine! {
    async fn nobody_is_told_of_what_they_cannot_see(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let general = world.general(&ana, &acme).await;
        // Bo is a member outside of the channel, Cy is not even a member.
        let inside = world.post(&ana, secret.id, "@bo @cy @nobody").await;
        let outside = world.post(&ana, general.id, "@cy").await;
        for posted in [&inside, &outside] {
            assert!(!posted.message.html.contains("mention"), "{}", posted.message.html);
            follow(&world, posted.message.channel, posted.seq).await;
        }
        assert!(told(&world, &bo).await.is_empty() && told(&world, &cy).await.is_empty());
        // The premise: once in, Bo is named and told.
        world.add(&ana, secret.id, &bo).await;
        let now = world.post(&ana, secret.id, "@bo").await;
        follow(&world, secret.id, now.seq).await;
        assert_eq!(told(&world, &bo).await, [now.message.id]);
    }
}

// M06, S08
each_engine! {
    async fn who_leaves_before_being_told_is_not_told_and_who_leaves_after_learns_nothing_new(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        world.add(&ana, secret.id, &bo).await;
        let first = world.post(&ana, secret.id, "@bo one").await;
        follow(&world, secret.id, first.seq).await;
        let second = world.post(&ana, secret.id, "@bo two").await;
        world.engine.execute(bo.clone(), LeaveChannel { channel: secret.id }).await.unwrap();
        follow(&world, secret.id, second.seq).await;
        let page = inbox(&world, &bo).await;
        assert_eq!((page.notifications.len(), page.unread), (1, 1));
        assert_eq!(page.notifications[0].told, None, "neither words nor place of a channel one has left");
        world.add(&ana, secret.id, &bo).await;
        assert_eq!(told(&world, &bo).await, [first.message.id]);
    }
}

// M12
each_engine! {
    async fn an_edit_tells_those_it_adds_and_leaves_the_others_alone(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        let posted = world.post(&ana, general.id, "for @bo").await;
        follow(&world, general.id, posted.seq).await;
        let mut seen = world.observer(&cy, &acme, &general).await;
        for body in ["for @cy", "for @bo and @cy"] {
            let edit = EditMessage { message: posted.message.id, body: body.to_owned(), version: None, reason: None };
            let edited = converges!(world, [seen], ana, edit);
            assert!(edited.html.contains("mention"), "{}", edited.html);
            follow(&world, general.id, head(&world, &ana, general.id).await).await;
            seen.converges().await;
        }
        for person in [&bo, &cy] {
            assert_eq!(told(&world, person).await, [posted.message.id], "once, whatever was edited");
        }
        assert_eq!(seen.shell.notifications, 1);
    }
}

// M10, M21
each_engine! {
    async fn a_message_deleted_before_the_lane_came_tells_nobody_and_after_it_shows_no_words(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let early = world.post(&ana, general.id, "@bo the secret plan").await;
        world.engine.execute(ana.clone(), DeleteMessage { message: early.message.id }).await.unwrap();
        follow(&world, general.id, early.seq).await;
        assert!(told(&world, &bo).await.is_empty());
        let late = world.post(&ana, general.id, "@bo the secret plan").await;
        follow(&world, general.id, late.seq).await;
        world.engine.execute(ana.clone(), DeleteMessage { message: late.message.id }).await.unwrap();
        let page = inbox(&world, &bo).await;
        assert_eq!(page.notifications[0].told.as_ref().unwrap().excerpt, None);
    }
}

// M06, E02
each_engine! {
    async fn the_event_says_whom_a_message_names_also_to_a_client_that_was_away(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let posted = world.post(&ana, general.id, "hi @bo").await;
        let topic = Topic::Channel(general.id);
        let missed = world.engine.ask(&ana, CatchUp { topic, cursor: posted.seq - 1 }).await.unwrap();
        let Missed::Events(events) = missed else { panic!("stale") };
        let crate::domain::Event::MessagePosted { mentioned, .. } = &events[0].event else { panic!("{events:?}") };
        assert_eq!(*mentioned, [bo.id().unwrap()]);
    }
}

// M06
each_engine! {
    async fn a_message_names_at_most_fifty_people(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let mut names = Vec::new();
        for n in 0..52 {
            let person = world.person(&format!("p{n:02}")).await;
            world.join(&person, &acme).await;
            names.push(format!("@p{n:02}"));
        }
        let posted = world.post(&ana, general.id, &names.join(" ")).await;
        assert_eq!(posted.message.html.matches("class=\"mention\"").count(), 50);
        let people: Vec<PersonId> = (0..51).map(|_| PersonId::fresh()).collect();
        let many = Notify { event: EventId::fresh(), message: posted.message.id, people };
        let refused = world.engine.execute(Actor::system(Surface::Worker), many).await.unwrap_err();
        assert!(refused.of_field("people").is_some());
    }
}

// S05, L01
each_engine! {
    async fn only_the_server_tells_and_every_telling_is_audited(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let posted = world.post(&ana, general.id, "hello @bo").await;
        let message = posted.message.id;
        let forged = Notify { event: EventId::fresh(), message, people: vec![bo.id().unwrap()] };
        let refused = world.engine.execute(ana.clone(), forged).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
        let asked = crate::domain::query::ReadMentioned { topic: Topic::Channel(general.id), seq: posted.seq };
        assert!(matches!(world.engine.ask(&ana, asked).await, Err(Error::Forbidden { .. })));
        assert!(told(&world, &bo).await.is_empty());
        follow(&world, general.id, posted.seq).await;
        let entries = audited(&world, message).await;
        let telling = entries.iter().find(|entry| entry.action == Action::Notify.as_str()).unwrap();
        assert_eq!(telling.changes["told"], 1);
        assert!(!telling.changes.to_string().contains("hello"), "an audit entry holds no text");
    }
}

// M27
each_engine! {
    async fn a_post_sent_twice_names_people_once(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let post = PostMessage {
            id: MessageId::fresh(), channel: general.id, body: "@bo".to_owned(), reply_to: None, expires_in: None,
        };
        let first = world.engine.execute(ana.clone(), post.clone()).await.unwrap();
        assert_eq!(world.engine.execute(ana, post).await.unwrap(), first);
        follow(&world, general.id, first.seq).await;
        assert_eq!(told(&world, &bo).await.len(), 1);
    }
}
