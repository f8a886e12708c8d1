use crate::{
    domain::{
        Actor, ChannelId, ChannelStatus, Error, Event, MessageId, Surface, Topic,
        channel::NotificationLevel,
        command::{
            AddReaction, AddToChannel, ApproveMessage, DeclineMessage, DeleteChannel, DeleteMessage, DiscardHeld,
            EditHeld, EditMessage, FlagMessage, FollowThread, JoinChannel, JudgeMessage, LeaveChannel, MarkRead,
            OpenConversation, PinMessage, PostMessage, RemoveReaction, RenameChannel, SaveDraft, SetChannelModeration,
            SetChannelStatus, SetNotifications, SetPostingLimits, SetTopic, UnpinMessage,
        },
        flag::Verdict,
        query::{
            Admit, CatchUp, FindConversation, FindMessages, FindNameable, ListMessages, ListParticipants, ListPins,
            ListReactions, Missed, OpenChannel, OpenCommunity, ReadHistory, ReadMessageSource, ReadThread, Span,
        },
        thread::Reply,
    },
    each_engine,
    lab::World,
    store::{StoreError, audits},
};

/// Everything an outsider can try on a channel and a message in it.
async fn attempts(world: &World, actor: &Actor, slug: &str, channel: ChannelId, message: MessageId) -> Vec<Error> {
    let engine = &world.engine;
    let body = || "let me in".to_owned();
    let open = OpenChannel {
        community: "acme".to_owned(),
        channel: slug.to_owned(),
        at: Some(message),
        before: None,
        after: None,
    };
    let run = || actor.clone();
    let post = PostMessage { id: MessageId::fresh(), channel, body: body(), reply_to: None, expires_in: None };
    let reply = PostMessage {
        id: MessageId::fresh(),
        channel,
        body: body(),
        reply_to: Some(Reply::to(message)),
        expires_in: None,
    };
    vec![
        engine.ask(actor, open.clone()).await.unwrap_err(),
        engine.ask(actor, OpenChannel { at: None, ..open }).await.unwrap_err(),
        engine.ask(actor, ListMessages { channel, span: Span::Latest }).await.unwrap_err(),
        engine.ask(actor, ListMessages { channel, span: Span::Around { message } }).await.unwrap_err(),
        engine.ask(actor, FindMessages { channel, words: "secret".to_owned() }).await.unwrap_err(),
        engine.ask(actor, ListParticipants { channel, offset: 0 }).await.unwrap_err(),
        engine.ask(actor, FindNameable { channel, letters: String::new() }).await.unwrap_err(),
        engine.ask(actor, ReadMessageSource { message }).await.unwrap_err(),
        engine.execute(run(), post).await.unwrap_err(),
        engine.execute(run(), reply).await.unwrap_err(),
        engine.execute(run(), EditMessage { message, body: body(), version: None, reason: None }).await.unwrap_err(),
        engine.execute(run(), DeleteMessage { message }).await.unwrap_err(),
        engine.execute(run(), AddReaction { message, emoji: "👍".to_owned() }).await.unwrap_err(),
        engine.execute(run(), RemoveReaction { message, emoji: "👍".to_owned() }).await.unwrap_err(),
        engine.ask(actor, ListReactions { message }).await.unwrap_err(),
        engine.ask(actor, ReadThread { message, span: Span::Latest }).await.unwrap_err(),
        engine.execute(run(), FollowThread { message, following: true }).await.unwrap_err(),
        engine.ask(actor, ReadHistory { message }).await.unwrap_err(),
        engine.execute(run(), FlagMessage { message, reason: body() }).await.unwrap_err(),
        engine.execute(run(), JudgeMessage { message, verdict: Verdict::Keep }).await.unwrap_err(),
        engine.execute(run(), ApproveMessage { message, version: None }).await.unwrap_err(),
        engine.execute(run(), DeclineMessage { message, note: String::new(), seconds: None }).await.unwrap_err(),
        engine.execute(run(), EditHeld { message, body: body() }).await.unwrap_err(),
        engine.execute(run(), DiscardHeld { message }).await.unwrap_err(),
        engine
            .execute(run(), SetChannelModeration { channel, approval: true, per_minute: 0, reactions: true })
            .await
            .unwrap_err(),
        engine.execute(run(), PinMessage { message }).await.unwrap_err(),
        engine.execute(run(), UnpinMessage { message }).await.unwrap_err(),
        engine.ask(actor, ListPins { channel }).await.unwrap_err(),
        engine.execute(run(), JoinChannel { channel }).await.unwrap_err(),
        engine.execute(run(), LeaveChannel { channel }).await.unwrap_err(),
        engine.execute(run(), AddToChannel { channel, handle: "bo".to_owned() }).await.unwrap_err(),
        engine.execute(run(), SetTopic { channel, topic: body() }).await.unwrap_err(),
        engine.execute(run(), SaveDraft { channel, root: None, body: body() }).await.unwrap_err(),
        engine.execute(run(), MarkRead { channel, position: 1 }).await.unwrap_err(),
        engine.execute(run(), RenameChannel { channel, name: body(), slug: String::new() }).await.unwrap_err(),
        engine.execute(run(), SetChannelStatus { channel, status: ChannelStatus::Locked }).await.unwrap_err(),
        engine.execute(run(), SetPostingLimits { channel, slow_mode: 5, message_chars: 1 }).await.unwrap_err(),
        engine
            .execute(run(), SetNotifications { channel, muted: true, level: NotificationLevel::All })
            .await
            .unwrap_err(),
        engine.execute(run(), DeleteChannel { channel, name: "secret".to_owned() }).await.unwrap_err(),
    ]
}

// S03, S08, L07
each_engine! {
    async fn a_private_channel_is_answered_like_one_that_does_not_exist(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let message = world.post(&ana, secret.id, "the secret plan").await.message.id;
        let before = refusals(&world).await;
        let there = attempts(&world, &bo, "secret", secret.id, message).await;
        let between = refusals(&world).await;
        let nowhere = attempts(&world, &bo, "nowhere", ChannelId::fresh(), MessageId::fresh()).await;
        let after = refusals(&world).await;
        assert_eq!(there, nowhere);
        assert!(there.iter().all(|error| *error == Error::NotFound), "{there:?}");
        assert_eq!((between - before, after - between), (39, 39), "every refusal is audited, on both sides alike");
        let view = world.engine.ask(&bo, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        assert!(view.channels.iter().all(|channel| channel.id != secret.id));
        // The premise: it is there for those who take part.
        assert!(world.engine.ask(&ana, ListMessages { channel: secret.id, span: Span::Latest }).await.is_ok());
    }
}

// C12, S03, S08
each_engine! {
    async fn a_conversation_is_answered_to_the_owner_like_one_that_does_not_exist(world: World) {
        let (dee, ana, bo) = (world.person("dee").await, world.person("ana").await, world.person("bo").await);
        let acme = world.community(&dee, "acme", true).await;
        for person in [&ana, &bo] {
            world.join(person, &acme).await;
        }
        let open = OpenConversation { community: acme.id, people: vec![bo.id().unwrap()] };
        let direct = world.engine.execute(ana.clone(), open).await.unwrap();
        let message = world.post(&ana, direct.id, "the secret plan").await.message.id;
        let before = refusals(&world).await;
        let there = attempts(&world, &dee, &direct.slug, direct.id, message).await;
        let between = refusals(&world).await;
        let nowhere = attempts(&world, &dee, "~0000", ChannelId::fresh(), MessageId::fresh()).await;
        assert_eq!(there, nowhere);
        assert!(there.iter().all(|error| *error == Error::NotFound), "{there:?}");
        assert_eq!((between - before, refusals(&world).await - between), (39, 39));
        assert_eq!(world.engine.ask(&dee, FindConversation { channel: direct.id }).await, Err(Error::NotFound));
        let topic = Topic::Channel(direct.id);
        assert_eq!(world.engine.ask(&dee, Admit { topic }).await, Err(Error::NotFound));
        let view = world.engine.ask(&dee, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        assert!(view.channels.iter().all(|channel| channel.id != direct.id));
        // The premise: it is there for both of them.
        for person in [&ana, &bo] {
            assert!(world.engine.ask(person, ListMessages { channel: direct.id, span: Span::Latest }).await.is_ok());
        }
    }
}

// U08
each_engine! {
    async fn nobody_signed_in_is_told_to_sign_in_whatever_they_ask_for(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "hello").await.message.id;
        let visitor = Actor::visitor(Surface::Page);
        let there = attempts(&world, &visitor, "general", general.id, message).await;
        let nowhere = attempts(&world, &visitor, "nowhere", ChannelId::fresh(), MessageId::fresh()).await;
        assert!(there.iter().chain(&nowhere).all(|error| *error == Error::SignedOut), "{there:?} {nowhere:?}");
    }
}

async fn refusals(world: &World) -> i64 {
    world.engine.store().read::<_, StoreError, _>(|conn| Box::pin(audits::count(conn))).await.unwrap()
}

// S03, S08, U05
each_engine! {
    async fn who_left_hears_nothing_of_a_private_channel_by_resuming(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let topic = Topic::Person(bo.id().unwrap());
        let before = world.engine.ask(&bo, Admit { topic }).await.unwrap().head;
        world.add(&ana, secret.id, &bo).await;
        let Missed::Events(told) = world.engine.ask(&bo, CatchUp { topic, cursor: before }).await.unwrap() else {
            panic!("the premise: who is in hears of it")
        };
        assert!(told.iter().any(|envelope| matches!(envelope.event, Event::ChannelJoined { .. })));
        world.engine.execute(bo.clone(), LeaveChannel { channel: secret.id }).await.unwrap();
        let topic_line = SetTopic { channel: secret.id, topic: "the merger".to_owned() };
        world.engine.execute(ana, topic_line).await.unwrap();
        let missed = world.engine.ask(&bo, CatchUp { topic, cursor: before }).await.unwrap();
        assert_eq!(missed, Missed::Stale, "they read afresh what they may see now");
    }
}
