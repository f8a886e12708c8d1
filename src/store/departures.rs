//! Who was in a community or a channel and is there no more.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, CommunityId, PersonId},
    policy::Grant,
    sql,
};

sql! {
    /// Somebody was a member.
    NOTE_MEMBER = Sql::both("INSERT INTO former_members (community, person) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    /// Somebody who still does took part, and when they last posted.
    NOTE_PARTICIPANT = Sql::both("INSERT INTO former_participants (channel, person, posted_at) \
        SELECT channel, person, posted_at FROM participants WHERE channel = $1 AND person = $2 \
        ON CONFLICT (channel, person) DO UPDATE \
        SET posted_at = coalesce(excluded.posted_at, former_participants.posted_at)");
    /// Those out of a list who were members and are not, or are banned.
    FORMER_MEMBERS = crate::listed!("SELECT f.person FROM former_members f WHERE f.community = $2 AND NOT EXISTS \
        (SELECT 1 FROM members m WHERE m.community = $2 AND m.person = f.person) AND f.person", uuid "$1",
        "UNION SELECT b.person FROM bans b WHERE b.community = $2 AND b.person", uuid "$1", "");
    /// Those out of a list who took part and do not.
    FORMER_PARTICIPANTS = crate::listed!("SELECT f.person FROM former_participants f WHERE f.channel = $2 AND NOT EXISTS \
        (SELECT 1 FROM participants p WHERE p.channel = $2 AND p.person = f.person) AND f.person", uuid "$1", "");
}

/// Somebody is about to be no member any more, or is so already.
pub async fn note_member<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    person: PersonId,
) -> Result<(), StoreError> {
    conn.run(NOTE_MEMBER, (community, person)).await.map(drop)
}

/// Somebody who takes part is about to leave; who does not leaves no trace.
pub async fn note_participant<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    channel: ChannelId,
    person: PersonId,
) -> Result<(), StoreError> {
    conn.run(NOTE_PARTICIPANT, (channel, person)).await.map(drop)
}

/// Who of `people` was a member and is none any more, or is banned: nobody but themselves brings them back.
pub async fn members_among(
    conn: &mut Conn<'_>,
    community: CommunityId,
    people: Vec<PersonId>,
) -> Result<Vec<PersonId>, StoreError> {
    conn.all(FORMER_MEMBERS, (people, community)).await
}

/// Who of `people` took part in a channel and does not any more.
pub async fn participants_among(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    people: Vec<PersonId>,
) -> Result<Vec<PersonId>, StoreError> {
    conn.all(FORMER_PARTICIPANTS, (people, channel)).await
}
