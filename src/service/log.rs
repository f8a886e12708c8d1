//! Events to and from the log: what is kept is ids and small facts, what is sent is joined with the present state.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{conversation, draft};
use crate::{
    domain::{
        ChannelId, ChannelSummary, CommunityId, Event, EventId, Message, MessageId, NotificationId, PersonId, Presence,
        Seq, SessionId, Topic, Visibility, channel::Participation, member::Departure, person::MemberSummary,
        reaction::Reacted,
    },
    store::{
        Conn, StoreError, bans, channels, communities, events::Logged, flags, held, messages, notifications, people,
        reactions, threads,
    },
};

/// What the log keeps of an event.
pub(super) fn logged(event: &Event, seq: Seq, id: EventId) -> Logged {
    let (subject, facts): (Uuid, Json) = match event {
        Event::MessagePosted { message, mentioned, approved: true } => {
            (message.id.into(), json!({ "mentioned": mentioned, "approved": true }))
        }
        Event::MessagePosted { message, mentioned, .. } | Event::MessageEdited { message, mentioned } => {
            let facts = if mentioned.is_empty() { Json::Null } else { json!({ "mentioned": mentioned }) };
            (message.id.into(), facts)
        }
        Event::MessageDeleted { message } => (message.id.into(), Json::Null),
        Event::ReactionAdded { reacted } | Event::ReactionRemoved { reacted } => {
            (reacted.message.into(), json!({ "emoji": reacted.emoji, "person": reacted.person }))
        }
        Event::ThreadReplied { replied } | Event::ReplyDeleted { replied } => (replied.root.into(), Json::Null),
        Event::MessagePinned { message, person } | Event::MessageUnpinned { message, person } => {
            ((*message).into(), json!({ "person": person }))
        }
        Event::HistoryImported { channel, count, latest } => {
            ((*channel).into(), json!({ "count": count, "latest": latest }))
        }
        Event::ParticipantJoined { person, participants } => {
            (person.id.into(), json!({ "participants": participants }))
        }
        Event::ParticipantLeft { person, participants } => ((*person).into(), json!({ "participants": participants })),
        Event::ChannelUpdated { channel }
        | Event::ChannelArchived { channel }
        | Event::ChannelLocked { channel }
        | Event::ChannelReopened { channel }
        | Event::ChannelCreated { channel }
        | Event::ChannelJoined { channel } => (channel.id.into(), Json::Null),
        Event::MemberJoined { member, members } => {
            (member.person.id.into(), json!({ "members": members, "role": member.role, "joined_at": member.joined_at }))
        }
        Event::MembersImported { members } => (Uuid::nil(), json!({ "members": members })),
        Event::MemberLeft { person, members } => ((*person).into(), json!({ "members": members })),
        Event::MemberRoleChanged { person, role } => ((*person).into(), json!({ "role": role })),
        Event::StandingChanged { community, may, silenced_until, flagged } => {
            let facts = json!({ "may": may, "silenced_until": silenced_until, "judges": flagged.is_some() });
            (community.id.into(), facts)
        }
        Event::ModerationChanged { community } | Event::RulesChanged { community } => ((*community).into(), Json::Null),
        Event::RolesChanged { community, person } => ((*community).into(), json!({ "person": person })),
        Event::CommunityJoined { community } => (community.id.into(), Json::Null),
        Event::CommunityLeft { community, departure, .. } => ((*community).into(), json!({ "departure": departure })),
        Event::ChannelLeft { channel, community } | Event::ChannelDeleted { channel, community } => {
            ((*channel).into(), json!({ "community": community }))
        }
        Event::ReadMarkMoved { channel, participation } => ((*channel).into(), json!(participation)),
        Event::SessionEnded { session } => ((*session).into(), Json::Null),
        Event::ProfileChanged { person } => (person.id.into(), Json::Null),
        Event::NotificationAdded { notification, unread } => ((*notification).into(), json!({ "unread": unread })),
        Event::CommandAnswered { notification, unread, end, .. } => {
            ((*notification).into(), json!({ "unread": unread, "end": end }))
        }
        Event::NotificationRead { notification, unread } => {
            (notification.map_or(Uuid::nil(), Uuid::from), json!({ "unread": unread }))
        }
        Event::MessageFlagged { message, community, by, open } => {
            ((*message).into(), json!({ "community": community, "by": by, "open": open }))
        }
        Event::MessageJudged { message, community, verdict, open } => {
            ((*message).into(), json!({ "community": community, "verdict": verdict, "open": open }))
        }
        Event::QueueMoved { message, community, open } => {
            ((*message).into(), json!({ "community": community, "open": open }))
        }
        Event::HeldChanged { channel, message, .. } => ((*message).into(), json!({ "channel": channel })),
        Event::DraftChanged { channel, root, .. } => ((*channel).into(), json!({ "root": root })),
        Event::WebhookTested { webhook, community } => ((*webhook).into(), json!({ "community": community })),
    };
    Logged { seq, id, name: event.name().to_owned(), subject: Some(subject), facts }
}

/// Joins logged events of one topic with the present state. `None` when something they are about no longer exists:
/// then only a fresh read tells the truth.
pub async fn hydrate(
    conn: &mut Conn<'_>,
    topic: Topic,
    log: Vec<Logged>,
) -> Result<Option<Vec<(Seq, Event)>>, StoreError> {
    let ids: Vec<MessageId> = log
        .iter()
        .filter(|entry| entry.name.starts_with("message."))
        .filter_map(|entry| entry.subject)
        .map(Into::into)
        .collect();
    let mut known: HashMap<MessageId, Message> = HashMap::with_capacity(ids.len());
    if !ids.is_empty() {
        known.extend(messages::find_all(conn, ids).await?.into_iter().map(|row| (row.id, Message::from(row))));
    }
    let mut events = Vec::with_capacity(log.len());
    for entry in log {
        match event(conn, topic, &entry, &known).await? {
            Some(event) => events.push((entry.seq, event)),
            None => return Ok(None),
        }
    }
    Ok(Some(events))
}

async fn event(
    conn: &mut Conn<'_>,
    topic: Topic,
    entry: &Logged,
    known: &HashMap<MessageId, Message>,
) -> Result<Option<Event>, StoreError> {
    let Some(subject) = entry.subject else { return Ok(None) };
    let number = |name: &str| entry.facts.get(name).and_then(Json::as_i64).unwrap_or_default();
    let viewer = match topic {
        Topic::Person(id) => id,
        Topic::Community(_) | Topic::Channel(_) => PersonId::from(Uuid::nil()),
    };
    let mentioned = || fact(&entry.facts, "mentioned").unwrap_or_default();
    let message = || known.get(&subject.into()).cloned().map(Box::new);
    Ok(match entry.name.as_str() {
        "message.posted" => message().map(|message| {
            let approved = fact(&entry.facts, "approved").unwrap_or_default();
            Event::MessagePosted { message, mentioned: mentioned(), approved }
        }),
        "message.edited" => message().map(|message| Event::MessageEdited { message, mentioned: mentioned() }),
        "message.deleted" => message().map(|message| Event::MessageDeleted { message }),
        "reaction.added" => {
            reacted(conn, subject.into(), &entry.facts).await?.map(|reacted| Event::ReactionAdded { reacted })
        }
        "reaction.removed" => {
            reacted(conn, subject.into(), &entry.facts).await?.map(|reacted| Event::ReactionRemoved { reacted })
        }
        "thread.replied" => Some(Event::ThreadReplied { replied: threads::now(conn, subject.into()).await? }),
        "thread.reply_deleted" => Some(Event::ReplyDeleted { replied: threads::now(conn, subject.into()).await? }),
        "message.pinned" => {
            fact(&entry.facts, "person").map(|person| Event::MessagePinned { message: subject.into(), person })
        }
        "message.unpinned" => {
            fact(&entry.facts, "person").map(|person| Event::MessageUnpinned { message: subject.into(), person })
        }
        "history.imported" => fact(&entry.facts, "latest").map(|latest| Event::HistoryImported {
            channel: subject.into(),
            count: number("count"),
            latest,
        }),
        "participant.joined" => people::find(conn, subject.into())
            .await?
            .map(|person| Event::ParticipantJoined { person: person.summary(), participants: number("participants") }),
        "participant.left" => {
            Some(Event::ParticipantLeft { person: subject.into(), participants: number("participants") })
        }
        "channel.updated" => {
            changed(conn, topic, subject.into()).await?.map(|channel| Event::ChannelUpdated { channel })
        }
        "channel.archived" => {
            changed(conn, topic, subject.into()).await?.map(|channel| Event::ChannelArchived { channel })
        }
        "channel.locked" => changed(conn, topic, subject.into()).await?.map(|channel| Event::ChannelLocked { channel }),
        "channel.reopened" => {
            changed(conn, topic, subject.into()).await?.map(|channel| Event::ChannelReopened { channel })
        }
        "channel.deleted" => fact(&entry.facts, "community")
            .map(|community| Event::ChannelDeleted { channel: subject.into(), community }),
        "channel.created" => created(conn, subject.into(), viewer).await?,
        // Who has left since hears nothing of the present: they read afresh.
        "channel.joined" => taken_part(conn, subject.into(), viewer).await?,
        "member.joined" => joined(conn, subject.into(), &entry.facts).await?,
        "members.imported" => Some(Event::MembersImported { members: number("members") }),
        "member.left" => Some(Event::MemberLeft { person: subject.into(), members: number("members") }),
        "member.role_changed" => {
            fact(&entry.facts, "role").map(|role| Event::MemberRoleChanged { person: subject.into(), role })
        }
        "rules.changed" | "roles.changed" | "moderation.changed" => Some(ordered(subject.into(), entry)),
        "standing.changed" => standing(conn, subject.into(), viewer, &entry.facts).await?,
        "community.joined" => communities::standing(conn, subject.into(), viewer)
            .await?
            .filter(|community| community.role.is_some())
            .map(|community| Event::CommunityJoined { community: Box::new(community.summary()) }),
        "community.left" => Some(left(conn, subject.into(), viewer, &entry.facts).await?),
        "channel.left" => {
            fact(&entry.facts, "community").map(|community| Event::ChannelLeft { channel: subject.into(), community })
        }
        "read_mark.moved" => serde_json::from_value::<Participation>(entry.facts.clone())
            .ok()
            .map(|participation| Event::ReadMarkMoved { channel: subject.into(), participation }),
        "session.ended" => Some(Event::SessionEnded { session: SessionId::from(subject) }),
        "profile.changed" => {
            people::find(conn, subject.into()).await?.map(|person| Event::ProfileChanged { person: person.summary() })
        }
        "notification.added" => {
            Some(Event::NotificationAdded { notification: subject.into(), unread: number("unread") })
        }
        "command.answered" => answered(conn, subject.into(), &entry.facts).await?,
        "notification.read" => Some(Event::NotificationRead {
            notification: Some(subject).filter(|id| !id.is_nil()).map(Into::into),
            unread: number("unread"),
        }),
        "message.flagged" => flagged(subject.into(), &entry.facts),
        "message.judged" => judged(subject.into(), &entry.facts),
        "queue.moved" => queue_moved(subject.into(), &entry.facts),
        "held.changed" => held_changed(conn, subject.into(), &entry.facts, viewer).await?,
        "draft.changed" => Some(draft::told(conn, viewer, subject.into(), fact(&entry.facts, "root")).await?),
        "webhook.tested" => {
            fact(&entry.facts, "community").map(|community| Event::WebhookTested { webhook: subject.into(), community })
        }
        _ => None,
    })
}

/// A channel as everybody who watches the topic may hear of it now. Who has left since hears nothing of the present: they
/// read afresh.
async fn changed(
    conn: &mut Conn<'_>,
    topic: Topic,
    channel: ChannelId,
) -> Result<Option<Box<ChannelSummary>>, StoreError> {
    let (viewer, must_be_in) = match topic {
        Topic::Person(id) => (id, true),
        Topic::Community(_) | Topic::Channel(_) => (PersonId::from(Uuid::nil()), false),
    };
    let now = channels::standing(conn, channel, viewer).await?;
    Ok(now
        .filter(|now| now.read.is_some() || now.is_left_to_viewer() || !must_be_in)
        .map(|now| Box::new(now.unowned())))
}

/// A person is told of a channel by themselves when it was left to them: whoever it is not theirs any more reads afresh.
async fn created(conn: &mut Conn<'_>, channel: ChannelId, viewer: PersonId) -> Result<Option<Event>, StoreError> {
    let now = channels::standing(conn, channel, viewer)
        .await?
        .filter(|now| now.visibility == Visibility::Public || now.read.is_some() || now.is_left_to_viewer());
    Ok(now.map(|now| Event::ChannelCreated { channel: Box::new(now.unowned()) }))
}

async fn taken_part(conn: &mut Conn<'_>, channel: ChannelId, viewer: PersonId) -> Result<Option<Event>, StoreError> {
    let now = channels::standing(conn, channel, viewer).await?.filter(|now| now.read.is_some());
    let Some(mut channel) = now.map(|now| Box::new(now.summary())) else { return Ok(None) };
    conversation::named(conn, viewer, std::slice::from_mut(&mut channel)).await?;
    Ok(Some(Event::ChannelJoined { channel }))
}

/// How the emoji stands now.
async fn reacted(conn: &mut Conn<'_>, message: MessageId, facts: &Json) -> Result<Option<Reacted>, StoreError> {
    let (Some(person), Some(emoji)) = (fact(facts, "person"), fact::<String>(facts, "emoji")) else { return Ok(None) };
    let now = reactions::now(conn, message, &emoji).await?;
    Ok(Some(Reacted { message, person, emoji, place: now.place, count: now.count }))
}

async fn joined(conn: &mut Conn<'_>, person: PersonId, facts: &Json) -> Result<Option<Event>, StoreError> {
    let (Some(role), Some(joined_at), Some(members)) =
        (fact(facts, "role"), fact(facts, "joined_at"), fact(facts, "members"))
    else {
        return Ok(None);
    };
    Ok(people::find(conn, person).await?.map(|person| Event::MemberJoined {
        member: MemberSummary { person: person.summary(), role, joined_at, presence: Presence::Offline },
        members,
    }))
}

/// Who is no member any more hears nothing of the present: they read afresh.
async fn standing(
    conn: &mut Conn<'_>,
    id: CommunityId,
    person: PersonId,
    facts: &Json,
) -> Result<Option<Event>, StoreError> {
    let Some(may) = fact(facts, "may") else { return Ok(None) };
    let community = communities::standing(conn, id, person).await?.filter(|community| community.role.is_some());
    let Some(community) = community else { return Ok(None) };
    let judges = fact(facts, "judges").unwrap_or_default();
    Ok(Some(Event::StandingChanged {
        community: Box::new(community.summary()),
        may,
        silenced_until: fact(facts, "silenced_until"),
        flagged: if judges { Some(flags::open(conn, id).await?) } else { None },
    }))
}

/// What a community goes by changed.
fn ordered(community: CommunityId, entry: &Logged) -> Event {
    match entry.name.as_str() {
        "roles.changed" => Event::RolesChanged { community, person: fact(&entry.facts, "person") },
        "moderation.changed" => Event::ModerationChanged { community },
        _ => Event::RulesChanged { community },
    }
}

/// The log keeps no words: why somebody was banned stands with the ban.
async fn left(
    conn: &mut Conn<'_>,
    community: CommunityId,
    person: PersonId,
    facts: &Json,
) -> Result<Event, StoreError> {
    let departure: Departure = fact(facts, "departure").unwrap_or(Departure::Left);
    let ban = if departure == Departure::Banned { bans::find(conn, community, person).await? } else { None };
    Ok(Event::CommunityLeft { community, departure, reason: ban.map(|ban| ban.reason).unwrap_or_default() })
}

/// The log keeps no words: they stand in the inbox.
async fn answered(conn: &mut Conn<'_>, id: NotificationId, facts: &Json) -> Result<Option<Event>, StoreError> {
    let (Some(unread), Some(end)) = (fact(facts, "unread"), fact(facts, "end")) else { return Ok(None) };
    let words = notifications::words(conn, id).await?;
    Ok(words.map(|words| Event::CommandAnswered { notification: id, unread, words, end }))
}

fn flagged(message: MessageId, facts: &Json) -> Option<Event> {
    let (community, by, open) = (fact(facts, "community")?, fact(facts, "by")?, fact(facts, "open")?);
    Some(Event::MessageFlagged { message, community, by, open })
}

fn judged(message: MessageId, facts: &Json) -> Option<Event> {
    let (community, verdict, open) = (fact(facts, "community")?, fact(facts, "verdict")?, fact(facts, "open")?);
    Some(Event::MessageJudged { message, community, verdict, open })
}

fn queue_moved(message: MessageId, facts: &Json) -> Option<Event> {
    let (community, open) = (fact(facts, "community")?, fact(facts, "open")?);
    Some(Event::QueueMoved { message, community, open })
}

/// The log keeps no words: they stand with what is held, for its author alone.
async fn held_changed(
    conn: &mut Conn<'_>,
    message: MessageId,
    facts: &Json,
    author: PersonId,
) -> Result<Option<Event>, StoreError> {
    let Some(channel) = fact(facts, "channel") else { return Ok(None) };
    let row = held::find(conn, message).await?.filter(|row| row.author == author);
    Ok(Some(Event::HeldChanged { channel, message, held: row.map(|row| Box::new(row.into())) }))
}

fn fact<T: serde::de::DeserializeOwned>(facts: &Json, name: &str) -> Option<T> {
    facts.get(name).cloned().and_then(|value| serde_json::from_value(value).ok())
}
