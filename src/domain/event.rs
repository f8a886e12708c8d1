//! What happened, as clients hear of it.
//!
//! The event log keeps only ids and small facts; what is sent is joined with the present state, so a deleted
//! message never comes back. Each event carries enough for [`view`](crate::view) to reach the fresh state.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    channel::{ChannelSummary, Participation},
    command::CommandEnd,
    community::{CommunityRights, CommunitySummary},
    error::Error,
    flag::Verdict,
    held::Held,
    id::{ChannelId, CommunityId, MessageId, NotificationId, PersonId, SessionId, WebhookId},
    member::Departure,
    message::Message,
    person::{MemberSummary, PersonSummary},
    presence::Presence,
    reaction::Reacted,
    role::Role,
    tagged::tagged,
    thread::Replied,
    time::Time,
};

/// A place in a topic: 1 for its first event, without gaps, in commit order.
pub type Seq = i64;

/// What can be watched (P01). Written `person:<id>`, `community:<id>`, `channel:<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Topic {
    /// One person's own: memberships, read marks, profile. Watched by that person alone.
    Person(PersonId),
    /// A community: its public channels and members.
    Community(CommunityId),
    /// A channel: its messages and participants.
    Channel(ChannelId),
}

impl Topic {
    /// The word before the colon.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Community(_) => "community",
            Self::Channel(_) => "channel",
        }
    }

    /// The identifier after the colon.
    pub fn id(self) -> uuid::Uuid {
        match self {
            Self::Person(id) => id.into(),
            Self::Community(id) => id.into(),
            Self::Channel(id) => id.into(),
        }
    }

    /// The topic of that kind and identifier; `None` for an unknown kind.
    pub fn of(kind: &str, id: uuid::Uuid) -> Option<Self> {
        match kind {
            "person" => Some(Self::Person(id.into())),
            "community" => Some(Self::Community(id.into())),
            "channel" => Some(Self::Channel(id.into())),
            _ => None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.id())
    }
}

impl FromStr for Topic {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::invalid("topic", "must be person:<id>, community:<id> or channel:<id>");
        let (kind, id) = text.split_once(':').ok_or_else(bad)?;
        Self::of(kind, id.parse().map_err(|_| bad())?).ok_or_else(bad)
    }
}

impl From<Topic> for String {
    fn from(topic: Topic) -> Self {
        topic.to_string()
    }
}

impl TryFrom<String> for Topic {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

tagged! {
    "type", "Event",
    /// What happened. Durable ones come in an [`Envelope`]; presence and typing come bare.
    pub enum Event {
        /// Channel: a message was posted.
        MessagePosted {
            /// As it is now.
            message: Box<Message>,
            /// Whom it named when it was posted.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            mentioned: Vec<PersonId>,
            /// Whether it was held until a moderator approved it: its author need not have read what stands before it.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            approved: bool,
        },
        /// Channel: a message was changed by its author (M13).
        MessageEdited {
            /// As it is now.
            message: Box<Message>,
            /// Whom it named after the change.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            mentioned: Vec<PersonId>,
        },
        /// Channel: a message was deleted; a tombstone is left (M21).
        MessageDeleted {
            /// As it is now: without content.
            message: Box<Message>,
        },
        /// Channel: somebody put an emoji on a message (M14).
        ReactionAdded {
            /// How it stands since.
            reacted: Reacted,
        },
        /// Channel: somebody took an emoji of theirs away (M15).
        ReactionRemoved {
            /// How it stands since.
            reacted: Reacted,
        },
        /// Channel: somebody replied in a thread; the reply itself was posted before (M05, E02).
        ThreadReplied {
            /// How it stands since.
            replied: Replied,
        },
        /// Channel: a reply of a thread was deleted.
        ReplyDeleted {
            /// How the thread stands since.
            replied: Replied,
        },
        /// Channel: a message was pinned (M22).
        MessagePinned {
            /// Which.
            message: MessageId,
            /// By whom.
            person: PersonId,
        },
        /// Channel: a message is pinned no more. That of a deleted one is gone without a word of its own.
        MessageUnpinned {
            /// Which.
            message: MessageId,
            /// By whom.
            person: PersonId,
        },
        /// Channel: history was brought in; what came is paged in, not sent.
        HistoryImported {
            /// Where.
            channel: ChannelId,
            /// The position of its latest message since.
            count: i64,
            /// When the latest message was written.
            latest: Time,
        },
        /// Channel: somebody takes part now (C06).
        ParticipantJoined {
            /// Who.
            person: PersonSummary,
            /// How many take part now.
            participants: i64,
        },
        /// Channel: somebody no longer takes part.
        ParticipantLeft {
            /// Who.
            person: PersonId,
            /// How many take part now.
            participants: i64,
        },
        /// Channel, and community if public, else each participant: its facts changed.
        ChannelUpdated {
            /// Without anybody's participation.
            channel: Box<ChannelSummary>,
        },
        /// As with [`ChannelUpdated`](Self::ChannelUpdated): it is read-only now (C07).
        ChannelArchived {
            /// Without anybody's participation.
            channel: Box<ChannelSummary>,
        },
        /// As with [`ChannelUpdated`](Self::ChannelUpdated): it takes no new messages (C08).
        ChannelLocked {
            /// Without anybody's participation.
            channel: Box<ChannelSummary>,
        },
        /// As with [`ChannelUpdated`](Self::ChannelUpdated): it was archived or locked, and is no longer.
        ChannelReopened {
            /// Without anybody's participation.
            channel: Box<ChannelSummary>,
        },
        /// As with [`ChannelUpdated`](Self::ChannelUpdated): it is gone, with all that was said in it. The last event of
        /// the channel's topic.
        ChannelDeleted {
            /// Which.
            channel: ChannelId,
            /// Its community.
            community: CommunityId,
        },
        /// Community: a public channel was made (C11).
        ChannelCreated {
            /// Without anybody's participation.
            channel: Box<ChannelSummary>,
        },
        /// Community: somebody became a member.
        MemberJoined {
            /// Who and what they are.
            member: MemberSummary,
            /// How many members there are now.
            members: i64,
        },
        /// Community: people were brought in from elsewhere, all at once; who they are is read, not sent.
        MembersImported {
            /// How many members there are now.
            members: i64,
        },
        /// Community: somebody is no longer a member.
        MemberLeft {
            /// Who.
            person: PersonId,
            /// How many members there are now.
            members: i64,
        },
        /// Community: a member has another role.
        MemberRoleChanged {
            /// Who.
            person: PersonId,
            /// What they are now.
            role: Role,
        },
        /// Community: its rules changed, and with them perhaps what I may do: whoever shows that asks again.
        RulesChanged {
            /// Whose.
            community: CommunityId,
        },
        /// Community: a role of its own was made, changed, moved or deleted, and with it perhaps what I may do, as with
        /// [`RulesChanged`](Self::RulesChanged); or a member has others of them (R02).
        RolesChanged {
            /// Whose.
            community: CommunityId,
            /// Who has other roles now; `None` when a role itself changed.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            person: Option<PersonId>,
        },
        /// Community: its messages are judged by something else from now on.
        ModerationChanged {
            /// Whose.
            community: CommunityId,
        },
        /// Person: I am a member of this community now.
        CommunityJoined {
            /// With my role.
            community: Box<CommunitySummary>,
        },
        /// Person: what I am in this community changed, and with it what I may do; what I watch is admitted anew.
        StandingChanged {
            /// With my role.
            community: Box<CommunitySummary>,
            /// What I may do there now.
            may: CommunityRights,
            /// Until when I only read there, if I do.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            silenced_until: Option<Time>,
            /// How many flagged messages wait to be judged there; `None` when that is not mine to do.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            flagged: Option<i64>,
        },
        /// Person: I am no longer a member.
        CommunityLeft {
            /// Which.
            community: CommunityId,
            /// How that came.
            departure: Departure,
            /// Why one was banned; empty when nobody said.
            #[serde(default, skip_serializing_if = "String::is_empty")]
            reason: String,
        },
        /// Person: I take part in this channel now.
        ChannelJoined {
            /// With my participation.
            channel: Box<ChannelSummary>,
        },
        /// Person: I no longer take part.
        ChannelLeft {
            /// Which.
            channel: ChannelId,
            /// Its community.
            community: CommunityId,
        },
        /// Person: my read mark or notification setting in a channel moved.
        ReadMarkMoved {
            /// Which channel.
            channel: ChannelId,
            /// Where it stands now.
            participation: Participation,
        },
        /// Person: a session of mine was ended; whoever uses it is signed out.
        SessionEnded {
            /// Which.
            session: SessionId,
        },
        /// Person: my profile changed.
        ProfileChanged {
            /// As it is now.
            person: PersonSummary,
        },
        /// Person: I was told of something (M06).
        NotificationAdded {
            /// Of what.
            notification: NotificationId,
            /// How many I have not read now.
            unread: i64,
        },
        /// Person: a command of mine was answered, or a reminder is due (M08, A05).
        CommandAnswered {
            /// It stands in my inbox.
            notification: NotificationId,
            /// How many I have not read now.
            unread: i64,
            /// What is told.
            words: String,
            /// What came of it.
            end: CommandEnd,
        },
        /// Person: I read what I was told of.
        NotificationRead {
            /// What; `None` for everything.
            notification: Option<NotificationId>,
            /// How many I have not read now.
            unread: i64,
        },
        /// Person: somebody flagged a message that is mine to judge (M20).
        MessageFlagged {
            /// Which.
            message: MessageId,
            /// Its community.
            community: CommunityId,
            /// Who.
            by: PersonId,
            /// How many wait in that community now.
            open: i64,
        },
        /// Person: a flagged message that was mine to judge waits no longer: it stays as it was, or is deleted.
        MessageJudged {
            /// Which.
            message: MessageId,
            /// Its community.
            community: CommunityId,
            /// What became of it.
            verdict: Verdict,
            /// How many wait in that community now.
            open: i64,
        },
        /// Person: a message waits for approval in a community whose moderator I am, or does so no longer.
        QueueMoved {
            /// Which message.
            message: MessageId,
            /// Its community.
            community: CommunityId,
            /// How many wait in that community now.
            open: i64,
        },
        /// Person: a message of mine is held, or is so no longer.
        HeldChanged {
            /// Where.
            channel: ChannelId,
            /// Which.
            message: MessageId,
            /// How it stands; `None` when it is held no more.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            held: Option<Box<Held>>,
        },
        /// Person: what I have begun to write somewhere changed, on this device or another (M31).
        DraftChanged {
            /// Where.
            channel: ChannelId,
            /// The message that the thread began with, for what is begun in a thread.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            root: Option<MessageId>,
            /// What it says now; empty when it was posted or let go.
            #[serde(default, skip_serializing_if = "String::is_empty")]
            body: String,
            /// Whether anything of mine is begun in that channel or its threads.
            drafted: bool,
        },
        /// Person: I asked for a webhook to be tried out.
        WebhookTested {
            /// Which.
            webhook: WebhookId,
            /// Whose.
            community: CommunityId,
        },
    }
}

impl Event {
    /// The event's name in the log, in metrics and in lane records: `<noun>.<verb>`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::MessagePosted { .. } => "message.posted",
            Self::MessageEdited { .. } => "message.edited",
            Self::MessageDeleted { .. } => "message.deleted",
            Self::ReactionAdded { .. } => "reaction.added",
            Self::ReactionRemoved { .. } => "reaction.removed",
            Self::ThreadReplied { .. } => "thread.replied",
            Self::ReplyDeleted { .. } => "thread.reply_deleted",
            Self::MessagePinned { .. } => "message.pinned",
            Self::MessageUnpinned { .. } => "message.unpinned",
            Self::HistoryImported { .. } => "history.imported",
            Self::ParticipantJoined { .. } => "participant.joined",
            Self::ParticipantLeft { .. } => "participant.left",
            Self::ChannelUpdated { .. } => "channel.updated",
            Self::ChannelArchived { .. } => "channel.archived",
            Self::ChannelLocked { .. } => "channel.locked",
            Self::ChannelReopened { .. } => "channel.reopened",
            Self::ChannelDeleted { .. } => "channel.deleted",
            Self::ChannelCreated { .. } => "channel.created",
            Self::MemberJoined { .. } => "member.joined",
            Self::MembersImported { .. } => "members.imported",
            Self::MemberLeft { .. } => "member.left",
            Self::MemberRoleChanged { .. } => "member.role_changed",
            Self::RulesChanged { .. } => "rules.changed",
            Self::RolesChanged { .. } => "roles.changed",
            Self::ModerationChanged { .. } => "moderation.changed",
            Self::CommunityJoined { .. } => "community.joined",
            Self::StandingChanged { .. } => "standing.changed",
            Self::CommunityLeft { .. } => "community.left",
            Self::ChannelJoined { .. } => "channel.joined",
            Self::ChannelLeft { .. } => "channel.left",
            Self::ReadMarkMoved { .. } => "read_mark.moved",
            Self::SessionEnded { .. } => "session.ended",
            Self::ProfileChanged { .. } => "profile.changed",
            Self::NotificationAdded { .. } => "notification.added",
            Self::CommandAnswered { .. } => "command.answered",
            Self::NotificationRead { .. } => "notification.read",
            Self::MessageFlagged { .. } => "message.flagged",
            Self::MessageJudged { .. } => "message.judged",
            Self::QueueMoved { .. } => "queue.moved",
            Self::HeldChanged { .. } => "held.changed",
            Self::DraftChanged { .. } => "draft.changed",
            Self::WebhookTested { .. } => "webhook.tested",
        }
    }

    /// The message this is about, if it is about one.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::MessagePosted { message, .. }
            | Self::MessageEdited { message, .. }
            | Self::MessageDeleted { message } => Some(message.id),
            _ => None,
        }
    }
}

/// A durable event in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Where.
    pub topic: Topic,
    /// Its place in the topic.
    pub seq: Seq,
    /// What happened.
    pub event: Event,
}

tagged! {
    "type", "Ephemeral",
    /// What is only true for a moment: sent, never stored.
    pub enum Ephemeral {
        /// Channel: somebody is writing (U02). Shown for a few seconds.
        Typing {
            /// Where.
            channel: ChannelId,
            /// Who.
            person: PersonId,
            /// Their name.
            name: String,
        },
        /// Community: somebody came, went or changed their state (U03).
        Presence {
            /// Who.
            person: PersonId,
            /// Their state now.
            state: Presence,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // P01
    #[test]
    fn a_topic_survives_its_text() {
        let topic = Topic::Channel(ChannelId::fresh());
        assert_eq!(topic.to_string().parse::<Topic>().unwrap(), topic);
        assert!("channel:nonsense".parse::<Topic>().is_err());
        assert!("planet:0190163d-8694-739b-aea5-966c26f8ad91".parse::<Topic>().is_err());
    }
}
