use super::audited;
use crate::{
    converges,
    domain::{
        Actor, ChannelId, ChannelSummary, CommunitySummary, Error, Event, MessageId, Topic,
        command::{DeleteChannel, DeleteMessage, LeaveChannel, PostMessage, SaveDraft, SetChannelModeration},
        draft::DRAFTS_PER_PERSON,
        query::{CatchUp, Missed, OpenChannel, OpenCommunity, ReadThread, Span},
        thread::{Reply, ReplyIn},
    },
    each_engine,
    lab::World,
    store::{Shard, Sql, StoreError},
};

fn save(channel: ChannelId, body: &str) -> SaveDraft {
    SaveDraft { channel, root: None, body: body.to_owned() }
}

fn reply(channel: ChannelId, root: MessageId, body: &str) -> SaveDraft {
    SaveDraft { root: Some(root), ..save(channel, body) }
}

fn post(channel: ChannelId, body: &str, reply_to: Option<Reply>) -> PostMessage {
    PostMessage { id: MessageId::fresh(), channel, body: body.to_owned(), reply_to, expires_in: None }
}

async fn begun(world: &World, actor: &Actor, channel: &ChannelSummary) -> String {
    let (community, channel) = ("acme".to_owned(), channel.slug.clone());
    let open = OpenChannel { community, channel, at: None, before: None, after: None };
    world.engine.ask(actor, open).await.unwrap().draft
}

async fn begun_in(world: &World, actor: &Actor, root: MessageId) -> String {
    world.engine.ask(actor, ReadThread { message: root, span: Span::Latest }).await.unwrap().draft
}

async fn marked(world: &World, actor: &Actor) -> Vec<ChannelId> {
    let view = world.engine.ask(actor, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
    view.drafted.into_iter().collect()
}

/// Ana's community with Bo in it.
async fn house(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    (ana, bo, acme, general)
}

// M31
each_engine! {
    async fn what_one_has_begun_is_kept_for_oneself_until_it_is_posted(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        converges!(world, [of_ana], ana, save(general.id, "hel"));
        converges!(world, [of_ana], ana, save(general.id, "  hello\nworld "));
        assert_eq!(begun(&world, &ana, &general).await, "  hello\nworld ", "as it stands there");
        assert_eq!(marked(&world, &ana).await, [general.id]);
        assert_eq!(of_bo.converges().await, 0, "nobody else hears of it");
        assert_eq!((begun(&world, &bo, &general).await.as_str(), marked(&world, &bo).await), ("", vec![]));
        converges!(world, [of_ana], ana, save(general.id, "  hello\nworld "));
        assert_eq!(of_ana.catch_up().await, 0, "the same again is no news");
        world.engine.execute(ana.clone(), post(general.id, "hello world!", None)).await.unwrap();
        assert_eq!((begun(&world, &ana, &general).await.as_str(), marked(&world, &ana).await), ("", vec![]));
        assert_eq!(of_ana.converges().await, 2, "the message, and that the draft is gone");
        assert_eq!(of_bo.converges().await, 1);
        // Emptied is gone, too; twice is once.
        converges!(world, [of_ana], ana, save(general.id, "again"));
        converges!(world, [of_ana], ana, save(general.id, " \n"));
        world.engine.execute(ana.clone(), save(general.id, "")).await.unwrap();
        assert_eq!(of_ana.catch_up().await, 0);
        assert_eq!(marked(&world, &ana).await, []);
    }

    async fn a_thread_has_a_draft_of_its_own(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let root = world.post(&bo, general.id, "who comes?").await.message.id;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        converges!(world, [of_ana], ana, save(general.id, "in the channel"));
        converges!(world, [of_ana], ana, reply(general.id, root, "in the thread"));
        let drafts = (begun(&world, &ana, &general).await, begun_in(&world, &ana, root).await);
        assert_eq!(drafts, ("in the channel".to_owned(), "in the thread".to_owned()));
        // A quote is written in the channel's composer, a reply in the thread's.
        let quote = Reply { to: root, shown: ReplyIn::Channel };
        converges!(world, [of_ana], ana, post(general.id, "a quote", Some(quote)));
        let drafts = (begun(&world, &ana, &general).await, begun_in(&world, &ana, root).await);
        assert_eq!(drafts, (String::new(), "in the thread".to_owned()));
        assert_eq!(marked(&world, &ana).await, [general.id], "a thread's draft marks its channel");
        converges!(world, [of_ana], ana, post(general.id, "I do", Some(Reply { to: root, shown: ReplyIn::Both })));
        assert_eq!((begun_in(&world, &ana, root).await.as_str(), marked(&world, &ana).await), ("", vec![]));
        // With what the thread began with, what was begun in it goes: nobody replies there any more.
        converges!(world, [of_ana], ana, reply(general.id, root, "me too"));
        converges!(world, [of_ana], bo, DeleteMessage { message: root });
        assert_eq!(marked(&world, &ana).await, []);
    }

    async fn a_draft_stands_only_where_there_is_something_to_answer(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let other = world.channel(&ana, acme.id, "other", false).await;
        let root = world.post(&bo, general.id, "root").await.message.id;
        let answer = world.engine.execute(bo.clone(), post(general.id, "reply", Some(Reply::to(root)))).await.unwrap();
        for wrong in [
            reply(other.id, root, "elsewhere"),
            reply(general.id, answer.message.id, "a reply has no thread"),
            reply(general.id, MessageId::fresh(), "nothing"),
        ] {
            assert_eq!(world.engine.execute(ana.clone(), wrong).await, Err(Error::NotFound));
        }
        let long = world.engine.execute(ana.clone(), save(general.id, &"é".repeat(4_001))).await.unwrap_err();
        assert_eq!(long.of_field("body"), Some("must be at most 4000 characters, not 4001"));
        world.engine.execute(ana.clone(), save(general.id, &"é".repeat(4_000))).await.unwrap();
        assert!(world.engine.execute(ana, save(general.id, "a\0b")).await.unwrap_err().of_field("body").is_some());
    }

    async fn a_draft_is_gone_when_its_message_waits_for_a_moderator(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let hold = SetChannelModeration { channel: general.id, approval: true, per_minute: 0, reactions: true };
        world.engine.execute(ana.clone(), hold).await.unwrap();
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        converges!(world, [of_bo], bo, save(general.id, "may I?"));
        converges!(world, [of_bo], bo, post(general.id, "may I?", None));
        assert_eq!(begun(&world, &bo, &general).await, "");
    }

    async fn a_refused_message_leaves_the_draft_where_it_is(world: World) {
        let (ana, _, _, general) = house(&world).await;
        world.engine.execute(ana.clone(), save(general.id, "hello")).await.unwrap();
        let there = world.post(&ana, general.id, "other words").await.message.id;
        world.engine.execute(ana.clone(), save(general.id, "hello")).await.unwrap();
        let nowhere = post(general.id, "hello", Some(Reply::to(MessageId::fresh())));
        world.engine.execute(ana.clone(), nowhere).await.unwrap_err();
        assert_eq!(begun(&world, &ana, &general).await, "hello");
        // A repeated message was posted long ago: what was begun since stays.
        let again = PostMessage { id: there, ..post(general.id, "other words", None) };
        world.engine.execute(ana.clone(), again).await.unwrap();
        assert_eq!(begun(&world, &ana, &general).await, "hello");
    }

    async fn who_takes_no_part_begins_nothing_and_is_shown_nothing(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        assert_eq!(world.engine.execute(bo.clone(), save(secret.id, "x")).await, Err(Error::NotFound));
        let add = crate::domain::command::AddToChannel { channel: secret.id, handle: "bo".to_owned() };
        world.engine.execute(ana.clone(), add).await.unwrap();
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        converges!(world, [of_bo], bo, save(secret.id, "psst"));
        converges!(world, [of_bo], bo, LeaveChannel { channel: secret.id });
        let open = OpenChannel {
            community: "acme".to_owned(),
            channel: "secret".to_owned(),
            at: None,
            before: None,
            after: None,
        };
        assert_eq!(world.engine.ask(&bo, open).await, Err(Error::NotFound));
        assert_eq!(world.engine.execute(bo.clone(), save(secret.id, "y")).await, Err(Error::NotFound));
        // Gone with the channel.
        let delete = DeleteChannel { channel: secret.id, name: "secret".to_owned() };
        world.engine.execute(ana, delete).await.unwrap();
        assert_eq!(marked(&world, &bo).await, []);
    }

    async fn nobody_keeps_more_than_a_thousand_drafts(world: World) {
        const FILL: Sql = Sql::both("INSERT INTO drafts (person, channel, place, body, edited_at) \
            SELECT $1, $2, m.id, 'x', 1 FROM messages m");
        let (ana, _, _, general) = house(&world).await;
        let roots = usize::try_from(DRAFTS_PER_PERSON - 1).unwrap();
        let root = world.post(&ana, general.id, "root").await.message.id;
        for _ in 1..roots {
            world.engine.execute(ana.clone(), post(general.id, "root", None)).await.unwrap();
        }
        let (person, channel) = (ana.id().unwrap(), general.id);
        let filled = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| {
            Box::pin(async move { conn.run(FILL, (person, channel)).await })
        });
        assert_eq!(filled.await.unwrap(), roots as u64, "the premise");
        world.engine.execute(ana.clone(), save(general.id, "the last")).await.unwrap();
        let later = world.post(&ana, general.id, "later").await.message.id;
        world.engine.execute(ana.clone(), save(general.id, "the last again")).await.unwrap();
        let full = world.engine.execute(ana.clone(), reply(general.id, later, "one more")).await;
        assert!(matches!(full, Err(Error::Conflict { .. })), "{full:?}");
        world.engine.execute(ana.clone(), reply(general.id, root, "other words")).await.unwrap();
        world.engine.execute(ana.clone(), save(general.id, "")).await.unwrap();
        world.engine.execute(ana, reply(general.id, later, "one more")).await.unwrap();
    }

    // Law 3, L03: the log of events and the audit log keep no word of it.
    async fn a_draft_is_told_with_its_words_and_logged_without_them(world: World) {
        let (ana, _, _, general) = house(&world).await;
        let cursor = world.engine.ask(&ana, crate::domain::query::ListCommunities {}).await.unwrap().cursor;
        world.engine.execute(ana.clone(), save(general.id, "a secret draft")).await.unwrap();
        let topic = Topic::Person(ana.id().unwrap());
        let Missed::Events(missed) = world.engine.ask(&ana, CatchUp { topic, cursor }).await.unwrap() else {
            panic!("nothing is stale")
        };
        let said = Event::DraftChanged { channel: general.id, root: None, body: "a secret draft".to_owned(), drafted: true };
        assert_eq!(missed.into_iter().map(|envelope| envelope.event).collect::<Vec<_>>(), [said]);
        let entries = audited(&world, general.id).await;
        let entry = entries.iter().find(|entry| entry.action == "channel.save_draft").expect("it has its entry");
        assert!(!serde_json::to_string(entry).unwrap().contains("secret"));
    }
}
