//! What people are told of: mentions, and the inbox they gather in (M06, M12, C13).

use serde_json::json;

use super::{Asking, Command, Outcome, Query, Tools, Work, channel::ChannelScope, markdown, session::own, viewer};
use crate::{
    domain::{
        Action, Actor, Error, Event, EventId, Identity, MessageId, Notification, NotificationId, PersonId,
        PersonSummary, Result, Surface, Topic,
        channel::NotificationLevel,
        command::{MarkAllNotificationsRead, MarkMessageNoticed, MarkNotificationRead, Notify},
        message::{MENTIONS, MessageStatus},
        notification::{EXCERPT_CHARS, NOTIFICATIONS_PAGE, NotificationKind, Told},
        query::{Inbox, ListNotifications, Mentioned, ReadMentioned},
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, channels, events, mentions,
        messages::{self, Place},
        notifications::{self, NewNotification, Stored},
        people,
    },
};

/// The events that mentions follow from.
const TELLING: [&str; 2] = ["message.posted", "message.edited"];

impl Query for ReadMentioned {
    type Scope = Target;
    type Output = Option<Mentioned>;

    fn action(&self) -> Action {
        Action::Notify
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<Mentioned>> {
        // An event that is no longer kept is old news.
        let Some(logged) = events::at(asking.conn, self.topic, self.seq).await? else { return Ok(None) };
        let Some(subject) = logged.subject.filter(|_| TELLING.contains(&logged.name.as_str())) else {
            return Ok(None);
        };
        let message = MessageId::from(subject);
        let Some(place) = messages::place(asking.conn, message).await? else { return Ok(None) };
        let mut people = Vec::new();
        for person in mentions::of(asking.conn, message).await? {
            if person != place.author && is_to_be_told(asking, person, &place).await? {
                people.push(person);
            }
        }
        Ok((!people.is_empty()).then_some(Mentioned { event: logged.id, message, people }))
    }
}

/// Whether somebody may see a message now, by the same decision their own reading would meet, and wants to hear of it.
pub(super) async fn is_to_be_told(asking: &mut Asking<'_, '_>, person: PersonId, place: &Place) -> Outcome<bool> {
    let Some(reader) = reader(asking, person).await? else { return Ok(false) };
    let Some(standing) = channels::standing(asking.conn, place.channel, person).await? else { return Ok(false) };
    let is_mute = standing.kind.is_conversation() && standing.muted == Some(true);
    if is_mute || standing.level == Some(NotificationLevel::Nothing) {
        return Ok(false);
    }
    Ok(asking.policy.allows(&reader, Action::ReadChannel, &standing.target()))
}

/// Somebody who does not ask themselves, as the policy knows them.
pub(super) async fn reader(asking: &mut Asking<'_, '_>, person: PersonId) -> Outcome<Option<Actor>> {
    let found = people::find(asking.conn, person).await?;
    Ok(found.map(|found| {
        let server_owner = found.server_owner;
        Actor::with(Identity::Person { person: found.summary(), session: None, server_owner }, Surface::Worker)
    }))
}

/// A message somebody is to be told of.
pub struct TellingScope {
    pub(super) place: Place,
    pub(super) channel: ChannelScope,
}

impl Scoped for TellingScope {
    fn target(&self) -> &Target {
        self.channel.target()
    }
}

impl Command for Notify {
    type Prepared = ();
    type Scope = TellingScope;
    type Output = ();
    const ACTION: Action = Action::Notify;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if self.people.len() > MENTIONS {
            return Err(Error::invalid("people", format!("must be at most {MENTIONS}")));
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
        told_of(work, &scope, NotificationKind::Mention, self.event, self.people).await
    }
}

/// Tells people of a message, each once whatever the reason, and notes how many.
pub(super) async fn told_of<C>(
    work: &mut Work<'_, '_, C>,
    scope: &TellingScope,
    kind: NotificationKind,
    event: EventId,
    mut people: Vec<PersonId>,
) -> Outcome<()> {
    // In one order everywhere: two of these cannot wait for each other.
    people.sort_unstable();
    people.dedup();
    let mut told = 0;
    for person in people {
        if has_read(work, scope, person).await? {
            continue;
        }
        let new = NewNotification {
            id: NotificationId::fresh(),
            person,
            kind,
            message: Some(scope.place.id),
            channel: scope.place.channel,
            community: scope.channel.standing.community,
            actor: scope.place.author,
            event,
            words: None,
            created_at: work.now,
            read_at: None,
        };
        if notifications::add(work.conn, work.grant, &new).await? {
            tell(work, person, |unread| Event::NotificationAdded { notification: new.id, unread }).await?;
            told += 1;
        }
    }
    work.note(json!({ "event": event, "told": told }));
    Ok(())
}

/// Whether somebody has read what is addressed to them in a conversation before they could be told of it.
async fn has_read<C>(work: &mut Work<'_, '_, C>, scope: &TellingScope, person: PersonId) -> Outcome<bool> {
    let (channel, Some(position)) = (&scope.channel.standing, scope.place.position) else { return Ok(false) };
    if !channel.kind.is_conversation() {
        return Ok(false);
    }
    let there = channels::standing(work.conn, channel.id, person).await?;
    Ok(there.and_then(|there| there.read).is_some_and(|read| read >= position))
}

/// Tells a person how many are unread now. The place in their topic is taken first: it makes whoever changes the same
/// inbox wait, so the count is true as of that place.
pub(super) async fn tell<C>(
    work: &mut Work<'_, '_, C>,
    person: PersonId,
    event: impl FnOnce(i64) -> Event,
) -> Outcome<i64> {
    let seq = people::advance(work.conn, work.grant, person).await?;
    let unread = notifications::unread(work.conn, person).await?;
    work.emit_at(Topic::Person(person), seq, event(unread)).await?;
    Ok(unread)
}

impl Command for MarkNotificationRead {
    type Prepared = ();
    type Scope = Target;
    type Output = i64;
    const ACTION: Action = Action::MarkNotifications;

    fn shard(&self) -> Shard {
        Shard::of(self.notification.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(own(actor))
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<i64> {
        work.about("notification", self.notification);
        let person = work.person()?.id;
        if !notifications::read(work.conn, work.grant, person, self.notification, work.now).await? {
            if !notifications::is_of(work.conn, person, self.notification).await? {
                return Err(Error::NotFound.into());
            }
            // Read before.
            return Ok(notifications::unread(work.conn, person).await?);
        }
        let notification = Some(self.notification);
        tell(work, person, |unread| Event::NotificationRead { notification, unread }).await
    }
}

impl Command for MarkMessageNoticed {
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
        let mut unread = None;
        for id in notifications::noticed(work.conn, work.grant, person, self.message, work.now).await? {
            let notification = Some(id);
            unread = Some(tell(work, person, |unread| Event::NotificationRead { notification, unread }).await?);
        }
        match unread {
            Some(unread) => Ok(unread),
            None => Ok(notifications::unread(work.conn, person).await?),
        }
    }
}

impl Command for MarkAllNotificationsRead {
    type Prepared = ();
    type Scope = Target;
    type Output = ();
    const ACTION: Action = Action::MarkNotifications;

    fn shard(&self) -> Shard {
        Shard(1)
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(own(actor))
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<()> {
        let person = work.person()?.id;
        work.about("person", person);
        let read = notifications::read_all(work.conn, work.grant, person, work.now).await?;
        work.note(json!({ "read": read }));
        if read > 0 {
            tell(work, person, |unread| Event::NotificationRead { notification: None, unread }).await?;
        }
        Ok(())
    }
}

impl Query for ListNotifications {
    type Scope = Target;
    type Output = Inbox;

    fn action(&self) -> Action {
        Action::ReadNotifications
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(own(asking.actor))
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Inbox> {
        let (person, one_more) = (viewer(asking.actor), NOTIFICATIONS_PAGE + 1);
        let mut rows = match self.before {
            Some(id) => notifications::before(asking.conn, person, id, one_more).await?,
            None => notifications::latest(asking.conn, person, one_more).await?,
        };
        let more = super::participants::cut(&mut rows, NOTIFICATIONS_PAGE);
        Ok(Inbox {
            more,
            unread: notifications::unread(asking.conn, person).await?,
            cursor: people::head(asking.conn, person).await?.unwrap_or_default(),
            notifications: rows.into_iter().map(|row| entry(asking, row)).collect(),
        })
    }
}

/// An entry as its person may see it now: who has lost the channel keeps the entry and learns nothing new from it.
fn entry(asking: &Asking<'_, '_>, row: Stored) -> Notification {
    let may = |action| asking.policy.allows(asking.actor, action, &row.target());
    let visible = match row.kind {
        // Who flagged a message is told to whoever may judge it; and while it waits, what it says as well.
        NotificationKind::Flag => {
            let waits = row.message_status == Some(MessageStatus::Flagged);
            may(Action::JudgeMessage) && (waits || may(Action::ReadChannel))
        }
        _ => may(Action::ReadChannel),
    };
    let alive = row.body.as_deref().filter(|_| row.message_status != Some(MessageStatus::Deleted));
    let excerpt = || alive.map(|body| markdown::excerpt(body, EXCERPT_CHARS));
    let told = visible.then(|| Told {
        excerpt: excerpt(),
        actor: PersonSummary {
            id: row.actor,
            handle: row.handle.clone(),
            name: row.actor_name.clone(),
            kind: row.actor_kind,
        },
        message: row.message,
        community: row.community_slug.clone(),
        community_name: row.community_name.clone(),
        channel: row.channel_slug.clone(),
        channel_name: row.channel_name.clone(),
    });
    let words = row.words.clone();
    Notification { id: row.id, kind: row.kind, created_at: row.created_at, read_at: row.read_at, words, told }
}
