use super::{audited, promote};
use crate::{
    converges,
    domain::{
        Actor, ChannelSummary, CommunitySummary, Error, MessageId, Time,
        channel::SLOW_MODES,
        command::{AddToChannel, EditMessage, JoinChannel, LeaveChannel, PostMessage, SetPostingLimits},
        query::{ChannelView, OpenChannel},
    },
    each_engine,
    lab::World,
};

const fn limits(channel: &ChannelSummary, slow_mode: i64, message_chars: i64) -> SetPostingLimits {
    SetPostingLimits { channel: channel.id, slow_mode, message_chars }
}

/// Ana owns acme; Bo takes part in #general.
async fn acme(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    (ana, bo, acme, general)
}

async fn opened(world: &World, actor: &Actor) -> ChannelView {
    let (community, channel) = ("acme".to_owned(), "general".to_owned());
    let open = OpenChannel { community, channel, at: None, before: None, after: None };
    world.engine.ask(actor, open).await.unwrap()
}

// C05, law 5
each_engine! {
    async fn in_slow_mode_one_waits_for_ones_next_message_and_is_told_how_long(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let cleo = world.person("cleo").await;
        world.join(&cleo, &acme).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        world.post(&bo, general.id, "before").await;
        his.converges().await;
        converges!(world, [his], ana, limits(&general, 30, 4_000));
        assert_eq!(his.shell.channel(general.id).unwrap().slow_mode, 30);
        // What was posted before counts: it is the pause that is asked for.
        assert_eq!(world.try_post(&bo, general.id, "at once").await, Err(Error::TooMany { retry_after: 30 }));
        assert_eq!(opened(&world, &bo).await.wait, 30);
        world.clock.advance(29 * Time::SECOND);
        assert_eq!(world.try_post(&bo, general.id, "too early").await, Err(Error::TooMany { retry_after: 1 }));
        assert_eq!((opened(&world, &bo).await.wait, opened(&world, &cleo).await.wait), (1, 0));
        // Others do not wait for him.
        assert!(world.try_post(&cleo, general.id, "mine").await.is_ok());
        world.clock.advance(Time::SECOND);
        let id = MessageId::fresh();
        let post = PostMessage {
            id, channel: general.id, body: "in time".to_owned(), reply_to: None, expires_in: None,
        };
        let first = converges!(world, [his], bo, post.clone());
        // The same message once more is answered, not refused (M27).
        assert_eq!(world.engine.execute(bo.clone(), post).await.unwrap(), first);
        assert_eq!(world.try_post(&bo, general.id, "and another").await, Err(Error::TooMany { retry_after: 30 }));
        // Changing what one said is no new message.
        let edit = EditMessage { message: id, body: "in good time".to_owned(), version: None, reason: None };
        converges!(world, [his], bo, edit);
        // Nor does leaving help.
        world.engine.execute(bo.clone(), LeaveChannel { channel: general.id }).await.unwrap();
        world.engine.execute(bo.clone(), JoinChannel { channel: general.id }).await.unwrap();
        assert!(matches!(world.try_post(&bo, general.id, "back").await, Err(Error::TooMany { .. })));
        converges!(world, [his], ana, limits(&general, 0, 4_000));
        assert!(world.try_post(&bo, general.id, "free").await.is_ok());
        assert_eq!(opened(&world, &bo).await.wait, 0);
    }
}

// C05
each_engine! {
    async fn moderators_and_above_post_as_they_like_and_other_channels_know_nothing_of_it(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        world.engine.execute(ana.clone(), AddToChannel { channel: plans.id, handle: "bo".to_owned() }).await.unwrap();
        world.engine.execute(ana.clone(), limits(&general, 3_600, 4_000)).await.unwrap();
        for n in 0..3 {
            world.post(&ana, general.id, &format!("{n}")).await;
            world.post(&bo, plans.id, &format!("{n}")).await;
        }
        world.post(&bo, general.id, "once").await;
        let (hers, his) = (opened(&world, &ana).await, opened(&world, &bo).await);
        assert!(hers.may.unhurried && !his.may.unhurried);
        assert_eq!((hers.wait, his.wait), (0, 3_600));
        promote(&world, &acme, &bo).await;
        world.post(&bo, general.id, "as an admin").await;
        assert!(opened(&world, &bo).await.may.unhurried);
    }
}

// C05, M03
each_engine! {
    async fn a_channel_says_how_long_a_message_may_be_and_an_error_names_the_body(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let long = world.post(&bo, general.id, &"x".repeat(11)).await.message.id;
        his.converges().await;
        converges!(world, [his], ana, limits(&general, 0, 10));
        assert_eq!(his.shell.channel(general.id).unwrap().message_chars, 10);
        // Characters, not bytes; for everybody.
        assert!(world.try_post(&bo, general.id, &"é".repeat(10)).await.is_ok());
        for actor in [&ana, &bo] {
            let error = world.try_post(actor, general.id, &"x".repeat(11)).await.unwrap_err();
            assert_eq!(error.of_field("body"), Some("must be at most 10 characters here, not 11"));
        }
        let edit = |body: String| EditMessage { message: long, body, version: None, reason: None };
        let error = world.engine.execute(bo.clone(), edit("y".repeat(11))).await.unwrap_err();
        assert!(error.of_field("body").is_some(), "{error}");
        his.converges().await;
        converges!(world, [his], bo, edit("y".repeat(10)));
        converges!(world, [his], ana, limits(&general, 0, 4_000));
        assert!(world.try_post(&bo, general.id, &"x".repeat(4_000)).await.is_ok());
    }
}

// C05, S03
each_engine! {
    async fn who_manages_a_channel_sets_its_limits_and_a_bad_one_names_its_field(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let refused = world.engine.execute(bo.clone(), limits(&general, 5, 100)).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        for (slow_mode, chars, field) in
            [(-1, 100, "slow_mode"), (7, 100, "slow_mode"), (0, 0, "message_chars"), (0, 4_001, "message_chars")]
        {
            let wrong = world.engine.execute(ana.clone(), limits(&general, slow_mode, chars)).await.unwrap_err();
            assert!(wrong.of_field(field).is_some(), "{slow_mode} {chars}: {wrong}");
        }
        for slow_mode in SLOW_MODES {
            converges!(world, [his], ana, limits(&general, slow_mode, 1));
        }
        let entries = audited(&world, general.id).await;
        assert_eq!(entries[0].changes["after"], serde_json::json!([3_600, 1]));
        // The same once more is no event.
        world.engine.execute(ana, limits(&general, 3_600, 1)).await.unwrap();
        assert_eq!(his.catch_up().await, 0);
    }
}
