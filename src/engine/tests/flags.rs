use futures_util::future::join_all;

use super::{audited, give, mentions::inbox, promote};
use crate::{
    converges,
    domain::{
        Actor, ChannelSummary, CommunitySummary, Error, MessageId, Role, Topic,
        command::{
            DeleteChannel, DeleteMessage, EditMessage, FlagMessage, JudgeMessage, MarkThreadNoticed, PostMessage,
            TimeOutMember,
        },
        flag::{Queue, Verdict},
        message::MessageStatus,
        notification::NotificationKind,
        query::{Admit, ListFlagged, ListMessages, OpenChannel, ReadThread, Span},
        thread::Reply,
    },
    each_engine,
    lab::World,
    lane::moderation::Moderation,
};

fn flag(message: MessageId, reason: &str) -> FlagMessage {
    FlagMessage { message, reason: reason.to_owned() }
}

const fn judge(message: MessageId, verdict: Verdict) -> JudgeMessage {
    JudgeMessage { message, verdict }
}

/// Ana's community, with Bo and Cy in it.
struct House {
    ana: Actor,
    bo: Actor,
    cy: Actor,
    acme: CommunitySummary,
    general: ChannelSummary,
}

impl House {
    async fn build(world: &World) -> Self {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        Self { ana, bo, cy, acme, general }
    }

    async fn queue(&self, world: &World) -> Queue {
        world.engine.ask(&self.ana, ListFlagged { community: self.acme.id }).await.expect("an owner judges")
    }

    /// What became of the latest message, as `actor` sees it.
    async fn status(&self, world: &World, actor: &Actor) -> MessageStatus {
        let page =
            world.engine.ask(actor, ListMessages { channel: self.general.id, span: Span::Latest }).await.unwrap();
        page.messages.last().unwrap().status
    }
}

/// What the lane does with the latest event of a person's topic.
async fn follow(world: &World, person: &Actor) {
    let topic = Topic::Person(person.id().unwrap());
    let seq = world.engine.ask(person, Admit { topic }).await.unwrap().head;
    Moderation::new(world.engine.clone()).follow(topic, seq).await.expect("the event is followed");
}

// M20, E02
each_engine! {
    async fn a_flag_reaches_the_moderators_and_nobody_else_learns_of_it(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, cy, acme, general } = &house;
        let message = world.post(bo, general.id, "buy my **secret** pills").await.message.id;
        let mut of_ana = world.observer(ana, acme, general).await;
        let mut of_bo = world.observer(bo, acme, general).await;
        let mut of_cy = world.observer(cy, acme, general).await;
        converges!(world, [of_ana, of_cy], cy, flag(message, "spam"));
        assert_eq!(of_bo.catch_up().await, 0, "its author hears nothing");
        of_bo.converges().await;
        let flagged = |shell: &crate::view::Shell| shell.open.as_ref().unwrap().flagged;
        assert_eq!((flagged(&of_ana.shell), flagged(&of_bo.shell), flagged(&of_cy.shell)), (Some(1), None, None));
        let statuses = (house.status(&world, ana).await, house.status(&world, bo).await, house.status(&world, cy).await);
        assert_eq!(statuses, (MessageStatus::Flagged, MessageStatus::Active, MessageStatus::Active), "it stays readable");
        follow(&world, ana).await;
        follow(&world, ana).await;
        let page = inbox(&world, ana).await;
        assert_eq!((page.notifications.len(), page.unread), (1, 1), "told once, however often the lane does it");
        let told = page.notifications[0].told.as_ref().unwrap();
        assert_eq!((page.notifications[0].kind, told.actor.handle.as_str()), (NotificationKind::Flag, "cy"));
        assert_eq!(told.excerpt.as_deref(), Some("buy my secret pills"));
        assert_eq!(told.judged_at(), format!("/c/acme/moderation#f-{message}"));
        // Again is another reason, not another flag.
        converges!(world, [of_ana, of_bo, of_cy], cy, flag(message, "  spam,\n again "));
        converges!(world, [of_ana], cy, flag(message, "spam, again"));
        assert_eq!(of_ana.catch_up().await, 0, "the same words again are no news");
        let queue = house.queue(&world).await;
        assert_eq!((queue.open, queue.flagged.len()), (1, 1));
        let waiting = &queue.flagged[0];
        assert_eq!((waiting.message.id, waiting.channel.as_str(), waiting.count), (message, "general", 1));
        assert_eq!((waiting.flags[0].person.handle.as_str(), waiting.flags[0].reason.as_str()), ("cy", "spam, again"));
        for person in [bo, cy] {
            let refused = world.engine.ask(person, ListFlagged { community: acme.id }).await.unwrap_err();
            assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
            let refused = world.engine.execute(person.clone(), judge(message, Verdict::Delete)).await.unwrap_err();
            assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
            assert!(inbox(&world, person).await.notifications.is_empty());
        }
        let entries = audited(&world, message).await;
        assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("spam")), "an audit entry holds no text");
    }
}

// M20
each_engine! {
    async fn a_message_that_is_kept_is_what_it_was_and_one_judged_is_judged_once(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, cy, acme, general } = &house;
        let message = world.post(bo, general.id, "odd").await.message.id;
        let mut of_ana = world.observer(ana, acme, general).await;
        let mut of_bo = world.observer(bo, acme, general).await;
        converges!(world, [of_ana, of_bo], cy, flag(message, "rude"));
        follow(&world, ana).await;
        // An edit while it waits leaves it waiting.
        let edit = EditMessage { message, body: "even".to_owned(), version: None, reason: None };
        converges!(world, [of_ana, of_bo], bo, edit);
        assert_eq!(house.status(&world, ana).await, MessageStatus::Flagged);
        assert_eq!(house.status(&world, bo).await, MessageStatus::Edited);
        assert_eq!(inbox(&world, ana).await.unread, 1);
        converges!(world, [of_ana, of_bo], ana, judge(message, Verdict::Keep));
        assert_eq!(house.status(&world, ana).await, MessageStatus::Edited);
        assert_eq!(inbox(&world, ana).await.unread, 0, "who has judged it has read what told of it");
        assert_eq!(house.queue(&world).await, Queue::default());
        let late = world.engine.execute(ana.clone(), judge(message, Verdict::Delete)).await.unwrap_err();
        assert!(matches!(late, Error::Conflict { .. }), "{late}");
        // It can be flagged again, and be deleted.
        converges!(world, [of_ana, of_bo], cy, flag(message, "still rude"));
        converges!(world, [of_ana, of_bo], ana, judge(message, Verdict::Delete));
        assert_eq!(house.status(&world, bo).await, MessageStatus::Deleted);
        assert_eq!(house.queue(&world).await.open, 0);
        let judged = audited(&world, message).await.into_iter();
        let judged = judged.filter(|entry| entry.action == "message.judge" && entry.outcome == "done");
        let verdicts: Vec<_> = judged.map(|entry| entry.changes["verdict"].clone()).collect();
        assert_eq!(verdicts, ["delete", "keep"]);
        // Its author may be first.
        let other = world.post(bo, general.id, "worse").await.message.id;
        converges!(world, [of_ana, of_bo], cy, flag(other, "rude"));
        assert_eq!(house.queue(&world).await.open, 1);
        converges!(world, [of_ana, of_bo], bo, DeleteMessage { message: other });
        assert_eq!((house.queue(&world).await, of_ana.shell.open.as_ref().unwrap().flagged), (Queue::default(), Some(0)));
    }
}

// M20
each_engine! {
    async fn a_bad_flag_names_its_field_and_nobody_flags_themselves(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, cy, acme, general } = &house;
        let message = world.post(bo, general.id, "hello").await.message.id;
        for wrong in ["", " \n ", &"x".repeat(501), "a\0b"] {
            let refused = world.engine.execute(cy.clone(), flag(message, wrong)).await.unwrap_err();
            assert!(refused.of_field("reason").is_some(), "{wrong:?}: {refused}");
        }
        let own = world.engine.execute(bo.clone(), flag(message, "mine")).await.unwrap_err();
        assert_eq!(own, Error::Forbidden { rule: "nobody flags their own message".to_owned() });
        let eve = world.person("eve").await;
        let outside = world.engine.execute(eve, flag(message, "outside")).await.unwrap_err();
        assert!(matches!(outside, Error::Forbidden { .. }), "{outside}");
        assert_eq!(world.engine.execute(cy.clone(), flag(MessageId::fresh(), "?")).await, Err(Error::NotFound));
        let unflagged = world.engine.execute(ana.clone(), judge(message, Verdict::Delete)).await.unwrap_err();
        assert!(matches!(unflagged, Error::Conflict { .. }), "{unflagged}");
        world.engine.execute(bo.clone(), DeleteMessage { message }).await.unwrap();
        let late = world.engine.execute(cy.clone(), flag(message, "late")).await.unwrap_err();
        assert!(matches!(late, Error::Conflict { .. }), "{late}");
        assert_eq!(house.queue(&world).await, Queue::default());
        let open = OpenChannel {
            community: acme.slug.clone(), channel: "general".to_owned(), at: None, before: None, after: None,
        };
        assert!(world.engine.ask(cy, open).await.unwrap().may.flag);
    }
}

// M20, S08: who flags a message shows it to the moderators, for as long as it waits.
each_engine! {
    async fn moderators_judge_also_what_was_flagged_where_they_are_not(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, cy, acme, .. } = &house;
        let secret = world.channel(bo, acme.id, "secret", true).await;
        world.add(bo, secret.id, cy).await;
        let message = world.post(bo, secret.id, "a threat").await.message.id;
        assert_eq!(world.engine.execute(ana.clone(), flag(message, "?")).await, Err(Error::NotFound), "the premise");
        assert!(house.queue(&world).await.flagged.is_empty());
        world.engine.execute(cy.clone(), flag(message, "a threat")).await.unwrap();
        follow(&world, ana).await;
        assert_eq!(inbox(&world, ana).await.notifications[0].told.as_ref().unwrap().excerpt.as_deref(), Some("a threat"));
        assert!(house.queue(&world).await.flagged[0].message.html.contains("a threat"));
        assert!(world.engine.ask(ana, ListMessages { channel: secret.id, span: Span::Latest }).await.is_err());
        world.engine.execute(ana.clone(), judge(message, Verdict::Keep)).await.unwrap();
        assert_eq!(inbox(&world, ana).await.notifications[0].told, None);
        assert!(house.queue(&world).await.flagged.is_empty());
    }
}

// M20, C13
each_engine! {
    async fn flags_at_once_are_one_message_in_the_queue_of_every_moderator(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, cy, acme, general } = &house;
        promote(&world, acme, cy).await;
        let pier = world.channel(bo, acme.id, "pier", false).await;
        let (one, two) =
            (world.post(bo, general.id, "one").await.message.id, world.post(bo, pier.id, "two").await.message.id);
        let mut of_ana = world.observer(ana, acme, general).await;
        let mut of_cy = world.observer(cy, acme, general).await;
        let mut people = vec![ana.clone(), cy.clone()];
        for n in 0..8 {
            let person = world.person(&format!("p{n}")).await;
            world.join(&person, acme).await;
            people.push(person);
        }
        let all = people.iter().flat_map(|person| {
            [one, two].map(|message| world.engine.execute(person.clone(), flag(message, "at once")))
        });
        assert!(join_all(all).await.iter().all(Result::is_ok));
        of_ana.converges().await;
        of_cy.converges().await;
        let queue = house.queue(&world).await;
        assert_eq!((queue.open, queue.flagged.iter().map(|one| one.count).collect::<Vec<_>>()), (2, vec![10, 10]));
        // A moderator who flagged something is not told of their own flag.
        follow(&world, cy).await;
        assert!(inbox(&world, cy).await.notifications.iter().all(|one| one.told.as_ref().unwrap().actor.handle != "cy"));
    }
}

// C13, M20
each_engine! {
    async fn that_a_reply_was_flagged_is_no_unread_reply_and_not_read_with_the_thread(world: World) {
        let House { ana, bo, cy, general, .. } = House::build(&world).await;
        let root = world.post(&bo, general.id, "root").await.message.id;
        let id = MessageId::fresh();
        let body = "pills".to_owned();
        let reply = PostMessage { id, channel: general.id, body, reply_to: Some(Reply::to(root)), expires_in: None };
        world.engine.execute(cy, reply).await.unwrap();
        world.engine.execute(bo, flag(id, "spam")).await.unwrap();
        follow(&world, &ana).await;
        assert_eq!(inbox(&world, &ana).await.unread, 1, "the premise: the owner was told");
        let thread = world.engine.ask(&ana, ReadThread { message: root, span: Span::Latest }).await.unwrap();
        assert_eq!(thread.unread, 0);
        let left = world.engine.execute(ana.clone(), MarkThreadNoticed { message: root }).await.unwrap();
        assert_eq!(left, 1, "it waits until somebody looks at the flag");
    }
}

// M20, M30
each_engine! {
    async fn what_waited_in_a_channel_that_is_deleted_waits_no_longer(world: World) {
        let House { ana, bo, acme, general, .. } = House::build(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        world.add(&ana, plans.id, &bo).await;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let waiting = |observer: &crate::lab::Observer| observer.shell.open.as_ref().unwrap().flagged;
        for body in ["pills", "more pills"] {
            let message = world.post(&ana, plans.id, body).await.message.id;
            converges!(world, [of_ana], bo, flag(message, "spam"));
        }
        assert_eq!(waiting(&of_ana), Some(2), "the premise");
        let delete = DeleteChannel { channel: plans.id, name: "plans".to_owned() };
        converges!(world, [of_ana], ana, delete);
        assert_eq!(waiting(&of_ana), Some(0));
    }

    async fn a_moderator_hears_of_no_flags_during_a_time_out(world: World) {
        let House { ana, bo, cy, acme, general } = House::build(&world).await;
        give(&world, &acme, &cy, Role::Moderator).await;
        let message = world.post(&bo, general.id, "pills").await.message.id;
        let mut of_cy = world.observer(&cy, &acme, &general).await;
        let (community, person) = (acme.id, cy.id().unwrap());
        converges!(world, [of_cy], ana, TimeOutMember { community, person, seconds: Some(60) });
        converges!(world, [of_cy], ana, flag(message, "spam"));
        world.engine.execute(ana, TimeOutMember { community, person, seconds: None }).await.unwrap();
        // A page reads its rows afresh when one may do something else there.
        of_cy.catch_up().await;
        assert_eq!(of_cy.shell.open.as_ref().unwrap().flagged, Some(1));
    }
}
