//! What people were told of.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        ChannelId, ChannelKind, ChannelStatus, CommunityId, EventId, MessageId, NotificationId, PersonId, Role, Time,
        Visibility, custom_role::RoleSet, message::MessageStatus, notification::NotificationKind, person::PersonKind,
    },
    policy::{Grant, Target},
    row, sql,
};

/// The columns of an entry, with how its person stands to the channel.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT n.id, n.kind, n.created_at, n.read_at, n.message, n.channel, n.community, a.id AS actor, a.handle, ",
            "a.name AS actor_name, a.kind AS actor_kind, k.slug AS community_slug, k.name AS community_name, k.public, ",
            "c.slug AS channel_slug, c.name AS channel_name, c.kind AS channel_kind, c.visibility, c.status, m.role, ",
            "coalesce(m.custom_roles, 0) AS custom_roles, ",
            "EXISTS (SELECT 1 FROM bans b WHERE b.community = n.community AND b.person = n.person) AS banned, ",
            "t.read AS part, s.status AS message_status, s.body, n.words FROM notifications n JOIN people a ON a.id = n.actor ",
            "JOIN communities k ON k.id = n.community JOIN channels c ON c.id = n.channel ",
            "LEFT JOIN messages s ON s.id = n.message ",
            "LEFT JOIN members m ON m.community = n.community AND m.person = n.person ",
            "LEFT JOIN participants t ON t.channel = n.channel AND t.person = n.person ",
            $rest
        )
    };
}

sql! {
    /// A person's newest.
    LATEST = Sql::both(select!("WHERE n.person = $1 ORDER BY n.created_at DESC, n.id DESC LIMIT $2"));
    /// Those before one of them.
    BEFORE = Sql::both(select!("WHERE n.person = $1 AND (n.created_at, n.id) < ($3, $4) \
        ORDER BY n.created_at DESC, n.id DESC LIMIT $2"));
    /// When one of a person's own was made.
    PLACE = Sql::both("SELECT created_at FROM notifications WHERE person = $1 AND id = $2");
    /// How many a person has not read.
    UNREAD = Sql::both("SELECT count(*) FROM notifications WHERE person = $1 AND read_at IS NULL");
    /// A new one; nothing when the person was told before.
    ADD = Sql::both("INSERT INTO notifications (id, person, kind, message, channel, community, actor, event, words, \
        created_at, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING");
    /// Whether a person was told of a message's words: that it names them, or that it is a reply.
    TOLD = Sql::both("SELECT id FROM notifications WHERE person = $1 AND message = $2 AND kind IN ('mention', 'reply')");
    /// What one says in words of its own.
    WORDS = Sql::both("SELECT words FROM notifications WHERE id = $1");
    /// One is read.
    READ = Sql::both("UPDATE notifications SET read_at = $3 WHERE person = $1 AND id = $2 AND read_at IS NULL");
    /// Those of a message are read.
    NOTICED = Sql::both("UPDATE notifications SET read_at = $3 WHERE person = $1 AND message = $2 AND read_at IS NULL \
        RETURNING id");
    /// Those of a channel's messages up to a position are read.
    CAUGHT_UP = Sql::both("UPDATE notifications SET read_at = $4 WHERE person = $1 AND channel = $2 AND read_at IS NULL \
        AND EXISTS (SELECT 1 FROM messages m WHERE m.id = notifications.message AND m.position <= $3) RETURNING id");
    /// Old answers to slash commands are gone.
    FORGET_ANSWERS = Sql::both("DELETE FROM notifications WHERE id IN (SELECT id FROM notifications \
        WHERE kind = 'command' AND created_at < $1 ORDER BY created_at LIMIT $2) RETURNING person, id, read_at");
    /// All are read.
    READ_ALL = Sql::both("UPDATE notifications SET read_at = $2 WHERE person = $1 AND read_at IS NULL");
}

/// A notification as stored, with how its person stands to the channel now.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Which.
    pub id: NotificationId,
    /// Why.
    pub kind: NotificationKind,
    /// When.
    pub created_at: Time,
    /// When it was read.
    pub read_at: Option<Time>,
    /// The message, if it is about one.
    pub message: Option<MessageId>,
    /// The channel.
    pub channel: ChannelId,
    /// The channel's community.
    pub community: CommunityId,
    /// Who did it.
    pub actor: PersonId,
    /// Their sign-in name.
    pub handle: String,
    /// Their name.
    pub actor_name: String,
    /// What stands behind them.
    pub actor_kind: PersonKind,
    /// The community's address.
    pub community_slug: String,
    /// The community's name.
    pub community_name: String,
    /// Whether the community is public.
    pub public: bool,
    /// The channel's address.
    pub channel_slug: String,
    /// The channel's name.
    pub channel_name: String,
    /// What the channel is for.
    pub channel_kind: ChannelKind,
    /// Who can see the channel.
    pub visibility: Visibility,
    /// Whether the channel takes messages.
    pub status: ChannelStatus,
    /// What the person is in the community.
    pub role: Option<Role>,
    /// The roles of its own that the community gave them.
    pub custom_roles: RoleSet,
    /// Whether they are banned from the community.
    pub banned: bool,
    /// Their read mark, if they take part in the channel.
    pub part: Option<i64>,
    /// What became of the message.
    pub message_status: Option<MessageStatus>,
    /// The message's Markdown.
    pub body: Option<String>,
    /// Words of its own.
    pub words: Option<String>,
}

row! { Stored {
    id, kind, created_at, read_at, message, channel, community, actor, handle, actor_name, actor_kind, community_slug,
    community_name, public, channel_slug, channel_name, channel_kind, visibility, status, role, custom_roles, banned, part, message_status, body,
    words
} }

impl Stored {
    /// The facts for the policy: may its person still see the channel?
    pub fn target(&self) -> Target {
        Target {
            community: Some(self.community),
            public_community: self.public,
            role: self.role,
            custom_roles: self.custom_roles,
            channel: Some(self.channel),
            visibility: Some(self.visibility),
            kind: Some(self.channel_kind),
            status: Some(self.status),
            participant: self.part.is_some(),
            banned: self.banned,
            ..Target::default()
        }
    }
}

/// A notification about to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewNotification<'a> {
    /// Which.
    pub id: NotificationId,
    /// Whose.
    pub person: PersonId,
    /// Why.
    pub kind: NotificationKind,
    /// The message, if it is about one.
    pub message: Option<MessageId>,
    /// The channel.
    pub channel: ChannelId,
    /// The channel's community.
    pub community: CommunityId,
    /// Who did it.
    pub actor: PersonId,
    /// The event it follows from.
    pub event: EventId,
    /// Words of its own, if it is about no message.
    pub words: Option<&'a str>,
    /// When.
    pub created_at: Time,
    /// When it was read, if it is no news.
    pub read_at: Option<Time>,
}

/// A person's newest, at most `limit`.
pub async fn latest(conn: &mut Conn<'_>, person: PersonId, limit: i64) -> Result<Vec<Stored>, StoreError> {
    conn.all(LATEST, (person, limit)).await
}

/// At most `limit` of a person's before one of their own; none when it is not theirs.
pub async fn before(
    conn: &mut Conn<'_>,
    person: PersonId,
    id: NotificationId,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    let Some(at) = conn.maybe::<Time>(PLACE, (person, id)).await? else { return Ok(Vec::new()) };
    conn.all(BEFORE, (person, limit, at, id)).await
}

/// How many a person has not read.
pub async fn unread(conn: &mut Conn<'_>, person: PersonId) -> Result<i64, StoreError> {
    conn.one(UNREAD, (person,)).await
}

/// Stores a notification; `false` when its person was told of that message or by that event before.
pub async fn add<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewNotification<'_>) -> Result<bool, StoreError> {
    let words = matches!(new.kind, NotificationKind::Mention | NotificationKind::Reply);
    if words && conn.maybe::<NotificationId>(TOLD, (new.person, new.message)).await?.is_some() {
        return Ok(false);
    }
    let values = (
        new.id,
        new.person,
        new.kind,
        new.message,
        new.channel,
        new.community,
        new.actor,
        new.event,
        new.words,
        new.created_at,
        new.read_at,
    );
    Ok(conn.run(ADD, values).await? == 1)
}

/// What one says in words of its own; `None` when it says nothing, or is none.
pub async fn words(conn: &mut Conn<'_>, id: NotificationId) -> Result<Option<String>, StoreError> {
    Ok(conn.maybe::<(Option<String>,)>(WORDS, (id,)).await?.and_then(|(words,)| words))
}

/// Whether a person was told this.
pub async fn is_of(conn: &mut Conn<'_>, person: PersonId, id: NotificationId) -> Result<bool, StoreError> {
    Ok(conn.maybe::<Time>(PLACE, (person, id)).await?.is_some())
}

/// Marks one of a person's own read; `false` when it was, or is not theirs.
pub async fn read<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    person: PersonId,
    id: NotificationId,
    now: Time,
) -> Result<bool, StoreError> {
    Ok(conn.run(READ, (person, id, now)).await? == 1)
}

/// Marks those of a message read; answers which were not.
pub async fn noticed<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    person: PersonId,
    message: MessageId,
    now: Time,
) -> Result<Vec<NotificationId>, StoreError> {
    conn.all(NOTICED, (person, message, now)).await
}

/// Marks those of a channel's messages up to `position` read; answers which were not.
pub async fn caught_up<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    person: PersonId,
    channel: ChannelId,
    position: i64,
    now: Time,
) -> Result<Vec<NotificationId>, StoreError> {
    conn.all(CAUGHT_UP, (person, channel, position, now)).await
}

/// Marks all of a person's read; answers how many were not.
pub async fn read_all<C>(conn: &mut Conn<'_>, _: &Grant<C>, person: PersonId, now: Time) -> Result<u64, StoreError> {
    conn.run(READ_ALL, (person, now)).await
}

/// Removes at most `limit` answers to slash commands from before `oldest`. Answers whose they were, which, and when they
/// were read.
pub async fn forget_answers<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    oldest: Time,
    limit: i64,
) -> Result<Vec<(PersonId, NotificationId, Option<Time>)>, StoreError> {
    conn.all(FORGET_ANSWERS, (oldest, limit)).await
}
