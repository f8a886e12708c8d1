//! Channels, and how a person stands to them.

use super::{Conn, Sql, StoreError, departures};
use crate::{
    domain::{
        ChannelId, ChannelKind, ChannelStatus, ChannelSummary, CommunityId, PersonId, Role, Time, Visibility,
        channel::{NotificationLevel, Participation},
        custom_role::RoleSet,
    },
    policy::{Grant, Target},
    row, sql,
};

/// The columns of a [`Standing`]: the channel `c`, its community `k`, and the membership `m` and participation `p` of the
/// person who is the argument `$person`. Every statement that says how somebody stands to a channel has these.
macro_rules! standing_columns {
    ($person:literal) => {
        concat!(
            "c.id, c.community, c.slug, c.name, c.kind, c.visibility, c.status, c.topic, c.seq, c.count, c.participants, ",
            "c.last_message_at, c.retention_days, c.slow_mode, c.message_chars, c.approval, c.per_minute, c.reactions, ",
            "k.public, m.role, coalesce(m.custom_roles, 0) AS custom_roles, p.read, p.muted, p.level, p.posted_at, ",
            "(SELECT t.until FROM time_outs t WHERE t.community = c.community AND t.person = ",
            $person,
            ") AS silenced_until, EXISTS (SELECT 1 FROM bans b WHERE b.community = c.community AND b.person = ",
            $person,
            ") AS banned"
        )
    };
}
pub(in crate::store) use standing_columns;

sql! {
    /// A channel as one person stands to it.
    STANDING = Sql::both(concat!(
        "SELECT ",
        standing_columns!("$2"),
        " FROM channels c \
        JOIN communities k ON k.id = c.community LEFT JOIN members m ON m.community = c.community AND m.person = $2 \
        LEFT JOIN participants p ON p.channel = c.id AND p.person = $2 WHERE c.id = $1"
    ));
    /// The same by address.
    STANDING_BY_SLUG = Sql::both(concat!(
        "SELECT ",
        standing_columns!("$3"),
        " FROM channels c \
        JOIN communities k ON k.id = c.community LEFT JOIN members m ON m.community = c.community AND m.person = $3 \
        LEFT JOIN participants p ON p.channel = c.id AND p.person = $3 WHERE c.community = $1 AND c.slug = $2"
    ));
    /// All of a community's that a person can see: public ones, and those they take part in. Of conversations there may be
    /// many more than one can see: one's own are found by who takes part.
    VISIBLE = Sql::both(concat!(
        "SELECT ",
        standing_columns!("$2"),
        " FROM \
        (SELECT o.id FROM channels o WHERE o.community = $1 AND o.kind <> 'direct' AND o.kind <> 'group' UNION ALL \
        SELECT d.id FROM participants t CROSS JOIN channels d \
        WHERE t.person = $2 AND d.id = t.channel AND d.community = $1 AND (d.kind = 'direct' OR d.kind = 'group')) seen \
        JOIN channels c ON c.id = seen.id \
        JOIN communities k ON k.id = c.community LEFT JOIN members m ON m.community = c.community AND m.person = $2 \
        LEFT JOIN participants p ON p.channel = c.id AND p.person = $2 \
        WHERE p.person IS NOT NULL OR (c.visibility = 'public' AND (k.public OR m.person IS NOT NULL)) \
        OR (m.role = 'owner' AND c.visibility <> 'public' AND c.participants = 0) \
        ORDER BY c.name, c.id"
    ));
    /// The channels a person takes part in.
    HEADS = Sql::both("SELECT c.id, c.seq, c.count, p.read FROM participants p JOIN channels c ON c.id = p.channel WHERE p.person = $1");
    /// Those of one community.
    TAKEN_PART = Sql::both("SELECT c.id FROM participants p JOIN channels c ON c.id = p.channel \
        WHERE p.person = $2 AND c.community = $1 ORDER BY c.id");
    /// Private ones that everybody has left.
    VACANT = Sql::both("SELECT id FROM channels WHERE community = $1 AND visibility <> 'public' AND participants = 0 \
        AND kind <> 'direct' AND kind <> 'group' ORDER BY id");
    /// A community's first channels, as long as they are not archived; they may have got other addresses since.
    FOUNDING = Sql::both("SELECT id FROM channels WHERE community = $1 AND kind <> 'direct' AND kind <> 'group' \
        AND status <> 'archived' AND visibility = 'public' \
        AND (slug IN ('general', 'announcements') OR id IN (SELECT channel FROM channel_addresses \
        WHERE community = $1 AND slug IN ('general', 'announcements'))) ORDER BY id");
    /// How many a community has, without its conversations.
    COUNT = Sql::both("SELECT count(*) FROM channels WHERE community = $1 AND kind <> 'direct' AND kind <> 'group'");
    /// A new channel.
    INSERT = Sql::both("INSERT INTO channels (id, community, slug, name, kind, visibility, status, topic, seq, count, \
        participants, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $9) ON CONFLICT DO NOTHING");
    /// Another topic.
    SET_TOPIC = Sql::both("UPDATE channels SET topic = $2 WHERE id = $1");
    /// Nobody else changes the channel until the transaction ends.
    HOLD = Sql::split(
        "locking: SQLite's writer is alone already",
        "SELECT id FROM channels WHERE id = $1",
        "SELECT id FROM channels WHERE id = $1 FOR NO KEY UPDATE",
    );
    /// The next place in the channel's topic.
    ADVANCE = Sql::both("UPDATE channels SET seq = seq + 1 WHERE id = $1 RETURNING seq");
    /// The next place in the channel's topic and the next position in its transcript.
    TAKE_NEXT = Sql::both("UPDATE channels SET seq = $2, count = $3, \
        last_message_at = CASE WHEN last_message_at > $4 THEN last_message_at ELSE $4 END WHERE id = $1");
    /// The next place in the channel's topic alone: what was said stands in a thread.
    TAKE_SEQ = Sql::both("UPDATE channels SET seq = $2, \
        last_message_at = CASE WHEN last_message_at > $3 THEN last_message_at ELSE $3 END WHERE id = $1");
    /// Many positions at once, for an import.
    TAKE_POSITIONS = Sql::both("UPDATE channels SET count = count + $2, last_message_at = CASE \
        WHEN last_message_at IS NULL OR last_message_at < $3 THEN $3 ELSE last_message_at END WHERE id = $1 RETURNING seq, count");
    /// A new participant, who has read what there is. Who left and comes back has posted when they did: slow mode is not
    /// escaped by the door. Of those who left before that was kept, the last message is looked for among the latest, so
    /// that a join costs the same everywhere.
    ADD_PARTICIPANT = Sql::both("INSERT INTO participants (channel, person, read, muted, joined_at, posted_at) \
        SELECT c.id, $2, c.count, $3, $4, coalesce((SELECT f.posted_at FROM former_participants f \
        WHERE f.channel = c.id AND f.person = $2), (SELECT max(m.created_at) FROM messages m \
        WHERE m.channel = c.id AND m.position > c.count - 200 AND m.author = $2)) \
        FROM channels c WHERE c.id = $1 ON CONFLICT DO NOTHING");
    /// No longer a participant.
    REMOVE_PARTICIPANT = Sql::both("DELETE FROM participants WHERE channel = $1 AND person = $2");
    /// One more or fewer.
    COUNT_PARTICIPANTS = Sql::both("UPDATE channels SET participants = participants + $2 WHERE id = $1 RETURNING participants");
    /// Who had read all there was has read what is put before them as well.
    READ_ON = Sql::both("UPDATE participants SET read = $2 + $3 WHERE channel = $1 AND read = $2");
    /// Participants, a page.
    PARTICIPANTS = Sql::both("SELECT p.id, p.handle, p.name, p.kind, m.role, t.joined_at FROM participants t \
        JOIN channels c ON c.id = t.channel JOIN people p ON p.id = t.person \
        LEFT JOIN members m ON m.community = c.community AND m.person = t.person \
        WHERE t.channel = $1 ORDER BY lower(p.name), p.id LIMIT $2 OFFSET $3");
    /// Whether somebody takes part.
    PARTICIPATES = Sql::both("SELECT person FROM participants WHERE channel = $1 AND person = $2");
}

/// A channel as one person stands to it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct Standing {
    /// Which.
    pub id: ChannelId,
    /// Where.
    pub community: CommunityId,
    /// Address.
    pub slug: String,
    /// Name shown.
    pub name: String,
    /// What it is for.
    pub kind: ChannelKind,
    /// Who can see it.
    pub visibility: Visibility,
    /// Whether it takes messages.
    pub status: ChannelStatus,
    /// A line about it.
    pub topic: String,
    /// The latest event of its topic.
    pub seq: i64,
    /// The position of its latest message.
    pub count: i64,
    /// How many take part.
    pub participants: i64,
    /// When the latest message was posted.
    pub last_message_at: Option<Time>,
    /// After how many days its messages are removed.
    pub retention_days: Option<i64>,
    /// How many seconds lie between two messages of one person.
    pub slow_mode: i64,
    /// The most characters of a message.
    pub message_chars: i64,
    /// Whether messages of those below moderator are held.
    pub approval: bool,
    /// How many messages one person may post in a minute; 0: as many as they like.
    pub per_minute: i64,
    /// Whether people may put emoji on messages.
    pub reactions: bool,
    /// Whether its community is public.
    pub public: bool,
    /// What the person is in the community.
    pub role: Option<Role>,
    /// The roles of its own that the community gave them.
    pub custom_roles: RoleSet,
    /// The person's read mark, if they take part.
    pub read: Option<i64>,
    /// Whether they muted it, if they take part.
    pub muted: Option<bool>,
    /// Until when the person only reads in the community; may be over.
    pub silenced_until: Option<Time>,
    /// Whether the person is banned from the community.
    pub banned: bool,
    /// What they want to hear of it, if they take part.
    pub level: Option<NotificationLevel>,
    /// When they last posted, if they take part and did.
    pub posted_at: Option<Time>,
}

row! { Standing {
    id, community, slug, name, kind, visibility, status, topic, seq, count, participants, last_message_at,
    retention_days, slow_mode, message_chars, approval, per_minute, reactions, public, role, custom_roles, read, muted, level, posted_at, silenced_until, banned
} }

impl Standing {
    /// As lists show it to the person.
    pub fn summary(&self) -> ChannelSummary {
        ChannelSummary { participation: self.participation(), ..self.unowned() }
    }

    /// As everybody may hear of it: without anybody's participation.
    pub fn unowned(&self) -> ChannelSummary {
        ChannelSummary {
            id: self.id,
            community: self.community,
            slug: self.slug.clone(),
            name: self.name.clone(),
            kind: self.kind,
            visibility: self.visibility,
            status: self.status,
            topic: self.topic.clone(),
            count: self.count,
            last_message_at: self.last_message_at,
            retention_days: self.retention_days,
            slow_mode: self.slow_mode,
            message_chars: self.message_chars,
            approval: self.approval,
            per_minute: self.per_minute,
            reactions: self.reactions,
            participants: self.participants,
            participation: None,
            people: Vec::new(),
        }
    }

    fn participation(&self) -> Option<Participation> {
        let level = self.level.unwrap_or(NotificationLevel::All);
        self.read.map(|read| Participation { read, muted: self.muted.unwrap_or(false), level })
    }

    /// Whether everybody has left a channel that only participants can see.
    pub fn is_vacant(&self) -> bool {
        self.participants == 0 && self.visibility != Visibility::Public && !self.kind.is_conversation()
    }

    /// Whether everybody has left it and it is the actor's now, as the community's owner.
    pub fn is_left_to_viewer(&self) -> bool {
        self.is_vacant() && self.role == Some(Role::Owner)
    }

    /// The facts for the policy.
    pub fn target(&self) -> Target {
        Target {
            community: Some(self.community),
            public_community: self.public,
            role: self.role,
            custom_roles: self.custom_roles,
            channel: Some(self.id),
            visibility: Some(self.visibility),
            kind: Some(self.kind),
            status: Some(self.status),
            participant: self.read.is_some(),
            vacant: self.is_vacant(),
            silenced_until: self.silenced_until,
            banned: self.banned,
            ..Target::default()
        }
    }
}

/// A channel about to be stored.
#[derive(Debug)]
pub struct NewChannel<'a> {
    /// Which.
    pub id: ChannelId,
    /// Where.
    pub community: CommunityId,
    /// Address; unique in its community.
    pub slug: &'a str,
    /// Name shown.
    pub name: &'a str,
    /// What it is for.
    pub kind: ChannelKind,
    /// Who can see it.
    pub visibility: Visibility,
    /// Whether it takes messages.
    pub status: ChannelStatus,
    /// A line about it.
    pub topic: &'a str,
    /// When.
    pub created_at: Time,
}

/// A channel as `person` stands to it.
pub async fn standing(conn: &mut Conn<'_>, id: ChannelId, person: PersonId) -> Result<Option<Standing>, StoreError> {
    conn.maybe(STANDING, (id, person)).await
}

/// The same by address.
pub async fn standing_by_slug(
    conn: &mut Conn<'_>,
    community: CommunityId,
    slug: &str,
    person: PersonId,
) -> Result<Option<Standing>, StoreError> {
    conn.maybe(STANDING_BY_SLUG, (community, slug, person)).await
}

/// All of a community's that `person` can see, by name.
pub async fn visible(conn: &mut Conn<'_>, id: CommunityId, person: PersonId) -> Result<Vec<Standing>, StoreError> {
    conn.all(VISIBLE, (id, person)).await
}

/// Where the channels that `person` takes part in stand: id, latest event, number of messages, their read mark.
pub async fn heads(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<(ChannelId, i64, i64, i64)>, StoreError> {
    conn.all(HEADS, (person,)).await
}

/// The channels of a community that `person` takes part in.
pub async fn taken_part(conn: &mut Conn<'_>, id: CommunityId, person: PersonId) -> Result<Vec<ChannelId>, StoreError> {
    conn.all(TAKEN_PART, (id, person)).await
}

/// A community's private channels that everybody has left.
pub async fn vacant(conn: &mut Conn<'_>, id: CommunityId) -> Result<Vec<ChannelId>, StoreError> {
    conn.all(VACANT, (id,)).await
}

/// #general and #announcements under whatever address, as far as they exist and are not archived.
pub async fn founding(conn: &mut Conn<'_>, id: CommunityId) -> Result<Vec<ChannelId>, StoreError> {
    conn.all(FOUNDING, (id,)).await
}

/// How many channels a community has, without its conversations.
pub async fn count(conn: &mut Conn<'_>, id: CommunityId) -> Result<i64, StoreError> {
    conn.one(COUNT, (id,)).await
}

/// Stores a channel without participants; `false` when the id or the address is taken.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewChannel<'_>) -> Result<bool, StoreError> {
    let values =
        (new.id, new.community, new.slug, new.name, new.kind, new.visibility, new.status, new.topic, new.created_at);
    Ok(conn.run(INSERT, values).await? == 1)
}

/// Gives a channel another topic.
pub async fn set_topic<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: ChannelId, topic: &str) -> Result<(), StoreError> {
    conn.run(SET_TOPIC, (id, topic)).await.map(drop)
}

/// Keeps everybody else from changing the channel until the transaction ends.
pub async fn hold<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: ChannelId) -> Result<(), StoreError> {
    conn.maybe::<ChannelId>(HOLD, (id,)).await.map(drop)
}

/// Takes the next place in the channel's topic.
pub async fn advance<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: ChannelId) -> Result<i64, StoreError> {
    conn.one(ADVANCE, (id,)).await
}

/// Takes the next place in the topic and the next position in the transcript of a channel that this transaction
/// [holds](super::messages::posting) as it `stands`.
pub async fn take_next<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    stands: &Standing,
    now: Time,
) -> Result<(i64, i64), StoreError> {
    let (seq, position) = (stands.seq + 1, stands.count + 1);
    conn.send(TAKE_NEXT, (stands.id, seq, position, now)).await?;
    Ok((seq, position))
}

/// Takes the next place in the topic alone, of a channel that this transaction holds as it `stands`: what is said stands
/// in a thread.
pub async fn take_seq<C>(conn: &mut Conn<'_>, _: &Grant<C>, stands: &Standing, now: Time) -> Result<i64, StoreError> {
    let seq = stands.seq + 1;
    conn.send(TAKE_SEQ, (stands.id, seq, now)).await?;
    Ok(seq)
}

/// Takes `many` positions at once; answers the topic's latest event and the last position taken.
pub async fn take_positions<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    many: i64,
    latest: Time,
) -> Result<(i64, i64), StoreError> {
    conn.one(TAKE_POSITIONS, (id, many, latest)).await
}

/// Makes `person` a participant who has read all there is; `false` when they were one already.
pub async fn add_participant<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    person: PersonId,
    now: Time,
) -> Result<bool, StoreError> {
    Ok(conn.run(ADD_PARTICIPANT, (id, person, false, now)).await? == 1)
}

/// Ends a participation, and remembers that there was one; `false` when there was none.
pub async fn remove_participant<C>(
    conn: &mut Conn<'_>,
    grant: &Grant<C>,
    id: ChannelId,
    person: PersonId,
) -> Result<bool, StoreError> {
    departures::note_participant(conn, grant, id, person).await?;
    Ok(conn.run(REMOVE_PARTICIPANT, (id, person)).await? == 1)
}

/// Moves the number of participants by `change`; answers how many there are now.
pub async fn count_participants<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    change: i64,
) -> Result<i64, StoreError> {
    conn.one(COUNT_PARTICIPANTS, (id, change)).await
}

/// History of `many` messages was added after position `last`: whoever had read up to there has read it, too. Old
/// conversations are no news.
pub async fn read_on<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: ChannelId,
    last: i64,
    many: i64,
) -> Result<(), StoreError> {
    conn.send(READ_ON, (id, last, many)).await
}

/// Who takes part, by name.
pub async fn participants(
    conn: &mut Conn<'_>,
    id: ChannelId,
    limit: i64,
    offset: i64,
) -> Result<Vec<Participant>, StoreError> {
    conn.all(PARTICIPANTS, (id, limit, offset)).await
}

/// Whether `person` takes part.
pub async fn participates(conn: &mut Conn<'_>, id: ChannelId, person: PersonId) -> Result<bool, StoreError> {
    Ok(conn.maybe::<PersonId>(PARTICIPATES, (id, person)).await?.is_some())
}

/// A participant as listed.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Who.
    pub id: PersonId,
    /// Sign-in name.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// What stands behind it.
    pub kind: crate::domain::person::PersonKind,
    /// What they are in the community; `None` for a guest from outside.
    pub role: Option<Role>,
    /// When they joined the channel.
    pub joined_at: Time,
}

row! { Participant { id, handle, name, kind, role, joined_at } }
