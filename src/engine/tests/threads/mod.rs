//! Threads: what is said in answer to one message.

mod following;
mod quoting;
mod together;

use super::audited;
use crate::{
    converges,
    domain::{
        Actor, ChannelId, Error, Message, MessageId, Time,
        command::{DeleteMessage, EditMessage, ExpireMessage, MarkRead, PostMessage, SetRetention},
        query::{ListMessages, OpenCommunity, ReadThread, Span, ThreadView},
        thread::{Reply, ReplyIn},
    },
    each_engine,
    lab::World,
    lane::retention::remove_once,
};

fn post(channel: ChannelId, body: &str, to: MessageId, shown: ReplyIn) -> PostMessage {
    let reply_to = Some(Reply { to, shown });
    PostMessage { id: MessageId::fresh(), channel, body: body.to_owned(), reply_to, expires_in: None }
}

/// A reply in the thread alone.
fn reply(channel: ChannelId, body: &str, to: MessageId) -> PostMessage {
    post(channel, body, to, ReplyIn::Thread)
}

async fn thread(world: &World, actor: &Actor, message: MessageId, span: Span) -> ThreadView {
    world.engine.ask(actor, ReadThread { message, span }).await.unwrap()
}

async fn latest(world: &World, actor: &Actor, channel: ChannelId) -> Vec<Message> {
    world.engine.ask(actor, ListMessages { channel, span: Span::Latest }).await.unwrap().messages
}

async fn unread(world: &World, actor: &Actor, channel: ChannelId) -> i64 {
    let view = world.engine.ask(actor, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
    view.channels.iter().find(|known| known.id == channel).unwrap().unread()
}

/// Replies, people and their handles, as a message's thread says.
fn told(root: &Message) -> Option<(i64, i64, Vec<&str>)> {
    let thread = root.thread.as_ref()?;
    Some((thread.replies, thread.people, thread.faces.iter().map(|face| face.handle.as_str()).collect()))
}

fn places(view: &ThreadView) -> Vec<i64> {
    view.page.messages.iter().filter_map(|message| message.place).collect()
}

// M05, C13, M30, law 5
each_engine! {
    async fn replies_stand_in_their_thread_and_its_root_counts_them(world: World) {
        let mut world = world;
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "lunch?").await.message.id;
        let (mut of_ana, mut of_bo) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        of_bo.open_thread(root).await;
        world.clock.advance(Time::MINUTE);
        let first = converges!(world, [of_ana, of_bo], bo, reply(general.id, "yes", root)).message;
        assert_eq!((first.position, first.place, first.root), (None, Some(1), Some(root)));
        converges!(world, [of_ana, of_bo], ana, reply(general.id, "where?", first.id));
        let last = converges!(world, [of_ana, of_bo], bo, reply(general.id, "here", root)).message;
        let page = latest(&world, &ana, general.id).await;
        assert_eq!(page.len(), 1, "the channel shows what was said there");
        assert_eq!(told(&page[0]), Some((3, 2, vec!["bo", "ana"])));
        assert_eq!(page[0].thread.as_ref().unwrap().last_reply_at, last.created_at);
        assert_eq!(unread(&world, &bo, general.id).await, 1, "replies are not the channel's");
        world.engine.execute(bo.clone(), MarkRead { channel: general.id, position: 1 }).await.unwrap();
        world.engine.execute(ana.clone(), reply(general.id, "here", root)).await.unwrap();
        of_bo.converges().await;
        assert_eq!(unread(&world, &bo, general.id).await, 0);
        let next = converges!(world, [of_ana, of_bo], bo, EditMessage { message: first.id, body: "oh yes".to_owned(), version: None, reason: None });
        assert_eq!(next.place, Some(1));
        assert_eq!(world.post(&ana, general.id, "next").await.message.position, Some(2), "positions have no gaps");
        of_bo.converges().await;

        world.restart().await;
        let (mut of_ana, mut of_bo) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        of_ana.open_thread(root).await;
        for (message, left) in [(last.id, Some((3, 2, vec!["bo", "ana"]))), (first.id, Some((2, 1, vec!["ana"])))] {
            converges!(world, [of_ana, of_bo], bo, DeleteMessage { message });
            assert_eq!(told(&latest(&world, &bo, general.id).await[0]), left);
        }
        world.engine.execute(bo.clone(), DeleteMessage { message: first.id }).await.unwrap();
        let view = thread(&world, &ana, root, Span::Latest).await;
        assert_eq!((places(&view), view.page.messages[0].is_deleted()), (vec![1, 2, 3, 4], true));
        for reply in view.page.messages.iter().filter(|reply| !reply.is_deleted()) {
            converges!(world, [of_ana, of_bo], ana, DeleteMessage { message: reply.id });
        }
        assert_eq!(told(&latest(&world, &bo, general.id).await[0]), None, "never negative, and none is none");
        // Somebody whose replies were deleted counts as new.
        converges!(world, [of_ana, of_bo], bo, reply(general.id, "again", root));
        assert_eq!(told(&latest(&world, &bo, general.id).await[0]), Some((1, 1, vec!["bo"])));
        let entry = &audited(&world, first.id).await;
        let posted = entry.iter().find(|entry| entry.action == "channel.post").unwrap();
        assert_eq!(posted.changes["root"], serde_json::json!(root));
    }
}

// M03
each_engine! {
    async fn what_cannot_be_answered_names_the_field_and_stores_nothing(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let elsewhere = world.channel(&ana, acme.id, "elsewhere", false).await;
        let foreign = world.post(&ana, elsewhere.id, "elsewhere").await.message.id;
        let (root, gone) =
            (world.post(&ana, general.id, "kept").await.message.id, world.post(&ana, general.id, "gone").await.message.id);
        world.engine.execute(ana.clone(), reply(general.id, "before", root)).await.unwrap();
        world.engine.execute(ana.clone(), DeleteMessage { message: gone }).await.unwrap();
        let mut seen = world.observer(&ana, &acme, &general).await;
        for to in [MessageId::fresh(), foreign, gone] {
            for shown in ReplyIn::ALL {
                let refused = world.engine.execute(ana.clone(), post(general.id, "x", to, *shown)).await.unwrap_err();
                assert!(refused.of_field("reply_to").is_some(), "{shown}: {refused}");
            }
        }
        assert_eq!(seen.converges().await, 0, "nothing was sent out");
        assert_eq!(told(&latest(&world, &ana, general.id).await[0]), Some((1, 1, vec!["ana"])));
    }
}

// M18
each_engine! {
    async fn a_thread_reads_oldest_first_in_pages(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "count with me").await.message.id;
        let mut replies = Vec::new();
        for n in 1..=120 {
            replies.push(world.engine.execute(ana.clone(), reply(general.id, &n.to_string(), root)).await.unwrap().message.id);
        }
        let page = async |message, span| {
            let view = thread(&world, &ana, message, span).await;
            assert_eq!(view.root.id, root, "whatever the page shows");
            (places(&view), view.page.older, view.page.newer)
        };
        assert_eq!(page(root, Span::Latest).await, ((71..=120).collect(), true, false));
        assert_eq!(page(replies[3], Span::Before { position: 71 }).await, ((21..=70).collect(), true, true));
        assert_eq!(page(root, Span::Before { position: 21 }).await, ((1..=20).collect(), false, true));
        assert_eq!(page(root, Span::After { position: 20 }).await, ((21..=70).collect(), true, true));
        let around = Span::Around { message: replies[39] };
        assert_eq!(page(replies[39], around).await, ((16..=65).collect(), true, true));
        assert_eq!(page(root, Span::Around { message: root }).await, ((1..=25).collect(), false, true));
        // A link to a reply opens the channel where its thread began.
        let around = ListMessages { channel: general.id, span: Span::Around { message: replies[99] } };
        let channel = world.engine.ask(&ana, around).await.unwrap();
        assert_eq!(channel.messages.iter().map(|message| message.id).collect::<Vec<_>>(), [root]);
        let nothing = world.post(&ana, general.id, "nobody answers").await.message.id;
        assert_eq!(page_of(&world, &ana, nothing).await, (Vec::new(), false, false));
    }
}

async fn page_of(world: &World, actor: &Actor, message: MessageId) -> (Vec<i64>, bool, bool) {
    let view = thread(world, actor, message, Span::Latest).await;
    (places(&view), view.page.older, view.page.newer)
}

// M19, law 5
each_engine! {
    async fn deleting_a_root_keeps_its_replies_under_a_tombstone(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "the secret plan").await.message.id;
        let kept = world.engine.execute(bo.clone(), reply(general.id, "interesting", root)).await.unwrap().message.id;
        let (mut of_ana, mut of_bo) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        of_bo.open_thread(root).await;
        converges!(world, [of_ana, of_bo], ana, DeleteMessage { message: root });
        let view = thread(&world, &bo, kept, Span::Latest).await;
        assert!(view.root.is_deleted() && view.root.html.is_empty());
        assert_eq!((view.page.messages[0].id, told(&view.root)), (kept, Some((1, 1, vec!["bo"]))));
        for to in [root, kept] {
            let late = world.engine.execute(bo.clone(), reply(general.id, "late", to)).await.unwrap_err();
            assert!(late.of_field("reply_to").is_some(), "{late}");
        }
        converges!(world, [of_ana, of_bo], bo, DeleteMessage { message: kept });
        assert_eq!(told(&latest(&world, &bo, general.id).await[0]), None);
    }
}

// M05, M26, C05, C10
each_engine! {
    async fn replies_that_run_out_leave_their_thread(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "root").await.message.id;
        let brief = PostMessage { expires_in: Some(10), ..reply(general.id, "brief", root) };
        let brief = world.engine.execute(ana.clone(), brief).await.unwrap().message.id;
        for n in 0..30 {
            world.engine.execute(ana.clone(), reply(general.id, &format!("old {n}"), root)).await.unwrap();
        }
        let mut seen = world.observer(&ana, &acme, &general).await;
        seen.open_thread(root).await;
        world.clock.advance(10 * Time::SECOND);
        converges!(world, [seen], Actor::system(crate::domain::Surface::Worker), ExpireMessage { message: brief });
        assert_eq!(told(&latest(&world, &ana, general.id).await[0]), Some((30, 1, vec!["ana"])));
        let activity = crate::domain::query::ReadActivity { channel: general.id };
        crate::lane::activity::count_once(&world.engine, world.engine.store()).await.unwrap();
        assert_eq!(world.engine.ask(&ana, activity).await.unwrap().messages, 32, "what was said in a thread was said");
        let keep = SetRetention { channel: general.id, retention_days: Some(3) };
        world.engine.execute(ana.clone(), keep).await.unwrap();
        world.clock.advance(4 * Time::DAY);
        let fresh = world.post(&ana, general.id, "fresh").await.message.id;
        let young = world.engine.execute(ana.clone(), reply(general.id, "young", fresh)).await.unwrap().message.id;
        let tidy = || remove_once(&world.engine, world.engine.store(), world.engine.clock());
        assert_eq!((tidy().await.unwrap(), tidy().await.unwrap()), (31, 0));
        seen.converges().await;
        let view = thread(&world, &ana, root, Span::Latest).await;
        assert!(view.page.messages.iter().all(|reply| reply.is_deleted() && reply.html.is_empty()));
        assert_eq!(told(&view.root), None);
        assert!(!thread(&world, &ana, young, Span::Latest).await.page.messages[0].is_deleted());
    }
}

// C07, C08, S08
each_engine! {
    async fn a_thread_is_its_channels(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "root").await.message.id;
        world.engine.execute(ana.clone(), reply(general.id, "the secret plan", root)).await.unwrap();
        // Bo looks on: the channel of a public community can be read, not written.
        assert_eq!(thread(&world, &bo, root, Span::Latest).await.page.messages.len(), 1);
        let refused = world.engine.execute(bo.clone(), reply(general.id, "x", root)).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        let follow = crate::domain::command::FollowThread { message: root, following: true };
        assert!(matches!(world.engine.execute(bo, follow).await, Err(Error::Forbidden { .. })));
    }
}
