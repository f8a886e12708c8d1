use super::{
    audited,
    mentions::{follow, inbox},
};
use crate::{
    converges,
    domain::{
        Actor, ChannelId, ChannelStatus, ChannelSummary, CommunitySummary, Error,
        channel::NotificationLevel,
        command::{JoinChannel, LeaveChannel, MarkRead, SetChannelStatus, SetNotifications},
    },
    each_engine,
    lab::{Observer, World},
};

const fn set(channel: ChannelId, muted: bool, level: NotificationLevel) -> SetNotifications {
    SetNotifications { channel, muted, level }
}

/// Ana owns acme; Bo takes part in #general.
async fn acme(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    (ana, bo, acme, general)
}

fn held(tab: &Observer, channel: ChannelId) -> (i64, bool, NotificationLevel) {
    let mine = tab.shell.channel(channel).unwrap().participation.unwrap();
    (mine.read, mine.muted, mine.level)
}

/// Ana names Bo; answers how much Bo's inbox holds unread then.
async fn told(world: &World, ana: &Actor, bo: &Actor, channel: ChannelId) -> i64 {
    let posted = world.post(ana, channel, "@bo look").await;
    follow(world, channel, posted.seq).await;
    inbox(world, bo).await.unread
}

// C01, C06, U12, law 5
each_engine! {
    async fn what_one_wants_to_hear_of_a_channel_is_the_same_in_every_tab_and_nobody_elses(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        // One tab has the channel open, the other another one.
        let mut tab = world.observer(&bo, &acme, &general).await;
        let mut other = world.observer(&bo, &acme, &plans).await;
        let mut hers = world.observer(&ana, &acme, &general).await;
        assert_eq!(held(&tab, general.id), (0, false, NotificationLevel::All));
        world.post(&ana, general.id, "one").await;
        converges!(world, [tab, other, hers], bo, set(general.id, true, NotificationLevel::Mentions));
        assert_eq!(held(&tab, general.id), (0, true, NotificationLevel::Mentions));
        assert_eq!(held(&other, general.id), held(&tab, general.id));
        assert_eq!(held(&hers, general.id), (1, false, NotificationLevel::All));
        // Counting goes on (C13), and reading changes nothing of it.
        world.post(&ana, general.id, "two").await;
        tab.converges().await;
        assert_eq!(tab.shell.channel(general.id).unwrap().unread(), 2);
        converges!(world, [tab, other], bo, MarkRead { channel: general.id, position: 2 });
        assert_eq!(held(&tab, general.id), (2, true, NotificationLevel::Mentions));
        // The same once more is no event.
        world.engine.execute(bo.clone(), set(general.id, true, NotificationLevel::Mentions)).await.unwrap();
        assert_eq!(tab.catch_up().await, 0);
        let entry = &audited(&world, general.id).await[0];
        assert_eq!((entry.action.as_str(), &entry.changes["muted"]), ("channel.set_notifications", &true.into()));
        // An archived channel can be muted as well.
        let archive = SetChannelStatus { channel: general.id, status: ChannelStatus::Archived };
        converges!(world, [tab, hers], ana, archive);
        converges!(world, [tab, other], bo, set(general.id, false, NotificationLevel::Nothing));
    }
}

// C13, U12
each_engine! {
    async fn what_one_writes_in_one_tab_is_read_in_the_other_that_has_another_channel_open(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        let mut other = world.observer(&bo, &acme, &plans).await;
        world.post(&ana, general.id, "one").await;
        converges!(world, [other], bo, MarkRead { channel: general.id, position: 1 });
        world.post(&bo, general.id, "two").await;
        other.converges().await;
        assert_eq!(other.shell.channel(general.id).unwrap().unread(), 0);
        world.post(&ana, general.id, "three").await;
        other.converges().await;
        assert_eq!(other.shell.channel(general.id).unwrap().unread(), 1);
    }
}

// M06, C06
each_engine! {
    async fn who_wants_to_hear_nothing_of_a_channel_is_not_told_of_mentions_in_it(world: World) {
        let (ana, bo, acme, general) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        world.add(&ana, plans.id, &bo).await;
        assert_eq!(told(&world, &ana, &bo, general.id).await, 1);
        // Who muted a channel is told still, and who wants only mentions wants mentions.
        world.engine.execute(bo.clone(), set(general.id, true, NotificationLevel::All)).await.unwrap();
        assert_eq!(told(&world, &ana, &bo, general.id).await, 2);
        world.engine.execute(bo.clone(), set(general.id, false, NotificationLevel::Mentions)).await.unwrap();
        assert_eq!(told(&world, &ana, &bo, general.id).await, 3);
        world.engine.execute(bo.clone(), set(general.id, false, NotificationLevel::Nothing)).await.unwrap();
        assert_eq!(told(&world, &ana, &bo, general.id).await, 3);
        assert_eq!(told(&world, &ana, &bo, plans.id).await, 4, "the premise: elsewhere they are told");
        world.engine.execute(bo.clone(), set(general.id, false, NotificationLevel::All)).await.unwrap();
        assert_eq!(told(&world, &ana, &bo, general.id).await, 5);
    }
}

// C06, S03
each_engine! {
    async fn only_who_takes_part_says_how_much_they_want_to_hear(world: World) {
        let (ana, bo, acme, _) = acme(&world).await;
        let plans = world.channel(&ana, acme.id, "plans", false).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let refused = world.engine.execute(bo.clone(), set(plans.id, true, NotificationLevel::All)).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        let unseen = world.engine.execute(bo.clone(), set(secret.id, true, NotificationLevel::All)).await;
        assert_eq!(unseen, Err(Error::NotFound));
        // Who comes back begins anew.
        world.engine.execute(bo.clone(), JoinChannel { channel: plans.id }).await.unwrap();
        world.engine.execute(bo.clone(), set(plans.id, true, NotificationLevel::Nothing)).await.unwrap();
        world.engine.execute(bo.clone(), LeaveChannel { channel: plans.id }).await.unwrap();
        let again = world.engine.execute(bo, JoinChannel { channel: plans.id }).await.unwrap();
        let mine = again.participation.unwrap();
        assert_eq!((mine.muted, mine.level), (false, NotificationLevel::All));
    }
}
