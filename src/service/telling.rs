//! Who follows a thread is told of its replies.

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel::ChannelScope,
    notification::{TellingScope, is_to_be_told, tell, told_of},
    session::own,
};
use crate::{
    domain::{
        Action, Actor, Error, Event, MessageId, Result,
        command::{MarkThreadNoticed, TellFollowers},
        message::MessageStatus,
        notification::{FOLLOWERS, NotificationKind},
        query::{Followers, ReadFollowers},
    },
    policy::Target,
    store::{Conn, Shard, events, messages, notifications, threads},
};

impl Query for ReadFollowers {
    type Scope = Target;
    type Output = Option<Followers>;

    fn action(&self) -> Action {
        Action::Notify
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<Followers>> {
        // An event that is no longer kept is old news.
        let Some(logged) = events::at(asking.conn, self.topic, self.seq).await? else { return Ok(None) };
        let Some(subject) = logged.subject.filter(|_| logged.name == "message.posted") else { return Ok(None) };
        let message = MessageId::from(subject);
        let place = messages::place(asking.conn, message).await?;
        let Some(place) = place.filter(|place| place.status != MessageStatus::Deleted) else { return Ok(None) };
        let Some(root) = place.root else { return Ok(None) };
        let mut people = Vec::new();
        for person in threads::followers(asking.conn, root, message, place.author).await? {
            if is_to_be_told(asking, person, &place).await? {
                people.push(person);
            }
        }
        Ok((!people.is_empty()).then_some(Followers { event: logged.id, message, people }))
    }
}

impl Command for TellFollowers {
    type Prepared = ();
    type Scope = TellingScope;
    type Output = ();
    const ACTION: Action = Action::Notify;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if self.people.len() > FOLLOWERS {
            return Err(Error::invalid("people", format!("must be at most {FOLLOWERS}")));
        }
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<TellingScope> {
        let place = messages::place(conn, self.message).await?.ok_or(Error::NotFound)?;
        let channel = ChannelScope::load(conn, actor, place.channel).await?;
        Ok(TellingScope { place, channel })
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: TellingScope, (): ()) -> Outcome<()> {
        work.about("message", self.message);
        told_of(work, &scope, NotificationKind::Reply, self.event, self.people).await
    }
}

impl Command for MarkThreadNoticed {
    type Prepared = ();
    type Scope = Target;
    type Output = i64;
    const ACTION: Action = Action::MarkNotifications;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(own(actor))
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<i64> {
        work.about("message", self.message);
        let person = work.person()?.id;
        let read = threads::noticed(work.conn, work.grant, person, self.message, work.now).await?;
        work.note(json!({ "read": read.len() }));
        match read.last().copied() {
            // One event for all: what counts is how many are left.
            notification @ Some(_) => {
                tell(work, person, |unread| Event::NotificationRead { notification, unread }).await
            }
            None => Ok(notifications::unread(work.conn, person).await?),
        }
    }
}
