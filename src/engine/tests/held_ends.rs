//! How what is held ends without a word of a moderator, and what it counts for until then.

use super::{
    give,
    held::{House, approve, decline, post},
};
use crate::{
    converges,
    domain::{
        Error, Event, MessageId, Role, Time, Topic,
        command::{
            ClearMessages, DeclineMessage, DiscardHeld, JoinChannel, JoinCommunity, KickMember, LeaveChannel,
            PostMessage, SetChannelModeration, SetPostingLimits, SetRetention,
        },
        query::{CatchUp, ListFlagged, Missed},
    },
    each_engine,
    lab::World,
    lane::retention::remove_once,
};

// M07, R04: who clears and who approves stand in different lines of writers.
each_engine! {
    async fn what_is_cleared_at_the_same_moment_is_approved_or_cleared_and_never_both(world: World) {
        let House { ana, bo, mo, acme, general, .. } = &House::build(&world).await;
        let (community, person) = (acme.id, bo.id().unwrap());
        let mut held = Vec::new();
        for n in 0..16 {
            let message = world.engine.execute(bo.clone(), post(general.id, &n.to_string(), None)).await.unwrap().message.id;
            held.push(message);
            let clear = ClearMessages { community, person, within: 3_600 };
            let (approved, cleared) =
                tokio::join!(world.engine.execute(mo.clone(), approve(message)), world.engine.execute(ana.clone(), clear));
            cleared.unwrap();
            assert!(
                matches!(approved, Ok(()) | Err(Error::NotFound | Error::Conflict { .. })), "{approved:?}"
            );
        }
        let Missed::Events(told) = world.engine.ask(bo, CatchUp { topic: Topic::Person(person), cursor: 0 }).await.unwrap()
        else { panic!("the log is whole") };
        for message in held {
            let ends = told.iter().filter(|one| matches!(
                &one.event, Event::HeldChanged { message: of, .. } if *of == message
            ));
            assert_eq!(ends.count(), 2, "held once, and let go of once");
        }
    }
}

// C05, M07
each_engine! {
    async fn what_is_held_counts_for_the_pace_like_what_is_posted(world: World) {
        let House { ana, bo, cy, mo, general, .. } = &House::build(&world).await;
        let set = SetChannelModeration { channel: general.id, approval: true, per_minute: 2, reactions: true };
        world.engine.execute(ana.clone(), set).await.unwrap();
        let say = |body: &str| world.engine.execute(bo.clone(), post(general.id, body, None));
        let first = say("one").await.unwrap().message.id;
        say("two").await.unwrap();
        assert!(matches!(say("three").await, Err(Error::TooMany { .. })));
        // Nor is a declined one forgotten.
        world.engine.execute(mo.clone(), decline(first, "")).await.unwrap();
        assert!(matches!(say("three").await, Err(Error::TooMany { .. })));
        assert!(world.engine.execute(cy.clone(), post(general.id, "another's", None)).await.is_ok());
        world.clock.advance(Time::MINUTE + Time::SECOND);
        assert!(say("three").await.is_ok());
    }

    async fn slow_mode_is_not_escaped_by_leaving_with_what_is_held(world: World) {
        let House { ana, bo, general, .. } = &House::build(&world).await;
        let slow = SetPostingLimits { channel: general.id, slow_mode: 60, message_chars: 4_000 };
        world.engine.execute(ana.clone(), slow).await.unwrap();
        let say = |body: &str| world.engine.execute(bo.clone(), post(general.id, body, None));
        say("one").await.unwrap();
        world.engine.execute(bo.clone(), LeaveChannel { channel: general.id }).await.unwrap();
        world.engine.execute(bo.clone(), JoinChannel { channel: general.id }).await.unwrap();
        assert!(matches!(say("two").await, Err(Error::TooMany { .. })));
        world.clock.advance(Time::MINUTE);
        assert!(say("two").await.is_ok());
    }
}

// C05, O08, M07
each_engine! {
    async fn what_waits_is_kept_no_longer_than_its_channel_keeps_anything(world: World) {
        let House { ana, bo, mo, acme, general, .. } = &House::build(&world).await;
        let mut his = world.observer(bo, acme, general).await;
        let mut theirs = world.observer(mo, acme, general).await;
        converges!(world, [his, theirs], bo, post(general.id, "old secret", None));
        let declined = converges!(world, [his, theirs], bo, post(general.id, "declined", None)).message.id;
        converges!(world, [his, theirs], mo, decline(declined, "no"));
        let day = SetRetention { channel: general.id, retention_days: Some(1) };
        converges!(world, [his, theirs], ana, day);
        world.clock.advance(Time::DAY - Time::MINUTE);
        let kept = converges!(world, [his, theirs], bo, post(general.id, "new", None)).message.id;
        world.clock.advance(2 * Time::MINUTE);
        let tidy = || remove_once(&world.engine, world.engine.store(), world.engine.clock());
        assert_eq!(tidy().await, Ok(2));
        his.converges().await;
        theirs.converges().await;
        assert_eq!(his.held.all().iter().map(|one| one.message).collect::<Vec<_>>(), [kept]);
        assert_eq!(theirs.shell.open.as_ref().unwrap().flagged, Some(1));
        assert_eq!(tidy().await, Ok(0), "twice is once");
    }
}

// M07, R02
each_engine! {
    async fn what_waits_goes_with_its_author(world: World) {
        let House { bo, cy, mo, acme, general, .. } = &House::build(&world).await;
        let mut his = world.observer(bo, acme, general).await;
        let mut theirs = world.observer(mo, acme, general).await;
        converges!(world, [his, theirs], bo, post(general.id, "mine", None));
        let declined = converges!(world, [his, theirs], bo, post(general.id, "declined", None)).message.id;
        converges!(world, [his, theirs], mo, decline(declined, ""));
        converges!(world, [his, theirs], bo, LeaveChannel { channel: general.id });
        assert_eq!((his.held.all().len(), theirs.shell.open.as_ref().unwrap().flagged), (0, Some(0)));
        converges!(world, [his, theirs], bo, JoinChannel { channel: general.id });
        assert_eq!(his.held.all(), [], "it does not come back");
        let hers = converges!(world, [theirs], cy, post(general.id, "hers", None)).message.id;
        converges!(world, [theirs], mo, KickMember { community: acme.id, person: cy.id().unwrap() });
        world.engine.execute(cy.clone(), JoinCommunity { community: acme.id }).await.unwrap();
        assert_eq!(world.engine.execute(mo.clone(), approve(hers)).await, Err(Error::NotFound));
        assert_eq!(world.engine.execute(cy.clone(), DiscardHeld { message: hers }).await, Err(Error::NotFound));
        assert_eq!(world.engine.ask(mo, ListFlagged { community: acme.id }).await.unwrap().open, 0);
    }
}

// M07, R04
each_engine! {
    async fn a_message_is_declined_with_a_time_out_or_not_at_all(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, mo, acme, general, .. } = &house;
        let mut his = world.observer(bo, acme, general).await;
        let id = converges!(world, [his], bo, post(general.id, "junk", None)).message.id;
        let decline = |seconds| DeclineMessage { message: id, note: "no".to_owned(), seconds: Some(seconds) };
        let wrong = world.engine.execute(mo.clone(), decline(5)).await.unwrap_err();
        assert!(wrong.of_field("seconds").is_some(), "{wrong}");
        // Whoever may not give the author a time-out declines nothing with one.
        give(&world, acme, bo, Role::Moderator).await;
        let refused = world.engine.execute(mo.clone(), decline(600)).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        assert_eq!(house.open(&world).await, 1, "it waits still");
        give(&world, acme, bo, Role::Member).await;
        his.converges().await;
        converges!(world, [his], mo, decline(600));
        let until = his.shell.open.as_ref().unwrap().silenced_until;
        assert!(until.is_some());
        assert_eq!((his.held.all()[0].note.as_str(), house.open(&world).await), ("no", 0));
        // Somebody was first: no second time-out.
        world.clock.advance(Time::MINUTE);
        assert!(matches!(world.engine.execute(ana.clone(), decline(6_000)).await, Err(Error::Conflict { .. })));
        his.converges().await;
        assert_eq!(his.shell.open.as_ref().unwrap().silenced_until, until);
    }
}

// M03, M27
each_engine! {
    async fn a_message_has_an_id_of_version_7_and_something_to_be_seen(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        for id in ["00000000-0000-0000-0000-000000000000", "9b0e0c6e-6f0c-4d5f-9a53-1e6f6a3e9b11"] {
            let id: MessageId = id.parse().unwrap();
            let refused = world.engine.execute(ana.clone(), PostMessage { id, ..post(general.id, "x", None) }).await;
            assert_eq!(refused.unwrap_err().of_field("id"), Some("must be a UUID of version 7"));
        }
        for body in ["[a]: http://x", "[^1]: x", "&nbsp;"] {
            let refused = world.engine.execute(ana.clone(), post(general.id, body, None)).await.unwrap_err();
            assert!(refused.of_field("body").is_some_and(|what| what.contains("must not be empty")), "{body}: {refused}");
        }
        let message = world.post(&ana, general.id, "seen").await.message.id;
        let edit = crate::domain::command::EditMessage {
            message, body: "[a]: http://x".to_owned(), version: None, reason: None,
        };
        assert!(world.engine.execute(ana, edit).await.unwrap_err().of_field("body").is_some());
    }
}
