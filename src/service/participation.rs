//! How one takes part in a channel oneself: what one has read, and how much one wants to hear of it (C01, C06, C13).

use serde_json::json;

use super::{Command, Outcome, Tools, Work, channel::ChannelScope, notification};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, Event, PersonId, Result,
        command::{MarkRead, SetNotifications},
    },
    store::{Conn, Shard, notifications, participations},
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
        if let Some(participation) = moved {
            work.tell(person, Event::ReadMarkMoved { channel: self.channel, participation }).await?;
        }
        if scope.standing.kind.is_conversation() {
            notice(work, self.channel, person, read).await?;
        }
        Ok(())
    }
}

/// What was read in a conversation was noticed: all of it was addressed to who read it.
async fn notice(work: &mut Work<'_, '_, MarkRead>, channel: ChannelId, person: PersonId, read: i64) -> Outcome<()> {
    let noticed = notifications::caught_up(work.conn, work.grant, person, channel, read, work.now).await?;
    if let notification @ Some(_) = noticed.last().copied() {
        // One event for all: what counts is how many are left.
        notification::tell(work, person, |unread| Event::NotificationRead { notification, unread }).await?;
    }
    Ok(())
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
