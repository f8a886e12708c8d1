use futures_util::future::join_all;

use super::{audited, promote};
use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, ChannelSummary, CommunitySummary, Error, MessageId,
        command::{DeleteMessage, EditMessage, PinMessage, UnpinMessage},
        pin::{PINS_PER_CHANNEL, Pin},
        query::{ListMessages, ListPins, OpenChannel, OpenCommunity, Span},
    },
    each_engine,
    lab::World,
    store::{Shard, Sql, StoreError},
};

async fn pins(world: &World, actor: &Actor, channel: ChannelId) -> Vec<Pin> {
    world.engine.ask(actor, ListPins { channel }).await.expect("who reads a channel sees its pins")
}

async fn marked(world: &World, actor: &Actor, channel: ChannelId) -> Vec<bool> {
    let page = world.engine.ask(actor, ListMessages { channel, span: Span::Latest }).await.unwrap();
    page.messages.iter().map(|message| message.pinned).collect()
}

/// Makes a channel read-only; there is no command for it yet.
async fn archive(world: &World, channel: ChannelId) {
    const ARCHIVE: Sql = Sql::both("UPDATE channels SET status = 'archived' WHERE id = $1");
    let archived = world
        .engine
        .store()
        .write::<_, StoreError, _>(Shard(0), move |conn| Box::pin(async move { conn.run(ARCHIVE, (channel,)).await }));
    assert_eq!(archived.await.unwrap(), 1);
}

/// Ana's community with Bo in it.
async fn house(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    (ana, bo, acme, general)
}

// M22, C09, E02
each_engine! {
    async fn what_is_pinned_is_marked_and_listed_newest_first_for_everybody(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let (one, two) =
            (world.post(&ana, general.id, "one").await.message.id, world.post(&ana, general.id, "two").await.message.id);
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        let mut late = of_bo.clone();
        converges!(world, [of_ana, of_bo], bo, PinMessage { message: two });
        converges!(world, [of_ana, of_bo], ana, PinMessage { message: one });
        let listed = pins(&world, &bo, general.id).await;
        let told: Vec<_> = listed.iter().map(|pin| (pin.message.id, pin.person.handle.as_str())).collect();
        assert_eq!(told, [(one, "ana"), (two, "bo")]);
        assert!(listed[0].at > listed[1].at && listed[0].message.html.contains("one"));
        assert_eq!(marked(&world, &bo, general.id).await, [true, true]);
        // Twice is once, and nobody is told again; who pinned it first stays.
        world.engine.execute(ana.clone(), PinMessage { message: two }).await.unwrap();
        assert_eq!(of_ana.catch_up().await, 0);
        assert_eq!(pins(&world, &bo, general.id).await, listed);
        // An edit leaves the mark where it is.
        let edit = EditMessage { message: one, body: "first".to_owned(), version: None, reason: None };
        converges!(world, [of_ana, of_bo], ana, edit);
        converges!(world, [of_ana, of_bo], bo, UnpinMessage { message: one });
        assert_eq!(marked(&world, &ana, general.id).await, [false, true]);
        world.engine.execute(ana.clone(), UnpinMessage { message: one }).await.unwrap();
        assert_eq!(of_ana.catch_up().await, 0);
        assert!(late.converges().await > 0, "a client that was away hears of it");
        let entries = audited(&world, one).await;
        let said: Vec<_> = entries.iter().filter(|entry| entry.action == Action::PinMessage.as_str()).collect();
        assert_eq!((said[1].changes["pinned"].clone(), said[1].changes["repeated"].clone()), (false.into(), false.into()));
    }
}

// M21, M22
each_engine! {
    async fn a_deleted_message_is_pinned_no_more(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let message = world.post(&ana, general.id, "the secret plan").await.message.id;
        let mut seen = world.observer(&bo, &acme, &general).await;
        converges!(world, [seen], bo, PinMessage { message });
        converges!(world, [seen], ana, DeleteMessage { message });
        assert!(pins(&world, &bo, general.id).await.is_empty());
        let late = world.engine.execute(bo.clone(), PinMessage { message }).await.unwrap_err();
        assert!(matches!(late, Error::Conflict { .. }), "{late}");
        let nowhere = world.engine.execute(bo, PinMessage { message: MessageId::fresh() }).await.unwrap_err();
        assert_eq!(nowhere, Error::NotFound);
    }
}

// C09
each_engine! {
    async fn a_channel_has_at_most_fifty_pins_however_they_come(world: World) {
        let (ana, bo, _, general) = house(&world).await;
        let mut messages = Vec::new();
        for n in 0..PINS_PER_CHANNEL + 5 {
            messages.push(world.post(&ana, general.id, &n.to_string()).await.message.id);
        }
        let all = messages.iter().zip([&ana, &bo].into_iter().cycle());
        let all = all.map(|(message, who)| world.engine.execute(who.clone(), PinMessage { message: *message }));
        let (pinned, refused): (Vec<_>, Vec<_>) = join_all(all).await.into_iter().partition(Result::is_ok);
        assert_eq!((pinned.len(), refused.len()), (50, 5));
        let error = refused[0].as_ref().unwrap_err();
        assert!(matches!(error, Error::Conflict { message } if message.contains("50 pinned messages")), "{error}");
        let listed = pins(&world, &bo, general.id).await;
        assert_eq!(listed.len(), 50);
        // The next one fits once one is gone; elsewhere there is room.
        let out: Vec<_> = messages.iter().filter(|id| listed.iter().all(|pin| pin.message.id != **id)).collect();
        world.engine.execute(bo.clone(), UnpinMessage { message: listed[49].message.id }).await.unwrap();
        world.engine.execute(bo.clone(), PinMessage { message: *out[0] }).await.unwrap();
        assert_eq!(pins(&world, &bo, general.id).await[0].message.id, *out[0]);
    }
}

// M22, C07
each_engine! {
    async fn participants_pin_and_in_announcements_moderators(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let eve = world.person("eve").await;
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let news = view.channels.into_iter().find(|channel| channel.slug == "announcements").unwrap();
        let (here, there) =
            (world.post(&ana, general.id, "here").await.message.id, world.post(&ana, news.id, "there").await.message.id);
        let outside = world.engine.execute(eve, PinMessage { message: here }).await.unwrap_err();
        assert!(matches!(outside, Error::Forbidden { .. }), "{outside}");
        let refused = world.engine.execute(bo.clone(), PinMessage { message: there }).await.unwrap_err();
        assert_eq!(refused, Error::Forbidden { rule: "announcements are pinned by moderators".to_owned() });
        let open = |channel: &str| OpenChannel {
            community: "acme".to_owned(), channel: channel.to_owned(), at: None, before: None, after: None,
        };
        assert!(world.engine.ask(&bo, open("general")).await.unwrap().may.pin);
        assert!(!world.engine.ask(&bo, open("announcements")).await.unwrap().may.pin);
        promote(&world, &acme, &bo).await;
        world.engine.execute(bo.clone(), PinMessage { message: there }).await.unwrap();
        world.engine.execute(bo.clone(), PinMessage { message: here }).await.unwrap();
        archive(&world, general.id).await;
        let archived = world.engine.execute(bo.clone(), UnpinMessage { message: here }).await.unwrap_err();
        assert_eq!(archived, Error::Forbidden { rule: "an archived channel is read-only".to_owned() });
        assert_eq!(pins(&world, &bo, general.id).await.len(), 1);
    }
}
