//! Moderators are told of what was flagged (M20).

use serde_json::{Value as Json, json};

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel::ChannelScope,
    notification::{reader, tell},
};
use crate::{
    domain::{
        Action, Actor, Error, Event, MessageId, NotificationId, PersonId, Result, Topic, command::NotifyFlag,
        notification::NotificationKind, query::ReadFlag,
    },
    policy::Target,
    store::{
        Conn, Shard, channels, events, flags, messages,
        notifications::{self, NewNotification},
    },
};

impl Query for ReadFlag {
    type Scope = Target;
    type Output = Option<NotifyFlag>;

    fn action(&self) -> Action {
        Action::Notify
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<NotifyFlag>> {
        let Topic::Person(moderator) = self.topic else { return Ok(None) };
        // An event that is no longer kept is old news.
        let Some(logged) = events::at(asking.conn, self.topic, self.seq).await? else { return Ok(None) };
        let by = logged.facts.get("by").cloned().and_then(|by: Json| serde_json::from_value::<PersonId>(by).ok());
        let (Some(subject), Some(by)) = (logged.subject, by) else { return Ok(None) };
        let message = MessageId::from(subject);
        // Nobody tells themselves, and what was judged meanwhile is no news.
        let waits = by != moderator && flags::reason(asking.conn, message, by).await?.is_some();
        if !waits || !may_judge(asking, moderator, message).await? {
            return Ok(None);
        }
        Ok(Some(NotifyFlag { event: logged.id, message, by, moderator }))
    }
}

/// Whether somebody may judge a message now, by the same decision they would meet.
async fn may_judge(asking: &mut Asking<'_, '_>, person: PersonId, message: MessageId) -> Outcome<bool> {
    let Some(place) = messages::place(asking.conn, message).await? else { return Ok(false) };
    let Some(standing) = channels::standing(asking.conn, place.channel, person).await? else { return Ok(false) };
    let Some(moderator) = reader(asking, person).await? else { return Ok(false) };
    Ok(asking.policy.allows(&moderator, Action::JudgeMessage, &standing.target()))
}

impl Command for NotifyFlag {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::Notify;

    fn shard(&self) -> Shard {
        Shard::of(self.moderator.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        let place = messages::place(conn, self.message).await?.ok_or(Error::NotFound)?;
        ChannelScope::load(conn, actor, place.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("message", self.message);
        let new = NewNotification {
            id: NotificationId::fresh(),
            person: self.moderator,
            kind: NotificationKind::Flag,
            message: Some(self.message),
            channel: scope.standing.id,
            community: scope.standing.community,
            actor: self.by,
            event: self.event,
            words: None,
            created_at: work.now,
            read_at: None,
        };
        let told = notifications::add(work.conn, work.grant, &new).await?;
        work.note(json!({ "event": self.event, "told": told }));
        if told {
            tell(work, self.moderator, |unread| Event::NotificationAdded { notification: new.id, unread }).await?;
        }
        Ok(())
    }
}
