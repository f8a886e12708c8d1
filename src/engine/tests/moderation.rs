use super::{audited, give};
use crate::{
    converges,
    domain::{
        Actor, ChannelId, CommunityId, Error, Event, MessageId, Role, Time, Topic,
        command::{
            AddReaction, AddToChannel, BanMember, ClearMessages, CreateChannel, EditMessage, JoinChannel,
            JoinCommunity, KickMember, LeaveCommunity, LiftBan, PostMessage, SetTopic, TimeOutMember,
        },
        member::Departure,
        query::{
            Admit, AdmitTyping, CatchUp, ListBans, ListCommunities, ListMembers, ListMessages, Missed, OpenCommunity,
            ReadMember, ReadThread, Span,
        },
        thread::Reply,
    },
    each_engine,
    engine::Command,
    lab::World,
};

fn kick(community: CommunityId, person: &Actor) -> KickMember {
    KickMember { community, person: person.id().unwrap() }
}

fn ban(community: CommunityId, person: &Actor) -> BanMember {
    BanMember { community, person: person.id().unwrap(), reason: "junk".to_owned() }
}

fn silence(community: CommunityId, person: &Actor, seconds: Option<i64>) -> TimeOutMember {
    TimeOutMember { community, person: person.id().unwrap(), seconds }
}

fn clear(community: CommunityId, person: &Actor) -> ClearMessages {
    ClearMessages { community, person: person.id().unwrap(), within: 3_600 }
}

async fn refusal<C: Command<Output: std::fmt::Debug>>(world: &World, actor: &Actor, command: C) -> Error {
    world.engine.execute(actor.clone(), command).await.unwrap_err()
}

/// How many of the latest messages that are still there were written by `author`.
async fn left_of(world: &World, reader: &Actor, channel: ChannelId, author: &Actor) -> usize {
    let page = world.engine.ask(reader, ListMessages { channel, span: Span::Latest }).await.unwrap();
    page.messages.iter().filter(|message| message.author.id == author.id().unwrap() && !message.is_deleted()).count()
}

// R04
each_engine! {
    async fn who_is_kicked_loses_the_community_and_all_channels_and_may_come_back(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        world.add(&ana, secret.id, &bo).await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let mine = Topic::Person(bo.id().unwrap());
        let cursor = world.engine.ask(&bo, Admit { topic: mine }).await.unwrap().head;
        converges!(world, [seen], ana, kick(acme.id, &bo));
        assert_eq!(seen.shell.communities[0].members, 1);
        assert!(world.engine.ask(&bo, ListCommunities {}).await.unwrap().mine.is_empty());
        assert_eq!(world.try_post(&bo, secret.id, "still here?").await.unwrap_err(), Error::NotFound);
        assert!(matches!(world.try_post(&bo, general.id, "hello?").await.unwrap_err(), Error::Forbidden { .. }));
        let Missed::Events(told) = world.engine.ask(&bo, CatchUp { topic: mine, cursor }).await.unwrap() else {
            panic!("nothing was stale")
        };
        let (first, channels) = told.split_first().unwrap();
        let why = Event::CommunityLeft { community: acme.id, departure: Departure::Kicked, reason: String::new() };
        assert_eq!(first.event, why, "before the channels, so that nothing of them is asked for again");
        let left = channels.iter().filter(|envelope| matches!(envelope.event, Event::ChannelLeft { .. })).count();
        assert_eq!((left, channels.len()), (3, 3), "#general, #announcements and #secret");
        let entry = &audited(&world, bo.id().unwrap()).await[0];
        assert_eq!((entry.action.as_str(), &entry.changes["role"]), ("member.kick", &"member".into()));
        assert_eq!(refusal(&world, &ana, kick(acme.id, &bo)).await, Error::NotFound, "twice is no member");
        converges!(world, [seen], bo, JoinCommunity { community: acme.id });
        world.post(&bo, general.id, "back again").await;
    }
}

// R04, S08
each_engine! {
    async fn who_is_banned_stays_out_until_the_ban_is_lifted(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        give(&world, &acme, &cy, Role::Moderator).await;
        let general = world.general(&ana, &acme).await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        let mine = Topic::Person(bo.id().unwrap());
        let cursor = world.engine.ask(&bo, Admit { topic: mine }).await.unwrap().head;
        converges!(world, [seen], cy, ban(acme.id, &bo));
        // What he sees is what he would see of a community that is not there.
        assert_eq!(refusal(&world, &bo, JoinCommunity { community: acme.id }).await, Error::NotFound);
        assert_eq!(refusal(&world, &bo, JoinChannel { channel: general.id }).await, Error::NotFound);
        for topic in [Topic::Community(acme.id), Topic::Channel(general.id)] {
            assert_eq!(world.engine.ask(&bo, Admit { topic }).await.unwrap_err(), Error::NotFound);
        }
        assert!(world.engine.ask(&bo, OpenCommunity { slug: "acme".to_owned() }).await.is_err());
        let directory = world.engine.ask(&bo, ListCommunities {}).await.unwrap();
        assert!(directory.mine.is_empty() && directory.others.is_empty());
        // He is told once, and why.
        let Missed::Events(told) = world.engine.ask(&bo, CatchUp { topic: mine, cursor }).await.unwrap() else {
            panic!("nothing was stale")
        };
        let why = Event::CommunityLeft { community: acme.id, departure: Departure::Banned, reason: "junk".to_owned() };
        assert_eq!(told.iter().filter(|envelope| envelope.event == why).count(), 1);
        // Moderators see it, nobody else.
        let bans = world.engine.ask(&cy, ListBans { community: acme.id, offset: 0 }).await.unwrap().bans;
        let listed = (bans[0].person.id, bans[0].moderator.id, bans[0].reason.as_str());
        assert_eq!((bans.len(), listed), (1, (bo.id().unwrap(), cy.id().unwrap(), "junk")));
        let di = world.person("di").await;
        world.join(&di, &acme).await;
        let list = ListBans { community: acme.id, offset: 0 };
        assert!(matches!(world.engine.ask(&di, list).await.unwrap_err(), Error::Forbidden { .. }));
        let asked = ReadMember { community: acme.id, person: bo.id().unwrap() };
        assert_eq!(world.engine.ask(&di, asked).await.unwrap_err(), Error::NotFound);
        assert_eq!(world.engine.ask(&cy, asked).await.unwrap().ban.unwrap().reason, "junk");
        // Another reason takes the place of the first, and somebody who is gone can be banned all the same.
        let again = BanMember { reason: "much junk".to_owned(), ..ban(acme.id, &bo) };
        world.engine.execute(ana.clone(), again).await.unwrap();
        world.engine.execute(di.clone(), LeaveCommunity { community: acme.id }).await.unwrap();
        world.engine.execute(cy.clone(), ban(acme.id, &di)).await.unwrap();
        let bans = world.engine.ask(&cy, list).await.unwrap().bans;
        assert_eq!(bans.iter().map(|ban| ban.reason.as_str()).collect::<Vec<_>>(), ["junk", "much junk"]);
        let mercy = LiftBan { community: acme.id, person: bo.id().unwrap() };
        world.engine.execute(cy.clone(), mercy).await.unwrap();
        converges!(world, [seen], bo, JoinCommunity { community: acme.id });
        let entries = audited(&world, bo.id().unwrap()).await;
        assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("junk")), "{entries:?}");
    }
}

// R04
each_engine! {
    async fn nobody_moderates_themselves_their_equals_or_the_owner(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        give(&world, &acme, &bo, Role::Moderator).await;
        for (actor, person) in [(&ana, &ana), (&bo, &bo), (&bo, &ana), (&cy, &bo), (&cy, &cy)] {
            let refusals = [
                refusal(&world, actor, kick(acme.id, person)).await,
                refusal(&world, actor, ban(acme.id, person)).await,
                refusal(&world, actor, silence(acme.id, person, Some(600))).await,
                refusal(&world, actor, clear(acme.id, person)).await,
            ];
            assert!(refusals.iter().all(|error| matches!(error, Error::Forbidden { .. })), "{refusals:?}");
        }
        let told = refusal(&world, &bo, kick(acme.id, &ana)).await.to_string();
        assert!(told.contains("never themselves or the owner"), "{told}");
        let page = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        assert_eq!(world.engine.ask(&ana, page).await.unwrap().members.len(), 3);
        let long = BanMember { reason: "x".repeat(501), ..ban(acme.id, &cy) };
        assert!(refusal(&world, &bo, long).await.of_field("reason").is_some());
        for seconds in [0, 59, 28 * 86_400 + 1, i64::MAX, i64::MIN] {
            let wrong = refusal(&world, &bo, silence(acme.id, &cy, Some(seconds))).await;
            assert!(wrong.of_field("seconds").is_some(), "{wrong}");
        }
    }
}

// R02
each_engine! {
    async fn during_a_time_out_one_reads_and_when_it_is_over_one_writes(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let (mut of_ana, mut of_bo) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        let message = world.post(&bo, general.id, "before").await.message.id;
        converges!(world, [of_ana, of_bo], ana, silence(acme.id, &bo, Some(600)));
        let until = of_bo.shell.open.as_ref().unwrap().silenced_until.unwrap();
        assert!(!of_bo.shell.open.as_ref().unwrap().may.create_channel);
        let refusals = [
            world.try_post(&bo, general.id, "during").await.unwrap_err(),
            refusal(&world, &bo, EditMessage { message, body: "other".to_owned(), version: None, reason: None }).await,
            refusal(&world, &bo, AddReaction { message, emoji: "👍".to_owned() }).await,
            refusal(&world, &bo, SetTopic { channel: general.id, topic: "x".to_owned() }).await,
            refusal(&world, &bo, AddToChannel { channel: general.id, handle: "ana".to_owned() }).await,
            refusal(&world, &bo, CreateChannel {
                id: ChannelId::fresh(), community: acme.id, name: "x".to_owned(), topic: String::new(), private: false,
            }).await,
            world.engine.ask(&bo, AdmitTyping { channel: general.id }).await.unwrap_err(),
        ];
        assert!(refusals.iter().all(|error| matches!(error, Error::Forbidden { .. })), "{refusals:?}");
        assert_eq!(left_of(&world, &bo, general.id, &bo).await, 1, "reading goes on");
        // Leaving and coming back does not end it, nor is it another community's.
        world.engine.execute(bo.clone(), LeaveCommunity { community: acme.id }).await.unwrap();
        world.join(&bo, &acme).await;
        assert!(world.try_post(&bo, general.id, "sneaking").await.is_err());
        let own = world.community(&bo, "own", true).await;
        world.post(&bo, world.general(&bo, &own).await.id, "at home").await;
        // It is over at its time and not before.
        world.clock.advance(until.since(world.engine.clock().now()) - 10 * Time::SECOND);
        assert!(world.try_post(&bo, general.id, "too early").await.is_err());
        world.clock.advance(10 * Time::SECOND);
        world.post(&bo, general.id, "after").await;
        // Another one is ended by hand.
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        converges!(world, [of_bo], ana, silence(acme.id, &bo, Some(600)));
        assert!(world.try_post(&bo, general.id, "during").await.is_err());
        converges!(world, [of_bo], ana, silence(acme.id, &bo, None));
        world.post(&bo, general.id, "at last").await;
        let entry = &audited(&world, bo.id().unwrap()).await[0];
        assert_eq!((entry.action.as_str(), &entry.changes["until"]), ("member.time_out", &serde_json::Value::Null));
    }
}

// R04: a flood is cleaned up.
each_engine! {
    async fn what_somebody_wrote_lately_is_deleted_in_every_channel_and_nothing_else(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let (acme, other) = (world.community(&ana, "acme", true).await, world.community(&ana, "other", true).await);
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
            world.join(person, &other).await;
        }
        give(&world, &acme, &cy, Role::Moderator).await;
        let general = world.general(&ana, &acme).await;
        // The moderator is not in it: what was flooded there is cleaned up all the same.
        let hidden = world.channel(&ana, acme.id, "hidden", true).await;
        world.add(&ana, hidden.id, &bo).await;
        let elsewhere = world.general(&ana, &other).await;
        world.post(&bo, general.id, "an honest word").await;
        world.clock.advance(2 * 3_600 * Time::SECOND);
        world.post(&ana, general.id, "what is this?").await;
        for n in 0..30 {
            world.post(&bo, general.id, &format!("junk {n}")).await;
        }
        for n in 0..3 {
            world.post(&bo, hidden.id, &format!("junk {n}")).await;
        }
        world.post(&bo, elsewhere.id, "elsewhere").await;
        let mut seen = world.observer(&ana, &acme, &general).await;
        world.engine.execute(cy.clone(), ban(acme.id, &bo)).await.unwrap();
        let mut removed = 0;
        loop {
            let cleared = converges!(world, [seen], cy, clear(acme.id, &bo));
            assert!(cleared.removed <= crate::domain::member::CLEARED_AT_ONCE);
            removed += cleared.removed;
            if !cleared.more {
                break;
            }
        }
        assert_eq!(removed, 33);
        assert_eq!(left_of(&world, &ana, general.id, &bo).await, 1, "what is older stays");
        assert_eq!(left_of(&world, &ana, hidden.id, &bo).await, 0);
        assert_eq!(left_of(&world, &ana, elsewhere.id, &bo).await, 1);
        assert_eq!(left_of(&world, &ana, general.id, &ana).await, 1);
        let none = world.engine.execute(cy.clone(), clear(acme.id, &bo)).await.unwrap();
        assert_eq!((none.removed, none.more), (0, false));
        for within in [0, 59, 7 * 86_400 + 1] {
            let wrong = refusal(&world, &cy, ClearMessages { within, ..clear(acme.id, &bo) }).await;
            assert!(wrong.of_field("within").is_some(), "{wrong}");
        }
        let entry = &audited(&world, bo.id().unwrap()).await[1];
        assert_eq!((entry.action.as_str(), entry.changes["removed"].is_number()), ("member.clear_messages", true));
    }
}

// R04: whatever happens at the same moment on another node.
each_engine! {
    async fn nobody_slips_in_while_they_are_banned(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let beside = world.beside(|settings| settings, |_| {}).await;
        let general = world.general(&ana, &acme).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        for n in 0..6 {
            let bo = world.person(&format!("bo{n}")).await;
            let first = JoinCommunity { community: acme.id };
            if n % 2 == 0 {
                world.engine.execute(bo.clone(), first.clone()).await.unwrap();
            }
            let (post, join) = (
                crate::domain::command::PostMessage {
                    id: MessageId::fresh(), channel: general.id, body: "junk".to_owned(), reply_to: None, expires_in: None,
                },
                JoinChannel { channel: plans.id },
            );
            let at_once = futures_util::future::join4(
                world.engine.execute(ana.clone(), ban(acme.id, &bo)),
                beside.execute(bo.clone(), first),
                beside.execute(bo.clone(), join),
                beside.execute(bo.clone(), post),
            );
            at_once.await.0.unwrap();
            let person = bo.id().unwrap();
            let parts = world.engine.store().read::<_, crate::store::StoreError, _>(move |conn| Box::pin(async move {
                let mut parts = Vec::new();
                for channel in [general.id, plans.id] {
                    parts.push(crate::store::channels::participates(conn, channel, person).await?);
                }
                Ok(parts)
            }));
            assert_eq!(parts.await.unwrap(), [false, false], "a participation was left behind");
            assert_eq!(world.try_post(&bo, general.id, "in?").await.unwrap_err(), Error::NotFound);
        }
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        assert_eq!(view.community.members, 1, "counted once each");
        let page = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        assert_eq!(world.engine.ask(&ana, page).await.unwrap().members.len(), 1);
        beside.close().await;
    }
}

// R04, M05
each_engine! {
    async fn what_was_flooded_into_threads_goes_as_well(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "a thread").await.message.id;
        let junk = PostMessage {
            id: MessageId::fresh(), channel: general.id, body: "junk".to_owned(), reply_to: Some(Reply::to(root)), expires_in: None,
        };
        world.engine.execute(bo.clone(), junk).await.unwrap();
        let cleared = world.engine.execute(ana.clone(), clear(acme.id, &bo)).await.unwrap();
        assert_eq!((cleared.removed, cleared.more), (1, false));
        let read = ReadThread { message: root, span: Span::Latest };
        let thread = world.engine.ask(&ana, read).await.unwrap();
        assert!(thread.page.messages.iter().all(crate::domain::Message::is_deleted));
    }
}
