//! The server's own housekeeping passes the door like everybody else.

use crate::{
    domain::{
        Action, Actor, CommandId, Error, Surface, Time, Topic,
        account::SESSION_LIFE,
        audit::AuditEntry,
        command::{ForgetActivity, Leftover, RunCommand, SetRetention, Tidy},
        notification::NotificationKind,
        query::{Admit, ListAudit, ListNotifications},
    },
    each_engine,
    lab::World,
    lane::{activity::count_once, commands::Commands, general::tidy_once, mentions::Mentions, retention::remove_once},
};

async fn entries(world: &World, reader: &Actor) -> Vec<AuditEntry> {
    let tidied = ListAudit { action: Some(Action::Tidy), ..ListAudit::default() };
    world.engine.ask(reader, tidied).await.unwrap().entries
}

/// What was removed of one kind, run by run, the latest first. The lanes may have been there before the test.
fn removed(entries: &[AuditEntry], what: &str) -> Vec<u64> {
    let of_kind = entries.iter().filter(|entry| entry.changes["what"] == what);
    of_kind.map(|entry| entry.changes["removed"].as_u64().unwrap()).collect()
}

each_engine! {
    // L07, law 1
    async fn what_housekeeping_removes_is_in_the_log_in_one_entry_and_nothing_is_not(world: World) {
        let ana = world.person("ana").await;
        for handle in ["bo", "cy", "di"] {
            world.person(handle).await;
        }
        for what in Leftover::ALL {
            assert_eq!(tidy_once(&world.engine, *what).await.unwrap(), 0, "{what}");
        }
        assert_eq!(entries(&world, &ana).await, [], "nothing was removed");
        world.clock.advance(SESSION_LIFE + Time::DAY);
        tidy_once(&world.engine, Leftover::Sessions).await.unwrap();
        let entries = entries(&world, &ana).await;
        assert_eq!(removed(&entries, "sessions"), [4], "one entry for all of them");
        let entry = entries.iter().find(|entry| entry.changes["what"] == "sessions").unwrap();
        assert_eq!((entry.actor_kind.as_str(), entry.outcome.as_str()), ("system", "done"));
        assert!(entry.changes["before"].is_i64(), "up to when: {}", entry.changes);
    }

    // A05, M06
    async fn what_a_command_answered_leaves_the_inbox_after_thirty_days_and_a_mention_stays(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let posted = world.post(&bo, general.id, "@ana come").await;
        Mentions::new(world.engine.clone()).follow(Topic::Channel(general.id), posted.seq).await.unwrap();
        let inbox = async || world.engine.ask(&ana, ListNotifications { before: None }).await.unwrap();
        let run = async |body: &str| {
            let id = CommandId::fresh();
            let command = RunCommand { id, channel: general.id, body: body.to_owned() };
            world.engine.execute(ana.clone(), command).await.unwrap();
            Commands::new(world.engine.clone()).follow(id).await.unwrap();
        };
        // One that is no news, and one that nobody has read.
        run("/topic boats").await;
        run("/help").await;
        assert_eq!((inbox().await.notifications.len(), inbox().await.unread), (3, 2), "the premise");
        world.clock.advance(29 * Time::DAY);
        tidy_once(&world.engine, Leftover::Answers).await.unwrap();
        assert_eq!(inbox().await.notifications.len(), 3);
        world.clock.advance(2 * Time::DAY);
        let topic = Topic::Person(ana.id().unwrap());
        let before = world.engine.ask(&ana, Admit { topic }).await.unwrap().head;
        tidy_once(&world.engine, Leftover::Answers).await.unwrap();
        let left = inbox().await;
        assert_eq!((left.notifications.len(), left.unread), (1, 1));
        assert_eq!(left.notifications[0].kind, NotificationKind::Mention);
        let after = world.engine.ask(&ana, Admit { topic }).await.unwrap().head;
        assert!(after <= before + 1, "of what was read already nobody is told");
        assert_eq!(removed(&entries(&world, &ana).await, "answers"), [2]);
    }

    // L07, C10, O08
    async fn figures_that_go_are_in_the_log_and_counting_is_not(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        world.post(&ana, general.id, "old").await;
        assert_eq!(count_once(&world.engine, world.engine.store()).await.unwrap(), 1);
        let keep = SetRetention { channel: general.id, retention_days: Some(1) };
        world.engine.execute(ana.clone(), keep).await.unwrap();
        remove_once(&world.engine, world.engine.store(), world.engine.clock()).await.unwrap();
        assert_eq!(removed(&entries(&world, &ana).await, "activity"), [0; 0]);
        world.clock.advance(3 * Time::DAY);
        for _ in 0..2 {
            remove_once(&world.engine, world.engine.store(), world.engine.clock()).await.unwrap();
        }
        assert_eq!(removed(&entries(&world, &ana).await, "activity"), [1]);
    }

    // S05
    async fn nobody_else_tidies(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let tidied = world.engine.execute(ana.clone(), Tidy { what: Leftover::Sessions }).await;
        assert!(matches!(tidied, Err(Error::Forbidden { .. })), "{tidied:?}");
        let visitor = Actor::visitor(Surface::Api);
        let forgotten = world.engine.execute(visitor, ForgetActivity { channel: general.id }).await;
        assert_eq!(forgotten, Err(Error::SignedOut));
    }
}
