//! Slash commands are carried out (M08, A05): by the ordinary commands, as the asker, so that the policy decides.

use super::door::Door;
use crate::{
    domain::{
        Actor, CommandId, Error, Identity, Lane, Result, Surface,
        command::{AddToChannel, AnswerCommand, CommandEnd, SetTopic},
        query::{Asked, ReadCommand},
        slash::{self, Errand, Plan, Said},
    },
    queue::{Done, Handler, Record, one_by_one},
    service,
    store::BoxFuture,
};

/// Carries commands out. Idempotent: what was answered is not done again, and what was done before its answer was stored
/// comes to the same when it is done again.
#[derive(Debug)]
pub struct Commands<D> {
    door: D,
}

impl<D: Door> Commands<D> {
    /// Reads, does and answers through `door`.
    pub const fn new(door: D) -> Self {
        Self { door }
    }

    /// Carries a command out and tells its asker what came of it. An error is why it has to be tried again.
    pub async fn follow(&self, command: CommandId) -> Result<(), String> {
        let server = || Actor::system(Surface::Worker);
        let asked = self.door.ask(&server(), ReadCommand { command }).await.map_err(|cause| cause.to_string())?;
        let Some(asked) = asked else { return Ok(()) };
        let (words, end) = match self.carry_out(&asked).await {
            Ok(told) => told,
            Err(cause @ (Error::Unavailable | Error::TooMany { .. } | Error::Internal { .. })) => {
                return Err(cause.to_string());
            }
            Err(refusal) => {
                let name = asked.body.split_whitespace().next().unwrap_or_default();
                (format!("{name} was refused. {refusal}"), CommandEnd::Refused)
            }
        };
        let answered = self.door.execute(server(), AnswerCommand { command, words, end }).await;
        answered.map_err(|cause| cause.to_string())
    }

    async fn carry_out(&self, asked: &Asked) -> Result<(String, CommandEnd)> {
        let Said::Command(slash, words) = slash::read(&asked.body)? else { return Err(Error::NotFound) };
        let Plan::Errand(errand) = slash.plan(words, &asked.person)? else { return Err(Error::NotFound) };
        let channel = asked.channel;
        Ok(match errand {
            Errand::SetTopic(topic) => {
                self.door.execute(asker(asked), SetTopic { channel, topic }).await?;
                ("The topic is set.".to_owned(), CommandEnd::Done)
            }
            Errand::Invite { handle } => {
                let told = format!("@{handle} takes part now.");
                self.door.execute(asker(asked), AddToChannel { channel, handle }).await?;
                (told, CommandEnd::Done)
            }
            Errand::Say(words) => (words, CommandEnd::Said),
            Errand::Remind { of, .. } => (of, CommandEnd::Reminded),
        })
    }
}

/// Whoever asked, as they stand now.
fn asker(asked: &Asked) -> Actor {
    let (person, server_owner) = (asked.person.clone(), asked.server_owner);
    Actor::with(Identity::Person { person, session: None, server_owner }, Surface::Worker)
}

impl<D: Door> Handler for Commands<D> {
    fn name(&self) -> &'static str {
        service::COMMANDS
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    /// None by name: whoever gives a command writes the record itself.
    fn events(&self) -> &'static [&'static str] {
        &[]
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        one_by_one(records, move |record| async move {
            let id = record.payload.get("command").and_then(|id| id.as_str()?.parse().ok());
            self.follow(id.ok_or("it names no command")?).await
        })
    }
}
