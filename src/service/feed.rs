//! What a connection asks: admission, catch-up, heads (U02, U05, U09).

use super::{Asking, Outcome, Query, channel::ChannelScope, flag, log, viewer};
use crate::{
    domain::{
        Action, Envelope, Error, Seq, Topic,
        feed::CATCH_UP_EVENTS,
        query::{Admission, Admit, AdmitTyping, CatchUp, ChannelHead, Missed, ReadHeads},
    },
    policy::{Scoped, Target},
    store::{channels, communities, events, people},
};

/// A topic as the actor stands to it.
pub struct TopicScope {
    head: Seq,
    target: Target,
}

impl Scoped for TopicScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl TopicScope {
    async fn load(asking: &mut Asking<'_, '_>, topic: Topic) -> Outcome<Self> {
        let person = viewer(asking.actor);
        let (head, target) = match topic {
            // Anybody else's topic does not exist, whether the person does or not.
            Topic::Person(id) if id != person => return Err(Error::NotFound.into()),
            Topic::Person(id) => {
                let head = people::head(asking.conn, id).await?.ok_or(Error::NotFound)?;
                (head, Target { own: true, ..Target::default() })
            }
            Topic::Community(id) => {
                let standing = communities::standing(asking.conn, id, person).await?.ok_or(Error::NotFound)?;
                (standing.seq, standing.target())
            }
            Topic::Channel(id) => {
                let standing = channels::standing(asking.conn, id, person).await?.ok_or(Error::NotFound)?;
                (standing.seq, standing.target())
            }
        };
        Ok(Self { head, target })
    }
}

const fn reading(topic: Topic) -> Action {
    match topic {
        Topic::Person(_) => Action::ReadAccount,
        Topic::Community(_) => Action::ReadCommunity,
        Topic::Channel(_) => Action::ReadChannel,
    }
}

impl Query for Admit {
    type Scope = TopicScope;
    type Output = Admission;

    fn action(&self) -> Action {
        reading(self.topic)
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<TopicScope> {
        TopicScope::load(asking, self.topic).await
    }

    async fn answer(self, _: &mut Asking<'_, '_>, scope: TopicScope) -> Outcome<Admission> {
        Ok(Admission { head: scope.head })
    }
}

impl Query for AdmitTyping {
    type Scope = ChannelScope;
    type Output = ();

    fn action(&self) -> Action {
        Action::Post
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, _: &mut Asking<'_, '_>, _: ChannelScope) -> Outcome<()> {
        Ok(())
    }
}

impl Query for CatchUp {
    type Scope = TopicScope;
    type Output = Missed;

    fn action(&self) -> Action {
        reading(self.topic)
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<TopicScope> {
        TopicScope::load(asking, self.topic).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: TopicScope) -> Outcome<Missed> {
        if self.cursor == scope.head {
            return Ok(Missed::Events(Vec::new()));
        }
        if self.cursor < 0 || self.cursor > scope.head || scope.head - self.cursor > CATCH_UP_EVENTS {
            return Ok(Missed::Stale);
        }
        let log = events::since(asking.conn, self.topic, self.cursor, CATCH_UP_EVENTS).await?;
        // The log is trimmed from its old end: whole means it begins right after the cursor.
        if log.first().map(|entry| entry.seq) != Some(self.cursor + 1) {
            return Ok(Missed::Stale);
        }
        let Some(mut events) = log::hydrate(asking.conn, self.topic, log).await? else { return Ok(Missed::Stale) };
        flag::mark(asking, &scope.target, &mut events).await?;
        let envelope = |(seq, event)| Envelope { topic: self.topic, seq, event };
        Ok(Missed::Events(events.into_iter().map(envelope).collect()))
    }
}

impl Query for ReadHeads {
    type Scope = Target;
    type Output = Vec<ChannelHead>;

    fn action(&self) -> Action {
        Action::ReadAccount
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target { own: asking.actor.id().is_some(), ..Target::default() })
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Vec<ChannelHead>> {
        let rows = channels::heads(asking.conn, viewer(asking.actor)).await?;
        Ok(rows.into_iter().map(|(channel, seq, count, read)| ChannelHead { channel, seq, count, read }).collect())
    }
}
