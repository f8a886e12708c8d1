use crate::{
    converges,
    domain::{
        Error, MessageId,
        command::{DeleteMessage, EditMessage, PostMessage},
        message::MessageStatus,
        query::{FindMessages, ListMessages, OpenCommunity, Page, ReadMessageSource, Span},
        thread::Reply,
    },
    each_engine,
    lab::World,
};

use super::audited;

// M01, C03, M04, M09
each_engine! {
    async fn a_post_is_stored_counted_audited_and_seen(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&bo, &acme, &general).await;
        let id = MessageId::fresh();
        let post = PostMessage { id, channel: general.id, body: "hello *world*".to_owned(), reply_to: None, expires_in: None };
        let posted = converges!(world, [seen], ana, post);
        assert_eq!((posted.message.id, posted.message.position), (id, Some(1)));
        assert!(posted.message.html.contains("<em>world</em>"), "{}", posted.message.html);
        assert_eq!(seen.timeline.last_position(), Some(1));
        let audit = audited(&world, id).await;
        assert_eq!(audit.len(), 1);
        assert_eq!((audit[0].action.as_str(), audit[0].outcome.as_str()), ("channel.post", "done"));
        assert!(!audit[0].changes.to_string().contains("world"), "an audit entry holds no text");
    }
}

// M27
each_engine! {
    async fn posting_twice_is_one_message_even_after_a_restart(world: World) {
        let mut world = world;
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let post = PostMessage { id: MessageId::fresh(), channel: general.id, body: "once".to_owned(), reply_to: None, expires_in: None };
        let first = world.engine.execute(ana.clone(), post.clone()).await.unwrap();
        assert_eq!(world.engine.execute(ana.clone(), post.clone()).await.unwrap(), first);
        world.restart().await;
        let again = PostMessage { body: "other words".to_owned(), ..post };
        assert_eq!(world.engine.execute(ana.clone(), again).await.unwrap(), first);
        assert_eq!(latest(&world, &ana, general.id).await.messages, vec![first.message]);
    }
}

// M27
each_engine! {
    async fn an_id_that_somebody_else_used_is_refused(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let elsewhere = world.channel(&ana, acme.id, "elsewhere", true).await;
        let posted = world.post(&ana, general.id, "mine").await;
        let stolen = PostMessage { id: posted.message.id, channel: general.id, body: "x".to_owned(), reply_to: None, expires_in: None };
        let refusal = world.engine.execute(bo, stolen.clone()).await.unwrap_err();
        assert_eq!(refusal.of_field("id"), Some("is in use"));
        let moved = PostMessage { channel: elsewhere.id, ..stolen };
        assert_eq!(world.engine.execute(ana, moved).await.unwrap_err().of_field("id"), Some("is in use"));
    }
}

// M03
each_engine! {
    async fn a_bad_post_names_its_field_and_stores_nothing(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let elsewhere = world.channel(&ana, acme.id, "elsewhere", false).await;
        let foreign = world.post(&ana, elsewhere.id, "elsewhere").await.message.id;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let post = |body: &str, reply_to| {
            PostMessage { id: MessageId::fresh(), channel: general.id, body: body.to_owned(), reply_to, expires_in: None }
        };
        for (command, field) in [
            (post("", None), "body"),
            (post(&"x".repeat(4_001), None), "body"),
            (post("hi", Some(Reply::to(MessageId::fresh()))), "reply_to"),
            (post("hi", Some(Reply::to(foreign))), "reply_to"),
        ] {
            let error = world.engine.execute(ana.clone(), command).await.unwrap_err();
            assert!(error.of_field(field).is_some(), "{field}: {error}");
        }
        let nowhere = PostMessage { channel: crate::domain::ChannelId::fresh(), ..post("hi", None) };
        assert_eq!(world.engine.execute(ana.clone(), nowhere).await.unwrap_err(), Error::NotFound);
        assert_eq!(seen.converges().await, 0, "nothing was sent out");
        assert!(latest(&world, &ana, general.id).await.messages.is_empty());
    }
}

// M17
each_engine! {
    async fn a_reply_to_a_reply_belongs_to_the_same_root(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "root").await.message.id;
        let reply = |to| PostMessage {
            id: MessageId::fresh(), channel: general.id, body: "reply".to_owned(), reply_to: Some(Reply::to(to)), expires_in: None,
        };
        let first = world.engine.execute(ana.clone(), reply(root)).await.unwrap().message;
        let second = world.engine.execute(ana.clone(), reply(first.id)).await.unwrap().message;
        assert_eq!((first.reply_to, first.root), (Some(root), Some(root)));
        assert_eq!((second.reply_to, second.root), (Some(first.id), Some(root)));
    }
}

// M11, M12, M13
each_engine! {
    async fn an_author_edits_and_everybody_sees_it(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "befor").await.message.id;
        let mut seen = world.observer(&bo, &acme, &general).await;
        let edit = EditMessage { message, body: "before noon".to_owned(), version: None, reason: None };
        let edited = converges!(world, [seen], ana, edit.clone());
        assert_eq!(edited.status, MessageStatus::Edited);
        assert!(edited.edited_at.is_some() && edited.html.contains("before noon"));
        let source = world.engine.ask(&ana, ReadMessageSource { message }).await.unwrap();
        let stale = EditMessage { message, body: "from another window".to_owned(), version: Some(0), reason: None };
        assert!(matches!(world.engine.execute(ana.clone(), stale).await, Err(Error::Conflict { .. })));
        assert_eq!(world.engine.ask(&ana, ReadMessageSource { message }).await.unwrap(), source, "nothing was overwritten");
        assert_eq!(source.body, "before noon");
        assert!(found(&world, &bo, general.id, "befor").await.is_empty(), "the old words are not found");
        assert_eq!(found(&world, &bo, general.id, "noon").await, vec![message]);
        // The same words again change nothing and tell nobody.
        converges!(world, [seen], ana, edit.clone());
        assert_eq!(seen.catch_up().await, 0);
        let refused = world.engine.execute(bo.clone(), edit).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
        assert!(world.engine.ask(&bo, ReadMessageSource { message }).await.is_err());
    }
}

// M21
each_engine! {
    async fn a_deleted_message_leaves_a_tombstone_and_nothing_else(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "the secret plan").await.message.id;
        world.engine.execute(ana.clone(), EditMessage { message, body: "the secret plot".to_owned(), version: None, reason: None }).await.unwrap();
        let mut seen = world.observer(&bo, &acme, &general).await;
        let mut late = seen.clone();
        converges!(world, [seen], ana, DeleteMessage { message });
        assert!(late.converges().await > 0, "a client that was away hears of it");
        let page = latest(&world, &bo, general.id).await;
        assert!(page.messages[0].is_deleted() && page.messages[0].html.is_empty());
        assert!(found(&world, &bo, general.id, "secret").await.is_empty());
        assert!(world.engine.ask(&ana, ReadMessageSource { message }).await.is_err());
        let edit = EditMessage { message, body: "back".to_owned(), version: None, reason: None };
        assert!(matches!(world.engine.execute(ana.clone(), edit).await, Err(Error::Conflict { .. })));
        // Again is no error and no event.
        converges!(world, [seen], ana, DeleteMessage { message });
        // The position stays taken, so unread counts do not move.
        assert_eq!(world.post(&ana, general.id, "next").await.message.position, Some(2));
    }
}

// M25
each_engine! {
    async fn paging_both_ways_shows_every_message_once(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        for n in 1..=130 {
            world.post(&ana, general.id, &format!("message {n}")).await;
        }
        let page = async |span| {
            world.engine.ask(&ana, ListMessages { channel: general.id, span }).await.unwrap()
        };
        let positions = |page: &Page| page.messages.iter().filter_map(|message| message.position).collect::<Vec<_>>();
        let last = page(Span::Latest).await;
        assert_eq!((positions(&last), last.older, last.newer), ((81..=130).collect(), true, false));
        let middle = page(Span::Before { position: 81 }).await;
        assert_eq!((positions(&middle), middle.older, middle.newer), ((31..=80).collect(), true, true));
        let first = page(Span::Before { position: 31 }).await;
        assert_eq!((positions(&first), first.older, first.newer), ((1..=30).collect(), false, true));
        let again = page(Span::After { position: 30 }).await;
        assert_eq!((positions(&again), again.older, again.newer), ((31..=80).collect(), true, true));
        let end = page(Span::After { position: 80 }).await;
        assert_eq!((positions(&end), end.older, end.newer), ((81..=130).collect(), true, false));
        let around = page(Span::Around { message: first.messages[29].id }).await;
        assert_eq!((positions(&around), around.older, around.newer), ((6..=55).collect(), true, true));
        let nowhere = page(Span::After { position: 130 }).await;
        assert!(nowhere.messages.is_empty() && nowhere.older && !nowhere.newer);
    }
}

// C13
each_engine! {
    async fn unread_counts_are_exact_for_everybody(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let unread = async |actor| {
            let view = world.engine.ask(actor, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
            view.channels.iter().find(|channel| channel.id == general.id).unwrap().unread()
        };
        let mut tab = world.observer(&bo, &acme, &general).await;
        for n in 1..=3 {
            world.post(&ana, general.id, &n.to_string()).await;
        }
        assert_eq!((unread(&ana).await, unread(&bo).await), (0, 3));
        let mark = |position| crate::domain::command::MarkRead { channel: general.id, position };
        converges!(world, [tab], bo, mark(2));
        assert_eq!(unread(&bo).await, 1);
        // It never moves back, nor past the latest.
        converges!(world, [tab], bo, mark(1));
        assert_eq!(unread(&bo).await, 1);
        converges!(world, [tab], bo, mark(99));
        assert_eq!(unread(&bo).await, 0);
        world.post(&ana, general.id, "4").await;
        tab.converges().await;
        assert_eq!(tab.shell.channel(general.id).unwrap().unread(), 1);
        // Whoever posts has read.
        world.post(&bo, general.id, "5").await;
        tab.converges().await;
        assert_eq!((unread(&ana).await, unread(&bo).await), (1, 0));
    }
}

// M16, M27
each_engine! {
    async fn many_senders_at_once_leave_no_gap(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let posts: Vec<_> = (0..200)
            .map(|n| {
                let (engine, ana) = (world.engine.clone(), ana.clone());
                let body = format!("message {n}");
                let id = MessageId::fresh();
                async move {
                    let post = PostMessage { id, channel: general.id, body, reply_to: None, expires_in: None };
                    engine.execute(ana, post).await.map(|posted| (posted.seq, posted.message.position))
                }
            })
            .collect();
        let mut taken: Vec<_> =
            futures_util::future::join_all(posts).await.into_iter().collect::<Result<_, _>>().unwrap();
        taken.sort_unstable();
        let base = taken[0].0 - 1;
        assert_eq!(taken, (1..=200).map(|n| (base + n, Some(n))).collect::<Vec<_>>());
    }
}

async fn latest(world: &World, actor: &crate::domain::Actor, channel: crate::domain::ChannelId) -> Page {
    world.engine.ask(actor, ListMessages { channel, span: Span::Latest }).await.unwrap()
}

async fn found(
    world: &World,
    actor: &crate::domain::Actor,
    channel: crate::domain::ChannelId,
    words: &str,
) -> Vec<MessageId> {
    let found = world.engine.ask(actor, FindMessages { channel, words: words.to_owned() }).await.unwrap();
    found.into_iter().map(|message| message.id).collect()
}
