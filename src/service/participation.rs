//! How one takes part in a channel oneself: what one has read, and how much one wants to hear of it (C01, C06, C13).

use serde_json::json;

use super::{Command, Outcome, Tools, Work, channel::ChannelScope};
use crate::{
    domain::{
        Action, Actor, Error, Event, Result,
        command::{MarkRead, SetNotifications},
    },
    store::{Conn, Shard, participations},
};

impl Command for MarkRead {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::MarkRead;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let person = work.person()?.id;
        let read = self.position.min(scope.standing.count);
        let moved = participations::read_to(work.conn, work.grant, self.channel, person, read).await?;
        let Some(participation) = moved else { return Ok(()) };
        work.tell(person, Event::ReadMarkMoved { channel: self.channel, participation }).await
    }
}

impl Command for SetNotifications {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::SetNotifications;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        work.note(json!({ "muted": self.muted, "level": self.level }));
        let person = work.person()?.id;
        if (scope.standing.muted, scope.standing.level) == (Some(self.muted), Some(self.level)) {
            return Ok(());
        }
        let set =
            participations::set_notifications(work.conn, work.grant, self.channel, person, self.muted, self.level);
        let participation = set.await?.ok_or(Error::NotFound)?;
        work.tell(person, Event::ReadMarkMoved { channel: self.channel, participation }).await
    }
}
