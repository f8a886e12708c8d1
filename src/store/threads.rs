//! Threads: how many replied, who follows, and the replies themselves.

use super::{Conn, Sql, StoreError, messages::Stored};
use crate::{
    domain::{
        ChannelId, MessageId, NotificationId, PersonId, PersonSummary, Time,
        person::PersonKind,
        thread::{FACES, Replied, Thread},
    },
    policy::Grant,
    row, sql,
};

sql! {
    /// A thread that nobody replied in yet.
    BEGIN = Sql::both("INSERT INTO threads (root, channel, places, replies, people) VALUES ($1, $2, 0, 0, 0) ON CONFLICT DO NOTHING");
    /// Who wrote what it begins with follows it, and whoever that names.
    BEGIN_FOLLOWING = Sql::both("INSERT INTO thread_people (root, person, replies, since, following) \
        SELECT $1, author, 0, created_at, TRUE FROM messages WHERE id = $1 \
        UNION SELECT $1, n.person, 0, m.created_at, TRUE FROM mentions n JOIN messages m ON m.id = n.message WHERE m.id = $1 \
        ON CONFLICT DO NOTHING");
    /// One more reply of somebody, who follows from now on.
    REPLY = Sql::both("INSERT INTO thread_people (root, person, replies, since, following) VALUES ($1, $2, 1, $3, TRUE) \
        ON CONFLICT (root, person) DO UPDATE SET replies = thread_people.replies + 1, following = TRUE, \
        since = CASE WHEN thread_people.replies = 0 THEN excluded.since ELSE thread_people.since END RETURNING replies");
    /// Counted.
    COUNT = Sql::both("UPDATE threads SET places = places + 1, replies = replies + 1, people = people + $2, \
        last_reply_at = CASE WHEN last_reply_at > $3 THEN last_reply_at ELSE $3 END WHERE root = $1 RETURNING places");
    /// One reply of somebody less.
    UNREPLY = Sql::both("UPDATE thread_people SET replies = replies - 1 WHERE root = $1 AND person = $2 RETURNING replies");
    /// Counted.
    UNCOUNT = Sql::both("UPDATE threads SET replies = replies - 1, people = people - $2, last_reply_at = \
        (SELECT max(created_at) FROM messages WHERE root = $1 AND status <> 'deleted') WHERE root = $1");
    /// How several stand. One without replies is none.
    OF_ROOTS = crate::listed!("SELECT root, replies, people, last_reply_at FROM threads WHERE replies > 0 AND root", uuid "$1", "");
    /// The first who replied in several.
    FACES_OF = crate::listed!("SELECT f.root, p.id, p.handle, p.name, p.kind FROM (SELECT root, person, \
        row_number() OVER (PARTITION BY root ORDER BY since, person) AS place FROM thread_people WHERE replies > 0 AND root",
        uuid "$1", ") AS f JOIN people p ON p.id = f.person WHERE f.place <= $2 ORDER BY f.root, f.place");
    /// How many places were taken.
    PLACES = Sql::both("SELECT places FROM threads WHERE root = $1");
    /// Whether somebody follows, or will with the first reply: whoever wrote what it begins with, and whom that names.
    FOLLOWS = Sql::both("SELECT coalesce((SELECT following FROM thread_people WHERE root = $1 AND person = $2), \
        NOT EXISTS (SELECT 1 FROM threads WHERE root = $1) AND (EXISTS (SELECT 1 FROM messages WHERE id = $1 AND author = $2) \
        OR EXISTS (SELECT 1 FROM mentions WHERE message = $1 AND person = $2))) AS following");
    /// They do, or no longer.
    FOLLOW = Sql::both("INSERT INTO thread_people (root, person, replies, since, following) VALUES ($1, $2, 0, $3, $4) \
        ON CONFLICT (root, person) DO UPDATE SET following = excluded.following WHERE thread_people.following <> excluded.following");
    /// Those a reply names follow, unless they said otherwise.
    FOLLOW_NAMED = Sql::both("INSERT INTO thread_people (root, person, replies, since, following) \
        SELECT $1, person, 0, $3, TRUE FROM mentions WHERE message = $2 ON CONFLICT DO NOTHING");
    /// Who follows and is not told otherwise: neither who wrote the reply, nor whom it names.
    FOLLOWERS = Sql::both("SELECT t.person FROM thread_people t WHERE t.root = $1 AND t.following AND t.person <> $3 \
        AND NOT EXISTS (SELECT 1 FROM mentions n WHERE n.message = $2 AND n.person = t.person) ORDER BY t.person");
    /// A page that ends before a place, newest first.
    BEFORE = Sql::both(super::messages::select!("WHERE m.root = $1 AND m.place < $2 ORDER BY m.place DESC LIMIT $3"));
    /// A page that begins after a place.
    AFTER = Sql::both(super::messages::select!("WHERE m.root = $1 AND m.place > $2 ORDER BY m.place LIMIT $3"));
    /// How many replies a person was told of and has not read.
    UNREAD = Sql::both("SELECT count(*) FROM notifications n JOIN messages m ON m.id = n.message \
        WHERE n.person = $1 AND n.read_at IS NULL AND n.kind IN ('mention', 'reply') AND m.root = $2");
    /// They have. That a reply was flagged is told apart from what it says, and waits until somebody looks at that.
    NOTICED = Sql::both("UPDATE notifications SET read_at = $3 WHERE person = $1 AND read_at IS NULL \
        AND kind IN ('mention', 'reply') AND message IN (SELECT id FROM messages WHERE root = $2) RETURNING id");
}

struct Counted {
    root: MessageId,
    replies: i64,
    people: i64,
    last_reply_at: Time,
}

struct Face {
    root: MessageId,
    id: PersonId,
    handle: String,
    name: String,
    kind: PersonKind,
}

row! {
    Counted { root, replies, people, last_reply_at }
    Face { root, id, handle, name, kind }
}

/// Makes sure that there is a thread; who wrote what it begins with follows it, and whoever that names.
pub async fn begin<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    root: MessageId,
    channel: ChannelId,
) -> Result<(), StoreError> {
    if conn.run(BEGIN, (root, channel)).await? == 1 {
        conn.run(BEGIN_FOLLOWING, (root,)).await?;
    }
    Ok(())
}

/// Counts one more reply, of `author`, written `at`; answers its place. Whoever changes the thread holds its channel.
pub async fn reply<C>(
    conn: &mut Conn<'_>,
    grant: &Grant<C>,
    root: MessageId,
    channel: ChannelId,
    author: PersonId,
    at: Time,
) -> Result<i64, StoreError> {
    begin(conn, grant, root, channel).await?;
    let theirs: i64 = conn.one(REPLY, (root, author, at)).await?;
    conn.one(COUNT, (root, i64::from(theirs == 1), at)).await
}

/// Counts one reply less; it is deleted already.
pub async fn unreply<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    root: MessageId,
    author: PersonId,
) -> Result<(), StoreError> {
    let left: i64 = conn.one(UNREPLY, (root, author)).await?;
    conn.run(UNCOUNT, (root, i64::from(left == 0))).await.map(drop)
}

/// How several threads stand; those without replies are left out.
pub async fn of_roots(conn: &mut Conn<'_>, roots: Vec<MessageId>) -> Result<Vec<(MessageId, Thread)>, StoreError> {
    let counted: Vec<Counted> = conn.all(OF_ROOTS, (roots,)).await?;
    if counted.is_empty() {
        return Ok(Vec::new());
    }
    let roots: Vec<MessageId> = counted.iter().map(|row| row.root).collect();
    let faces: Vec<Face> = conn.all(FACES_OF, (roots, FACES)).await?;
    let thread = |row: Counted| {
        let of = faces.iter().filter(|face| face.root == row.root);
        let face = |face: &Face| PersonSummary {
            id: face.id,
            handle: face.handle.clone(),
            name: face.name.clone(),
            kind: face.kind,
        };
        let (replies, people, last_reply_at) = (row.replies, row.people, row.last_reply_at);
        (row.root, Thread { replies, people, faces: of.map(face).collect(), last_reply_at })
    };
    Ok(counted.into_iter().map(thread).collect())
}

/// How a thread stands now.
pub async fn now(conn: &mut Conn<'_>, root: MessageId) -> Result<Replied, StoreError> {
    let thread = of_roots(conn, vec![root]).await?.pop().map(|(_, thread)| thread);
    Ok(Replied { root, thread })
}

/// How many replies were ever posted in a thread.
pub async fn places(conn: &mut Conn<'_>, root: MessageId) -> Result<i64, StoreError> {
    Ok(conn.maybe(PLACES, (root,)).await?.unwrap_or_default())
}

/// Whether `person` follows a thread.
pub async fn follows(conn: &mut Conn<'_>, root: MessageId, person: PersonId) -> Result<bool, StoreError> {
    Ok(conn.maybe(FOLLOWS, (root, person)).await?.unwrap_or_default())
}

/// Has `person` follow a thread, or no longer; `false` when it was so.
pub async fn follow<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    root: MessageId,
    person: PersonId,
    following: bool,
    now: Time,
) -> Result<bool, StoreError> {
    Ok(conn.run(FOLLOW, (root, person, now, following)).await? == 1)
}

/// Has those follow whom a reply names, unless they said otherwise.
pub async fn follow_named<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    root: MessageId,
    reply: MessageId,
    now: Time,
) -> Result<(), StoreError> {
    conn.run(FOLLOW_NAMED, (root, reply, now)).await.map(drop)
}

/// Who follows the thread of a reply by `author`, but for them and for those it names.
pub async fn followers(
    conn: &mut Conn<'_>,
    root: MessageId,
    reply: MessageId,
    author: PersonId,
) -> Result<Vec<PersonId>, StoreError> {
    conn.all(FOLLOWERS, (root, reply, author)).await
}

/// At most `limit` replies before `place`, oldest first.
pub async fn before(conn: &mut Conn<'_>, root: MessageId, place: i64, limit: i64) -> Result<Vec<Stored>, StoreError> {
    let mut rows = conn.all(BEFORE, (root, place, limit)).await?;
    rows.reverse();
    Ok(rows)
}

/// At most `limit` replies after `place`, oldest first.
pub async fn after(conn: &mut Conn<'_>, root: MessageId, place: i64, limit: i64) -> Result<Vec<Stored>, StoreError> {
    conn.all(AFTER, (root, place, limit)).await
}

/// How many replies of a thread `person` was told of and has not read.
pub async fn unread(conn: &mut Conn<'_>, person: PersonId, root: MessageId) -> Result<i64, StoreError> {
    conn.one(UNREAD, (person, root)).await
}

/// Marks what told a person of a thread's replies read; answers what was not.
pub async fn noticed<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    person: PersonId,
    root: MessageId,
    now: Time,
) -> Result<Vec<NotificationId>, StoreError> {
    conn.all(NOTICED, (person, root, now)).await
}
