use super::{audited, mentions::inbox};
use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, ChannelSummary, CommandId, CommunitySummary, Error, Notification, Surface, Time,
        command::{AnswerCommand, CommandEnd, LeaveChannel, PostMessage, RunCommand, Taken},
        notification::NotificationKind,
        query::{ListMessages, ListParticipants, ReadCommand, Span},
    },
    each_engine,
    lab::World,
    lane::commands::Commands,
};

/// Ana and Bo in #plans of acme.
async fn together(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let plans = world.channel(&ana, acme.id, "plans", false).await;
    (ana, bo, acme, plans)
}

fn run(channel: ChannelId, body: &str) -> RunCommand {
    RunCommand { id: CommandId::fresh(), channel, body: body.to_owned() }
}

fn server() -> Actor {
    Actor::system(Surface::Worker)
}

/// What the lane does with a command.
async fn follow(world: &World, id: CommandId) {
    Commands::new(world.engine.clone()).follow(id).await.expect("the command is followed");
}

/// Gives a command and has it carried out; the asker's newest notification.
async fn give(world: &World, asker: &Actor, channel: ChannelId, body: &str) -> Notification {
    let command = run(channel, body);
    let id = command.id;
    world.engine.execute(asker.clone(), command).await.expect("the command is taken");
    follow(world, id).await;
    inbox(world, asker).await.notifications.remove(0)
}

async fn posted(world: &World, actor: &Actor, channel: ChannelId) -> usize {
    let page = world.engine.ask(actor, ListMessages { channel, span: Span::Latest }).await.unwrap();
    page.messages.len()
}

// M08, A05, M10, Q12, law 5
each_engine! {
    async fn a_command_is_carried_out_once_as_its_asker_and_only_they_are_told(world: World) {
        let mut world = world;
        let (ana, bo, acme, plans) = together(&world).await;
        let (mut hers, mut his) =
            (world.observer(&ana, &acme, &plans).await, world.observer(&bo, &acme, &plans).await);
        let command = run(plans.id, "/topic the launch");
        let taken = converges!(world, [hers, his], ana, command.clone());
        assert_eq!(taken, Taken { command: command.id, later: false });
        assert_eq!(world.engine.execute(ana.clone(), command.clone()).await.as_ref(), Ok(&taken), "a repeat is the same");
        world.restart().await;
        for _ in 0..3 {
            follow(&world, command.id).await;
        }
        let (mut hers, mut his) =
            (world.observer(&ana, &acme, &plans).await, world.observer(&bo, &acme, &plans).await);
        assert_eq!(his.shell.channel(plans.id).unwrap().topic, "the launch");
        let told = inbox(&world, &ana).await;
        assert_eq!((told.notifications.len(), told.unread), (1, 0), "what everybody sees done is no news");
        assert_eq!(told.notifications[0].words.as_deref(), Some("The topic is set."));
        assert!(inbox(&world, &bo).await.notifications.is_empty());
        assert_eq!((posted(&world, &ana, plans.id).await, posted(&world, &bo, plans.id).await), (0, 0));
        // Both processes keep to the same: what is answered now reaches every tab of the asker.
        let help = run(plans.id, "/help");
        converges!(world, [hers, his], ana, help.clone());
        follow(&world, help.id).await;
        assert_eq!((hers.converges().await, his.converges().await), (1, 0));
        assert_eq!((hers.shell.notifications, his.shell.notifications), (1, 0));
        let entries = audited(&world, command.id).await;
        assert!(entries.iter().any(|entry| entry.action == Action::RunCommand.as_str()));
        assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("launch")), "an entry holds no text");
        let set = audited(&world, plans.id).await;
        let set = set.iter().find(|entry| entry.action == Action::SetTopic.as_str()).unwrap();
        assert_eq!(set.actor, ana.id().map(Into::into), "done as the asker");
    }
}

// A05, U09, L07
each_engine! {
    async fn a_refused_command_tells_its_asker_why_and_is_audited(world: World) {
        let (ana, bo, _, plans) = together(&world).await;
        world.add(&ana, plans.id, &bo).await;
        let command = run(plans.id, "/topic mine");
        world.engine.execute(bo.clone(), command.clone()).await.unwrap();
        // Bo loses the right before the lane comes: the policy decides at that moment.
        world.engine.execute(bo.clone(), LeaveChannel { channel: plans.id }).await.unwrap();
        follow(&world, command.id).await;
        let told = inbox(&world, &bo).await;
        assert_eq!(told.unread, 1);
        let words = told.notifications[0].words.clone().unwrap();
        assert!(words.starts_with("/topic was refused. You may not do this."), "{words}");
        let refused = audited(&world, plans.id).await;
        assert!(refused.iter().any(|it| it.action == Action::SetTopic.as_str() && it.outcome == "refused"));
        let nobody = give(&world, &ana, plans.id, "/invite @nobody").await;
        assert_eq!((nobody.kind, nobody.read_at), (NotificationKind::Command, None));
        assert!(nobody.words.unwrap().contains("is nobody in this community"));
        // Who takes no part gives no commands.
        let outside = world.engine.execute(bo, run(plans.id, "/help")).await;
        assert!(matches!(outside, Err(Error::Forbidden { .. })), "{outside:?}");
    }
}

// A05
each_engine! {
    async fn an_invited_member_takes_part(world: World) {
        let (ana, bo, acme, plans) = together(&world).await;
        let mut his = world.observer(&bo, &acme, &plans).await;
        let told = give(&world, &ana, plans.id, "/invite @Bo").await;
        assert_eq!(told.words.as_deref(), Some("@Bo takes part now."));
        his.converges().await;
        assert!(his.shell.channel(plans.id).unwrap().joined());
        let page = ListParticipants { channel: plans.id, offset: 0 };
        assert_eq!(world.engine.ask(&ana, page).await.unwrap().members.len(), 2);
    }
}

// A05, Q16, Q02
each_engine! {
    async fn a_reminder_comes_on_time_once_also_after_a_restart(world: World) {
        let mut world = world;
        let (ana, bo, acme, plans) = together(&world).await;
        let mut hers = world.observer(&ana, &acme, &plans).await;
        let late = converges!(world, [hers], ana, run(plans.id, "/remind in 3 days the rent"));
        assert!(late.later);
        converges!(world, [hers], ana, run(plans.id, "/remind in 10m the tea"));
        world.restart().await;
        let (one, two) = (world.beside(|it| it, |_| {}).await, world.beside(|it| it, |_| {}).await);
        world.clock.advance(9 * Time::MINUTE);
        assert!(inbox(&world, &ana).await.notifications.is_empty(), "its time has not come");
        world.clock.advance(2 * Time::MINUTE);
        let told = loop {
            let told = inbox(&world, &ana).await;
            if !told.notifications.is_empty() {
                break told;
            }
            tokio::task::yield_now().await;
        };
        one.close().await;
        two.close().await;
        assert_eq!((told.notifications.len(), told.unread), (1, 1));
        let reminder = &told.notifications[0];
        assert_eq!((reminder.kind, reminder.words.as_deref()), (NotificationKind::Reminder, Some("the tea")));
        assert_eq!(reminder.told.as_ref().unwrap().permalink(), "/c/acme/plans");
        assert!(inbox(&world, &bo).await.notifications.is_empty());
        hers = world.observer(&ana, &acme, &plans).await;
        assert_eq!(hers.shell.notifications, 1);
        // One's own words stay one's own when the channel is gone for one.
        world.engine.execute(ana.clone(), LeaveChannel { channel: plans.id }).await.unwrap();
        world.clock.advance(3 * Time::DAY);
        follow(&world, late.command).await;
        assert_eq!(inbox(&world, &ana).await.notifications[0].words.as_deref(), Some("the rent"));
    }
}

// M08, M03, A05
each_engine! {
    async fn what_begins_with_a_slash_is_posted_done_or_explained(world: World) {
        let (ana, _, acme, plans) = together(&world).await;
        let mut seen = world.observer(&ana, &acme, &plans).await;
        let html = async |body: &str| world.post(&ana, plans.id, body).await.message.html;
        assert_eq!(html("/me waves to **all**").await.trim(), "<p><em>ANA waves to <strong>all</strong></em></p>");
        assert_eq!(html("/shrug").await.trim(), "<p>¯\\_(ツ)_/¯</p>");
        assert_eq!(html("//topic is a command").await.trim(), "<p>/topic is a command</p>");
        assert_eq!(html("/usr/bin/env").await.trim(), "<p>/usr/bin/env</p>");
        seen.converges().await;
        let before = posted(&world, &ana, plans.id).await;
        for body in ["/nonsense", "/nonsense x", "/topic x", "/remind soon", "/me"] {
            let refused = world.try_post(&ana, plans.id, body).await.unwrap_err();
            assert!(refused.of_field("body").is_some(), "{body}: {refused}");
        }
        for body in ["/nonsense x", "/remind soon", "hello", "/shrug", ""] {
            let refused = world.engine.execute(ana.clone(), run(plans.id, body)).await.unwrap_err();
            assert!(refused.of_field("body").is_some(), "{body}: {refused}");
        }
        assert_eq!((posted(&world, &ana, plans.id).await, seen.converges().await), (before, 0), "nothing was stored");
        let whose = world.engine.execute(Actor::visitor(Surface::Page), run(plans.id, "/help")).await;
        assert_eq!(whose, Err(Error::SignedOut));
    }
}

// S05, M27
each_engine! {
    async fn nobody_reads_or_answers_another_ones_command(world: World) {
        let (ana, bo, _, plans) = together(&world).await;
        world.add(&ana, plans.id, &bo).await;
        let command = run(plans.id, "/topic the secret plan");
        world.engine.execute(ana.clone(), command.clone()).await.unwrap();
        let stolen = world.engine.execute(bo.clone(), command.clone()).await.unwrap_err();
        assert_eq!(stolen.of_field("id"), Some("is in use"));
        for person in [&ana, &bo] {
            let read = world.engine.ask(person, ReadCommand { command: command.id }).await;
            assert!(matches!(read, Err(Error::Forbidden { .. })), "{read:?}");
            let forged = AnswerCommand { command: command.id, words: "x".to_owned(), end: CommandEnd::Done };
            let forged = world.engine.execute(person.clone(), forged).await;
            assert!(matches!(forged, Err(Error::Forbidden { .. })), "{forged:?}");
        }
        assert!(world.engine.ask(&server(), ReadCommand { command: command.id }).await.unwrap().is_some(), "the premise");
        follow(&world, command.id).await;
        assert_eq!(world.engine.ask(&server(), ReadCommand { command: command.id }).await, Ok(None));
    }
}

// P02
each_engine! {
    async fn a_persons_waiting_commands_are_bounded(world: World) {
        let (ana, _, _, plans) = together(&world).await;
        for n in 0..200 {
            world.engine.execute(ana.clone(), run(plans.id, &format!("/remind in 1 day {n}"))).await.unwrap();
        }
        let full = world.engine.execute(ana.clone(), run(plans.id, "/remind in 1 day more")).await;
        assert!(matches!(full, Err(Error::Conflict { .. })), "{full:?}");
        let post = PostMessage {
            id: crate::domain::MessageId::fresh(),
            channel: plans.id,
            body: "a message still goes".to_owned(),
            reply_to: None,
            expires_in: None,
        };
        assert!(world.engine.execute(ana, post).await.is_ok());
    }
}
