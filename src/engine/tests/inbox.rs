use super::audited;
use super::mentions::{follow, inbox};
use crate::{
    converges,
    domain::{
        Actor, ChannelSummary, CommunitySummary, Error, NotificationId, Surface,
        command::{MarkAllNotificationsRead, MarkMessageNoticed, MarkNotificationRead},
        query::{Inbox, ListCommunities, ListNotifications},
    },
    each_engine,
    lab::World,
};

/// Ana has named Bo in #general this often; nobody has read it.
async fn named(world: &World, times: usize) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    for n in 1..=times {
        let posted = world.post(&ana, general.id, &format!("@bo {n}")).await;
        follow(world, general.id, posted.seq).await;
    }
    (ana, bo, acme, general)
}

fn excerpts(page: &Inbox) -> Vec<String> {
    page.notifications.iter().filter_map(|one| one.told.as_ref()?.excerpt.clone()).collect()
}

// C13, M25
each_engine! {
    async fn an_inbox_is_paged_newest_first_and_shows_everything_once(world: World) {
        let (_, bo, ..) = named(&world, 120).await;
        let (mut before, mut seen) = (None, Vec::new());
        for (length, more) in [(50, true), (50, true), (20, false)] {
            let page = world.engine.ask(&bo, ListNotifications { before }).await.unwrap();
            assert_eq!((page.notifications.len(), page.more, page.unread), (length, more, 120));
            seen.extend(excerpts(&page));
            before = page.notifications.last().map(|last| last.id);
        }
        assert_eq!(seen, (1..=120).rev().map(|n| format!("@bo {n}")).collect::<Vec<_>>());
    }
}

// C13
each_engine! {
    async fn the_unread_count_is_exact_in_every_tab_and_after_a_restart(world: World) {
        let mut world = world;
        let (_, bo, acme, general) = named(&world, 4).await;
        let (mut tab, mut other) =
            (world.observer(&bo, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        assert_eq!(tab.shell.notifications, 4);
        let first = inbox(&world, &bo).await.notifications[3].clone();
        let one = MarkNotificationRead { notification: first.id };
        assert_eq!(converges!(world, [tab, other], bo, one.clone()), 3);
        assert_eq!((tab.shell.notifications, other.shell.notifications), (3, 3));
        // Again is no event.
        assert_eq!(converges!(world, [tab, other], bo, one), 3);
        assert_eq!(tab.catch_up().await, 0);
        let message = inbox(&world, &bo).await.notifications[0].told.clone().unwrap().message.unwrap();
        assert_eq!(converges!(world, [tab, other], bo, MarkMessageNoticed { message }), 2);
        assert_eq!(converges!(world, [tab, other], bo, MarkMessageNoticed { message }), 2);
        assert_eq!(tab.catch_up().await, 0);
        world.restart().await;
        let page = inbox(&world, &bo).await;
        assert_eq!(page.unread, 2);
        assert_eq!(page.notifications.iter().filter(|one| one.read_at.is_none()).count(), 2, "counted afresh");
        let mut tab = world.observer(&bo, &acme, &general).await;
        converges!(world, [tab], bo, MarkAllNotificationsRead {});
        converges!(world, [tab], bo, MarkAllNotificationsRead {});
        assert_eq!((tab.shell.notifications, tab.catch_up().await), (0, 0));
        assert!(inbox(&world, &bo).await.notifications.iter().all(|one| one.read_at.is_some()));
    }
}

// S08
each_engine! {
    async fn an_inbox_is_its_persons_own(world: World) {
        let (ana, bo, acme, general) = named(&world, 2).await;
        let mut tab = world.observer(&bo, &acme, &general).await;
        let entry = inbox(&world, &bo).await.notifications[0].clone();
        let message = entry.told.clone().unwrap().message.unwrap();
        for notification in [entry.id, NotificationId::fresh()] {
            let refused = world.engine.execute(ana.clone(), MarkNotificationRead { notification }).await;
            assert_eq!(refused, Err(Error::NotFound), "somebody else's is answered like none");
            let audit = audited(&world, notification).await;
            assert_eq!(audit.iter().map(|entry| entry.outcome.as_str()).collect::<Vec<_>>(), ["refused"]);
            assert_eq!(audit[0].changes["asked"], "MarkNotificationRead");
        }
        assert_eq!(converges!(world, [tab], ana, MarkMessageNoticed { message }), 0);
        converges!(world, [tab], ana, MarkAllNotificationsRead {});
        assert_eq!(tab.shell.notifications, 2, "nobody reads for somebody else");
        assert!(inbox(&world, &ana).await.notifications.is_empty());
        let beyond = ListNotifications { before: Some(entry.id) };
        assert!(world.engine.ask(&ana, beyond.clone()).await.unwrap().notifications.is_empty());
        assert_eq!(world.engine.ask(&bo, beyond).await.unwrap().notifications.len(), 1, "the premise");
        assert_eq!(world.engine.ask(&ana, ListCommunities {}).await.unwrap().notifications, 0);
    }
}

// U08
each_engine! {
    async fn nobody_signed_in_has_no_inbox(world: World) {
        let visitor = Actor::visitor(Surface::Page);
        let engine = &world.engine;
        let notification = NotificationId::fresh();
        for refused in [
            engine.ask(&visitor, ListNotifications { before: None }).await.map(drop),
            engine.execute(visitor.clone(), MarkNotificationRead { notification }).await.map(drop),
            engine.execute(visitor.clone(), MarkMessageNoticed { message: crate::domain::MessageId::fresh() }).await.map(drop),
            engine.execute(visitor.clone(), MarkAllNotificationsRead {}).await,
        ] {
            assert_eq!(refused, Err(Error::SignedOut));
        }
    }
}

// C13, M16
each_engine! {
    async fn the_last_count_told_is_the_true_one_whoever_came_first(world: World) {
        let (ana, bo, acme, general) = named(&world, 1).await;
        let mut tab = world.observer(&bo, &acme, &general).await;
        let mut posts = Vec::new();
        for n in 0..20 {
            posts.push(world.post(&ana, general.id, &format!("@bo again {n}")).await.seq);
        }
        let telling = futures_util::future::join_all(posts.into_iter().map(|seq| follow(&world, general.id, seq)));
        let reading = async {
            for _ in 0..5 {
                world.engine.execute(bo.clone(), MarkAllNotificationsRead {}).await.unwrap();
            }
        };
        futures_util::future::join(telling, reading).await;
        tab.converges().await;
        let counted = inbox(&world, &bo).await;
        assert_eq!(counted.notifications.len(), 21);
        assert_eq!(tab.shell.notifications, counted.unread);
    }
}
