//! Direct conversations (C12).

use super::{
    audited,
    mentions::{follow, inbox},
    promote,
};
use crate::{
    converges,
    domain::{
        Actor, ChannelId, ChannelKind, ChannelStatus, ChannelSummary, CommunityId, CommunitySummary, Error, PersonId,
        Result,
        channel::NotificationLevel,
        command::{
            AddToChannel, BanMember, ChangeProfile, ClearMessages, DeleteChannel, DeleteMessage, EditMessage,
            FlagMessage, LeaveChannel, LeaveCommunity, LiftBan, MarkRead, OpenConversation, RenameChannel,
            SetChannelStatus, SetNotifications, SetTopic, TimeOutMember,
        },
        conversation::{BEGUN_PER_HOUR, is_conversation},
        query::{FindConversation, ListMessages, OpenChannel, OpenCommunity, ReadHistory, SearchMessages, Span},
    },
    each_engine,
    lab::World,
};

/// Dee owns acme; Ana and Bo are in it.
async fn acme(world: &World) -> (Actor, Actor, Actor, CommunitySummary) {
    let (dee, ana, bo) = (world.person("dee").await, world.person("ana").await, world.person("bo").await);
    let acme = world.community(&dee, "acme", true).await;
    for person in [&ana, &bo] {
        world.join(person, &acme).await;
    }
    (dee, ana, bo, acme)
}

fn with(community: CommunityId, person: &Actor) -> OpenConversation {
    OpenConversation { community, people: vec![person.id().unwrap()] }
}

async fn open(world: &World, me: &Actor, community: CommunityId, other: &Actor) -> ChannelSummary {
    world.engine.execute(me.clone(), with(community, other)).await.expect("members talk to each other")
}

/// The conversation on somebody's list, if it is there.
async fn listed(world: &World, who: &Actor, id: ChannelId) -> Option<ChannelSummary> {
    let view = world.engine.ask(who, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
    view.channels.into_iter().find(|channel| channel.id == id)
}

async fn read(world: &World, who: &Actor, channel: ChannelId) -> Result<usize> {
    let page = world.engine.ask(who, ListMessages { channel, span: Span::Latest }).await;
    page.map(|page| page.messages.len())
}

// C12
each_engine! {
    async fn two_people_have_one_conversation_whoever_opens_it_first(world: World) {
        let (dee, ana, bo, acme) = acme(&world).await;
        let hers = open(&world, &ana, acme.id, &bo).await;
        assert_eq!((hers.kind, hers.name.as_str(), hers.title().as_str()), (ChannelKind::Direct, "BO", "BO"));
        assert!(is_conversation(&hers.slug) && hers.people.len() == 1 && hers.joined());
        assert_eq!(open(&world, &ana, acme.id, &bo).await, hers, "a repeat answers it again");
        let his = open(&world, &bo, acme.id, &ana).await;
        assert_eq!((his.id, his.name.as_str(), his.people[0].handle.as_str()), (hers.id, "ANA", "ana"));
        // At the same moment.
        let (a, b) = tokio::join!(
            world.engine.execute(dee.clone(), with(acme.id, &bo)),
            world.engine.execute(bo.clone(), with(acme.id, &dee)),
        );
        assert_eq!(a.unwrap().id, b.unwrap().id);
        // Elsewhere they have another one.
        let other = world.community(&ana, "other", true).await;
        world.join(&bo, &other).await;
        assert_ne!(open(&world, &ana, other.id, &bo).await.id, hers.id);
        // Its address leads to it for both, and says nothing of who they are.
        let found = world.engine.ask(&bo, FindConversation { channel: hers.id }).await.unwrap();
        assert_eq!(found, ("acme".to_owned(), hers.slug.clone()));
        let entry = &audited(&world, hers.id).await[0];
        assert_eq!(entry.action, "conversation.open");
        assert_eq!(entry.changes["people"].as_array().unwrap().len(), 2);
        assert!(!entry.changes.to_string().to_lowercase().contains("\"bo\""), "ids only: {}", entry.changes);
    }
}

// C12, C13, law 5
each_engine! {
    async fn the_other_one_hears_of_it_with_the_first_message(world: World) {
        let (_, ana, bo, acme) = acme(&world).await;
        let general = world.general(&ana, &acme).await;
        let (mut hers, mut his) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        let direct = converges!(world, [hers, his], ana, with(acme.id, &bo));
        assert_eq!(hers.shell.channel(direct.id).unwrap().name, "BO");
        assert!(his.shell.channel(direct.id).is_none() && listed(&world, &bo, direct.id).await.is_none());
        let mut there = world.observer(&ana, &acme, &direct).await;
        world.post(&ana, direct.id, "hello").await;
        for tab in [&mut hers, &mut his, &mut there] {
            tab.converges().await;
        }
        let heard = his.shell.channel(direct.id).unwrap();
        assert_eq!((heard.name.as_str(), heard.unread(), heard.participants), ("ANA", 1, 2));
        let mut back = world.observer(&bo, &acme, &direct).await;
        converges!(world, [his, back, there], bo, MarkRead { channel: direct.id, position: 1 });
        world.post(&bo, direct.id, "hello yourself").await;
        world.post(&ana, direct.id, "and again").await;
        for tab in [&mut hers, &mut his, &mut there, &mut back] {
            tab.converges().await;
        }
        // Who has another name now is called so at once.
        converges!(world, [his, back], ana, ChangeProfile { name: "Anabel".to_owned() });
        assert_eq!(back.shell.channel(direct.id).unwrap().name, "Anabel");
        assert_eq!(hers.shell.channel(direct.id).unwrap().unread(), 0);
        assert_eq!(his.shell.channel(direct.id).unwrap().unread(), 1);
    }
}

// C12, M06
each_engine! {
    async fn what_is_written_there_is_addressed_to_the_other_unless_they_muted_or_read_it(world: World) {
        let (_, ana, bo, acme) = acme(&world).await;
        let direct = open(&world, &ana, acme.id, &bo).await;
        let first = world.post(&ana, direct.id, "hello").await;
        follow(&world, direct.id, first.seq).await;
        let told = inbox(&world, &bo).await;
        assert_eq!((told.unread, told.notifications[0].told.as_ref().unwrap().channel.as_str()), (1, &*direct.slug));
        assert_eq!(inbox(&world, &ana).await.unread, 0);
        // Written anew it is the same message.
        let again =
            EditMessage { message: first.message.id, body: "hello!".to_owned(), version: None, reason: None };
        world.engine.execute(ana.clone(), again).await.unwrap();
        follow(&world, direct.id, first.seq + 1).await;
        assert_eq!(inbox(&world, &bo).await.notifications.len(), 1);
        // Who reads the conversation has noticed it, in every tab.
        let general = world.general(&bo, &acme).await;
        let mut tab = world.observer(&bo, &acme, &general).await;
        converges!(world, [tab], bo, MarkRead { channel: direct.id, position: 1 });
        assert_eq!((inbox(&world, &bo).await.unread, tab.shell.notifications), (0, 0));
        // What was read before anybody could be told of it is told to nobody.
        let second = world.post(&ana, direct.id, "there?").await;
        world.engine.execute(bo.clone(), MarkRead { channel: direct.id, position: 2 }).await.unwrap();
        follow(&world, direct.id, second.seq).await;
        assert_eq!(inbox(&world, &bo).await.notifications.len(), 1);
        let mute = SetNotifications { channel: direct.id, muted: true, level: NotificationLevel::All };
        world.engine.execute(bo.clone(), mute).await.unwrap();
        let third = world.post(&ana, direct.id, "@bo look").await;
        follow(&world, direct.id, third.seq).await;
        assert_eq!(inbox(&world, &bo).await.notifications.len(), 1, "muted");
    }
}

// C12
each_engine! {
    async fn a_conversation_stays_as_it_is_whatever_its_people_are(world: World) {
        let (_, ana, bo, acme) = acme(&world).await;
        promote(&world, &acme, &ana).await;
        let cleo = world.person("cleo").await;
        world.join(&cleo, &acme).await;
        let channel = open(&world, &ana, acme.id, &bo).await.id;
        let message = world.post(&bo, open(&world, &bo, acme.id, &ana).await.id, "mine").await.message.id;
        let engine = &world.engine;
        let run = || ana.clone();
        let (body, handle) = (|| "x".to_owned(), "cleo".to_owned());
        let refused: Vec<Error> = vec![
            engine.execute(run(), LeaveChannel { channel }).await.unwrap_err(),
            engine.execute(run(), AddToChannel { channel, handle }).await.unwrap_err(),
            engine.execute(run(), SetTopic { channel, topic: body() }).await.unwrap_err(),
            engine.execute(run(), RenameChannel { channel, name: body(), slug: String::new() }).await.unwrap_err(),
            engine.execute(run(), SetChannelStatus { channel, status: ChannelStatus::Locked }).await.unwrap_err(),
            engine.execute(run(), DeleteChannel { channel, name: body() }).await.unwrap_err(),
            engine.execute(run(), FlagMessage { message, reason: body() }).await.unwrap_err(),
            engine.execute(run(), DeleteMessage { message }).await.unwrap_err(),
            engine.ask(&ana, ReadHistory { message }).await.unwrap_err(),
        ];
        assert!(refused.iter().all(|error| matches!(error, Error::Forbidden { .. })), "{refused:?}");
        let slug = listed(&world, &ana, channel).await.unwrap().slug;
        let view = OpenChannel { community: "acme".to_owned(), channel: slug, at: None, before: None, after: None };
        let may = engine.ask(&ana, view).await.unwrap().may;
        assert!(may.post && may.react && may.pin && may.edit && may.delete);
        assert!(!may.leave && !may.add && !may.manage && !may.set_topic && !may.moderate && !may.flag);
        // A moderator who clears up after somebody clears channels.
        let (person, within) = (bo.id().unwrap(), 3_600);
        let clear = ClearMessages { community: acme.id, person, within };
        assert_eq!(engine.execute(run(), clear).await.unwrap().removed, 0);
        engine.execute(bo.clone(), DeleteMessage { message }).await.unwrap();
    }
}

// C12, R04
each_engine! {
    async fn who_leaves_the_community_loses_it_and_comes_back_to_it(world: World) {
        let (dee, ana, bo, acme) = acme(&world).await;
        let direct = open(&world, &ana, acme.id, &bo).await;
        world.post(&ana, direct.id, "hello").await;
        let mut hers = world.observer(&ana, &acme, &direct).await;
        converges!(world, [hers], bo, LeaveCommunity { community: acme.id });
        assert_eq!(read(&world, &bo, direct.id).await, Err(Error::NotFound));
        assert_eq!(read(&world, &ana, direct.id).await, Ok(1));
        let gone = world.try_post(&ana, direct.id, "still there?").await.unwrap_err();
        assert_eq!(gone, Error::conflict("BO is no longer in this community."));
        assert_eq!(read(&world, &ana, direct.id).await, Ok(1));
        // Written to again, they have it again.
        world.join(&bo, &acme).await;
        world.post(&ana, direct.id, "welcome back").await;
        hers.converges().await;
        assert_eq!((read(&world, &bo, direct.id).await, listed(&world, &bo, direct.id).await.unwrap().unread()), (Ok(2), 1));
        // As when they were banned, and open it themselves.
        let (community, person) = (acme.id, bo.id().unwrap());
        let ban = BanMember { community, person, reason: String::new() };
        converges!(world, [hers], dee, ban);
        assert_eq!(read(&world, &bo, direct.id).await, Err(Error::NotFound));
        assert!(world.try_post(&ana, direct.id, "?").await.is_err());
        world.engine.execute(dee, LiftBan { community, person }).await.unwrap();
        world.join(&bo, &acme).await;
        assert_eq!(open(&world, &bo, acme.id, &ana).await.id, direct.id);
        assert_eq!(read(&world, &bo, direct.id).await, Ok(2));
        hers.converges().await;
    }
}

// C12
each_engine! {
    async fn one_talks_to_one_member_of_the_community_or_keeps_notes(world: World) {
        let (dee, ana, bo, acme) = acme(&world).await;
        let stranger = world.person("stranger").await;
        let (her, his) = (ana.id().unwrap(), bo.id().unwrap());
        let wrong = async |people: Vec<PersonId>| {
            let opened = world.engine.execute(ana.clone(), OpenConversation { community: acme.id, people }).await;
            opened.unwrap_err().of_field("people").unwrap().to_owned()
        };
        assert_eq!(wrong(vec![]).await, "must name somebody to talk to");
        assert_eq!(wrong(vec![his, her]).await, "must be one person; for more, make a private channel");
        assert_eq!(wrong(vec![stranger.id().unwrap()]).await, "is nobody in this community");
        assert_eq!(wrong(vec![PersonId::fresh()]).await, "is nobody in this community");
        let notes = open(&world, &ana, acme.id, &ana).await;
        assert_eq!((notes.name.as_str(), notes.people[0].id), ("ANA (you)", her));
        world.post(&ana, notes.id, "milk").await;
        assert_eq!((read(&world, &ana, notes.id).await, inbox(&world, &ana).await.unread), (Ok(1), 0));
        assert!(world.engine.execute(stranger, with(acme.id, &ana)).await.is_err());
        let time_out = TimeOutMember { community: acme.id, person: his, seconds: Some(60) };
        world.engine.execute(dee, time_out).await.unwrap();
        assert!(matches!(world.engine.execute(bo, with(acme.id, &ana)).await, Err(Error::Forbidden { .. })));
    }
}

// C12
each_engine! {
    async fn nobody_begins_more_conversations_in_an_hour_than_a_person_would(world: World) {
        let (_, ana, bo, acme) = acme(&world).await;
        let first = open(&world, &ana, acme.id, &bo).await;
        for number in 1..=BEGUN_PER_HOUR {
            let other = world.person(&format!("p{number}")).await;
            world.join(&other, &acme).await;
            let opened = world.engine.execute(ana.clone(), with(acme.id, &other)).await;
            if number < BEGUN_PER_HOUR {
                assert!(opened.is_ok(), "{number}");
                continue;
            }
            let wrong = opened.unwrap_err().of_field("people").unwrap().to_owned();
            assert!(wrong.starts_with("are too many: you began 30 conversations"), "{wrong}");
            // What is there already can be opened, and others may write to her.
            assert_eq!(open(&world, &ana, acme.id, &bo).await.id, first.id);
            open(&world, &other, acme.id, &ana).await;
            world.clock.advance(3_600_000_000);
            open(&world, &ana, acme.id, &bo).await;
            let more = world.person("more").await;
            world.join(&more, &acme).await;
            open(&world, &ana, acme.id, &more).await;
        }
    }
}

// C12, M23, C05
each_engine! {
    async fn it_is_found_by_its_people_alone_and_is_no_channel_of_the_community(world: World) {
        let (dee, ana, bo, acme) = acme(&world).await;
        let direct = open(&world, &ana, acme.id, &bo).await;
        world.post(&ana, direct.id, "a walrus").await;
        let find = async |who: &Actor| {
            let q = "walrus".to_owned();
            let asked = SearchMessages { community: "acme".to_owned(), q, after: None };
            world.engine.ask(who, asked).await.unwrap().hits
        };
        assert_eq!(find(&bo).await[0].channel_name, "ANA");
        assert_eq!(find(&ana).await[0].channel_name, "BO");
        assert!(find(&dee).await.is_empty());
        let counted = world.engine.store().read::<_, crate::store::StoreError, _>(move |conn| {
            Box::pin(crate::store::channels::count(conn, acme.id))
        });
        assert_eq!(counted.await.unwrap(), 2, "#general and #announcements");
        let taken = world.engine.execute(dee, RenameChannel {
            channel: world.general(&ana, &acme).await.id,
            name: "trick".to_owned(),
            slug: direct.slug,
        });
        assert!(taken.await.unwrap_err().of_field("slug").is_some(), "nobody chooses such an address");
    }
}
