//! Slash commands that the lane carries out (M08, A05).

use serde_json::json;
use uuid::Uuid;

use super::{Asking, Command, Outcome, Query, Tools, Work, channel::ChannelScope, notification::tell};
use crate::{
    domain::{
        Action, Actor, Error, Event, EventId, Lane, NotificationId, PersonId, Result, Topic,
        command::{AnswerCommand, CommandEnd, RunCommand, Taken},
        notification::NotificationKind,
        query::{Asked, ReadCommand},
        slash::{self, Errand, Plan, Said},
        text::MessageBody,
    },
    policy::Target,
    store::{
        Conn, Shard,
        commands::{self, NewCommand},
        notifications::{self, NewNotification},
        outbox::NewRecord,
        people,
    },
};

/// The handler that carries commands out.
pub const COMMANDS: &str = "commands";
/// What its records are called.
const GIVEN: &str = "command.given";
/// The kind of thing that keeps a reminder in order: each is alone, for in its person's order one that is due in a week
/// would hold up all that comes after it.
const ALONE: &str = "command";
/// The most commands of one person that wait, reminders most of them.
const WAITING: i64 = 200;

/// A command, understood.
#[derive(Clone)]
pub struct Understood {
    name: &'static str,
    /// In how many microseconds it is carried out; `None`: at once.
    after: Option<i64>,
}

impl Command for RunCommand {
    type Prepared = Understood;
    type Scope = ChannelScope;
    type Output = Taken;
    const ACTION: Action = Action::RunCommand;

    fn shard(&self) -> Shard {
        Shard::of(self.id.into())
    }

    async fn prepare(&self, actor: &Actor, _: &Tools) -> Result<Understood> {
        let body = MessageBody::parse("body", &self.body)?;
        if let Said::Command(slash, words) = slash::read(body.as_str())?
            && let Plan::Errand(errand) = slash.plan(words, actor.signed_in()?)?
        {
            let after = if let Errand::Remind { after, .. } = errand { Some(after) } else { None };
            return Ok(Understood { name: slash.name(), after });
        }
        Err(Error::invalid("body", "is to be posted, not carried out"))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: ChannelScope, understood: Understood) -> Outcome<Taken> {
        let person = work.person()?.id;
        let Understood { name, after } = understood;
        work.about("command", self.id);
        work.note(json!({ "command": name, "channel": self.channel }));
        let taken = Taken { command: self.id, later: after.is_some() };
        let event = EventId::fresh();
        let (id, channel, body) = (self.id, self.channel, self.body.as_str());
        let new = NewCommand { id, person, channel, body, event, created_at: work.now };
        if !commands::insert(work.conn, work.grant, &new).await? {
            let first = commands::find(work.conn, id).await?;
            let own = first.is_some_and(|first| first.person == person && first.channel == channel);
            return if own { Ok(taken) } else { Err(Error::invalid("id", "is in use").into()) };
        }
        if commands::waiting(work.conn, person).await? > WAITING {
            let message = format!("{WAITING} of your commands and reminders wait; that is the limit.");
            return Err(Error::conflict(message).into());
        }
        // Those of one person are carried out in the order in which they were given.
        let record = work.record(Lane::CrossDomain, event, GIVEN, Topic::Person(person), work.now.micros());
        let record = NewRecord { handler: COMMANDS, payload: json!({ "command": id }), ..record };
        let record = match after {
            None => record,
            Some(after) => NewRecord { topic_kind: ALONE, topic: id.into(), due: Some(work.now.plus(after)), ..record },
        };
        work.enqueue(&record, None).await?;
        Ok(taken)
    }
}

impl Query for ReadCommand {
    type Scope = Target;
    type Output = Option<Asked>;

    fn action(&self) -> Action {
        Action::Notify
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<Asked>> {
        let found = commands::find(asking.conn, self.command).await?.filter(|command| command.done_at.is_none());
        let Some(command) = found else { return Ok(None) };
        let Some(person) = people::find(asking.conn, command.person).await? else { return Ok(None) };
        let server_owner = person.server_owner;
        Ok(Some(Asked { person: person.summary(), server_owner, channel: command.channel, body: command.body }))
    }
}

impl Command for AnswerCommand {
    type Prepared = ();
    type Scope = Target;
    type Output = ();
    const ACTION: Action = Action::Notify;

    fn shard(&self) -> Shard {
        Shard::of(self.command.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<()> {
        work.about("command", Uuid::from(self.command));
        let Some(command) = commands::find(work.conn, self.command).await? else { return Ok(()) };
        if !commands::finish(work.conn, work.grant, self.command, work.now).await? {
            return Ok(());
        }
        work.note(json!({ "end": self.end }));
        let reminds = self.end == CommandEnd::Reminded;
        let new = NewNotification {
            id: NotificationId::fresh(),
            person: command.person,
            kind: if reminds { NotificationKind::Reminder } else { NotificationKind::Command },
            message: None,
            channel: command.channel,
            community: command.community,
            actor: if reminds { command.person } else { PersonId::SYSTEM },
            event: command.event,
            words: Some(&self.words),
            created_at: work.now,
            // What everybody can see done is no news.
            read_at: (self.end == CommandEnd::Done).then_some(work.now),
        };
        if !notifications::add(work.conn, work.grant, &new).await? {
            return Ok(());
        }
        let (notification, words, end) = (new.id, self.words.clone(), self.end);
        let answered = |unread| Event::CommandAnswered { notification, unread, words, end };
        tell(work, command.person, answered).await.map(drop)
    }
}
