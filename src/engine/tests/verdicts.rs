use super::{audited, give};
use crate::{
    converges,
    domain::{
        Actor, ChannelSummary, CommunitySummary, Error, MessageId, PersonId, Role, Time, Topic,
        command::{AddReaction, EditMessage, JudgeMessage, RemoveReaction, SetChannelModeration, SetModeration},
        flag,
        message::MessageStatus,
        moderation::{Consequence, LinksFrom},
        query::{Admit, ListFlagged, OpenChannel, ReadModeration},
    },
    each_engine,
    lab::World,
    store::{StoreError, moderation},
};

/// Ana owns acme; Bo takes part in #general.
async fn acme(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    (ana, bo, acme, general)
}

fn words(community: &CommunitySummary, flagged: &str, held: &str, refused: &str) -> SetModeration {
    SetModeration {
        community: community.id,
        flagged: flagged.to_owned(),
        held: held.to_owned(),
        refused: refused.to_owned(),
        links_from: LinksFrom::All,
        link_days: 7,
        links: Consequence::Hold,
        hosts: String::new(),
    }
}

async fn verdict(world: &World, message: MessageId) -> String {
    let read = world.engine.store().read::<_, StoreError, _>(move |conn| Box::pin(moderation::verdict(conn, message)));
    read.await.unwrap().unwrap().to_string()
}

// M07
each_engine! {
    async fn a_listed_word_flags_holds_or_refuses_the_message_it_is_in(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let mut hers = world.observer(&ana, &acme, &general).await;
        converges!(world, [his, hers], ana, words(&acme, "rude*", "spoiler", "slur"));
        let plain = world.post(&bo, general.id, "well said").await.message;
        assert_eq!((plain.status, verdict(&world, plain.id).await.as_str()), (MessageStatus::Active, "allow"));
        let flagged = world.post(&bo, general.id, "how RÜDER").await.message;
        assert_eq!((flagged.status, verdict(&world, flagged.id).await.as_str()), (MessageStatus::Active, "flag"));
        his.converges().await;
        hers.converges().await;
        let queue = world.engine.ask(&ana, ListFlagged { community: acme.id }).await.unwrap();
        assert_eq!((queue.open, queue.flagged[0].message.id), (1, flagged.id));
        let by = &queue.flagged[0].flags[0];
        assert_eq!((by.person.id, by.reason.as_str()), (PersonId::SYSTEM, "word list"));
        let held = world.post(&bo, general.id, "a rude SP0ILER").await.message;
        assert_eq!(held.status, MessageStatus::Held, "the strictest counts");
        his.converges().await;
        let before = hers.timeline.messages().count();
        let refused = world.try_post(&bo, general.id, "a spoiler and a s\u{200b}lur").await.unwrap_err();
        assert_eq!(refused.of_field("body"), Some("holds a word that this community does not take"));
        hers.converges().await;
        assert_eq!(hers.timeline.messages().count(), before, "nothing stored, nothing sent (M03)");
        // Moderators speak freely, and other communities have lists of their own.
        assert_eq!(world.post(&ana, general.id, "slur").await.message.status, MessageStatus::Active);
        let other = world.community(&bo, "other", true).await;
        let cy = world.person("cy").await;
        world.join(&cy, &other).await;
        let elsewhere = world.general(&bo, &other).await;
        assert_eq!(world.post(&cy, elsewhere.id, "slur").await.message.status, MessageStatus::Active);
        give(&world, &acme, &bo, Role::Moderator).await;
        assert_eq!(world.post(&bo, general.id, "slur").await.message.status, MessageStatus::Active);
    }
}

// M12
each_engine! {
    async fn an_edit_is_judged_again(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        world.engine.execute(ana.clone(), words(&acme, "rude", "spoiler", "slur")).await.unwrap();
        let message = world.post(&bo, general.id, "fine").await.message.id;
        let mut his = world.observer(&bo, &acme, &general).await;
        let mut hers = world.observer(&ana, &acme, &general).await;
        let edit = |body: &str| EditMessage { message, body: body.to_owned(), version: None, reason: None };
        let refused = world.engine.execute(bo.clone(), edit("a slur")).await.unwrap_err();
        assert!(refused.of_field("body").is_some(), "{refused}");
        let held = converges!(world, [his, hers], bo, edit("a spoiler"));
        assert_eq!(held.html, "<p>fine</p>\n");
        assert_eq!(his.held.all().len(), 1);
        // Another change that is fine takes the place of the one that waits.
        converges!(world, [his, hers], bo, edit("rude"));
        assert_eq!((his.held.all().len(), verdict(&world, message).await.as_str()), (0, "flag"));
        let queue = world.engine.ask(&ana, ListFlagged { community: acme.id }).await.unwrap();
        assert_eq!((queue.open, queue.flagged[0].flags[0].person.id), (1, PersonId::SYSTEM));
        converges!(world, [his, hers], bo, edit("fine again"));
        assert_eq!(verdict(&world, message).await, "allow");
    }
}

// M07, M12
each_engine! {
    async fn a_rule_that_is_met_again_by_an_edit_is_told_once_while_its_flag_waits(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        world.engine.execute(ana.clone(), words(&acme, "rude", "", "")).await.unwrap();
        let mut hers = world.observer(&ana, &acme, &general).await;
        let message = world.post(&bo, general.id, "rude").await.message.id;
        hers.converges().await;
        let topic = Topic::Person(ana.id().unwrap());
        let told = async || world.engine.ask(&ana, Admit { topic }).await.unwrap().head;
        let before = told().await;
        let edit = |body: &str| EditMessage { message, body: body.to_owned(), version: None, reason: None };
        for body in ["still rude", "rude once more"] {
            converges!(world, [hers], bo, edit(body));
        }
        assert_eq!(told().await, before, "she knows");
        converges!(world, [hers], ana, JudgeMessage { message, verdict: flag::Verdict::Keep });
        let before = told().await;
        converges!(world, [hers], bo, edit("rude, rude"));
        assert_eq!(told().await, before + 1, "it was judged: this is another flag");
    }
}

// M07
each_engine! {
    async fn links_are_for_those_who_may_post_them(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let rule = |from, links| SetModeration {
            links_from: from, links, hosts: "good.test".to_owned(), ..words(&acme, "", "", "")
        };
        world.engine.execute(ana.clone(), rule(LinksFrom::Settled, Consequence::Refuse)).await.unwrap();
        let refused = world.try_post(&bo, general.id, "see https://evil.test").await.unwrap_err();
        assert_eq!(refused.of_field("body"), Some("holds a link, which you cannot post in this community"));
        assert!(world.try_post(&bo, general.id, "see https://www.good.test").await.is_ok());
        assert!(world.try_post(&ana, general.id, "see https://evil.test").await.is_ok());
        world.clock.advance(7 * Time::DAY);
        assert!(world.try_post(&bo, general.id, "see https://evil.test").await.is_ok(), "a week is long enough");
        world.engine.execute(ana.clone(), rule(LinksFrom::Nobody, Consequence::Hold)).await.unwrap();
        let held = world.post(&bo, general.id, "see https://evil.test").await.message;
        assert_eq!(held.status, MessageStatus::Held);
        let queue = world.engine.ask(&ana, ListFlagged { community: acme.id }).await.unwrap();
        assert_eq!(queue.held[0].rule, "link rule");
    }
}

// S02, L01
each_engine! {
    async fn admins_set_what_is_judged_and_it_holds_after_a_restart(world: World) {
        let mut world = world;
        let (ana, bo, acme, general) = acme(&world).await;
        let set = words(&acme, "", "a secret word", "");
        let refused = world.engine.execute(bo.clone(), set.clone()).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        let refused = world.engine.ask(&bo, ReadModeration { community: acme.id }).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        for (wrong, field) in [
            (SetModeration { refused: "…".to_owned(), ..set.clone() }, "refused"),
            (SetModeration { hosts: "nowhere".to_owned(), ..set.clone() }, "hosts"),
            (SetModeration { links_from: LinksFrom::Settled, link_days: 0, ..set.clone() }, "link_days"),
        ] {
            let refused = world.engine.execute(ana.clone(), wrong).await.unwrap_err();
            assert!(refused.of_field(field).is_some(), "{field}: {refused}");
        }
        world.engine.execute(ana.clone(), set).await.unwrap();
        let settings = world.engine.ask(&ana, ReadModeration { community: acme.id }).await.unwrap();
        assert_eq!((settings.held, settings.links.from), (vec!["a secret word".to_owned()], LinksFrom::All));
        let entries = audited(&world, acme.id).await;
        let entry = entries.iter().find(|entry| entry.action == "moderation.manage" && entry.outcome == "done").unwrap();
        assert_eq!(entry.changes["held"], 1);
        assert!(!entry.changes.to_string().contains("secret"));
        world.restart().await;
        assert_eq!(world.post(&bo, general.id, "A SECRET word").await.message.status, MessageStatus::Held);
    }
}

// C05
each_engine! {
    async fn a_channel_takes_so_many_messages_of_one_person_in_a_minute(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let set = |per_minute| SetChannelModeration { channel: general.id, approval: false, per_minute, reactions: true };
        let wrong = world.engine.execute(ana.clone(), set(61)).await.unwrap_err();
        assert!(wrong.of_field("per_minute").is_some(), "{wrong}");
        let refused = world.engine.execute(bo.clone(), set(2)).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        converges!(world, [his], ana, set(2));
        assert_eq!(his.shell.channel(general.id).unwrap().per_minute, 2);
        world.post(&bo, general.id, "one").await;
        world.clock.advance(20 * Time::SECOND);
        world.post(&bo, general.id, "two").await;
        assert_eq!(world.try_post(&bo, general.id, "three").await, Err(Error::TooMany { retry_after: 40 }));
        world.clock.advance(40 * Time::SECOND);
        assert!(world.try_post(&bo, general.id, "three").await.is_ok(), "the first is a minute ago");
        assert_eq!(world.try_post(&bo, general.id, "four").await, Err(Error::TooMany { retry_after: 20 }));
        for _ in 0..5 {
            world.post(&ana, general.id, "as I like").await;
        }
    }
}

// C05
each_engine! {
    async fn where_reactions_are_off_nobody_adds_one_and_those_there_stay(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let message = world.post(&ana, general.id, "hello").await.message.id;
        let add = |emoji: &str| AddReaction { message, emoji: emoji.to_owned() };
        world.engine.execute(bo.clone(), add("👍")).await.unwrap();
        let mut his = world.observer(&bo, &acme, &general).await;
        let off = SetChannelModeration { channel: general.id, approval: false, per_minute: 0, reactions: false };
        converges!(world, [his], ana, off);
        for person in [&ana, &bo] {
            let refused = world.engine.execute(person.clone(), add("🎉")).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict { .. }), "{refused}");
        }
        let open = OpenChannel {
            community: "acme".to_owned(), channel: "general".to_owned(), at: None, before: None, after: None,
        };
        let view = world.engine.ask(&bo, open).await.unwrap();
        assert!(!view.may.react, "no button");
        assert_eq!(view.page.messages[0].reactions[0].count, 1, "what is there stays");
        converges!(world, [his], bo, RemoveReaction { message, emoji: "👍".to_owned() });
    }
}
