//! Messages, and what they are found by.

use super::{
    Conn, FromRow, Row, Sql, StoreError,
    channels::{Standing, standing_columns},
    edits,
    search::{self, Mark, Words},
};
use crate::{
    domain::{
        ChannelId, Message, MessageId, PersonId, PersonSummary, Time,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
        thread::Quote,
    },
    policy::Grant,
    row, sql,
    view::body,
};

/// The columns of a message as readers see it, with what it quotes: what is in the channel and answers something.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.channel, m.position, m.place, m.seq, m.author, p.handle, p.name, p.kind AS person_kind, m.kind, ",
            "m.status, m.html, m.reply_to, m.root, m.created_at, m.edited_at, m.expires_at, q.author AS quoted, ",
            "w.handle AS quoted_handle, w.name AS quoted_name, w.kind AS quoted_kind, q.html AS quoted_html, ",
            "EXISTS (SELECT 1 FROM pins WHERE pins.message = m.id) AS pinned FROM messages m JOIN people p ON p.id = m.author ",
            "LEFT JOIN messages q ON q.id = m.reply_to AND m.position IS NOT NULL LEFT JOIN people w ON w.id = q.author ",
            $rest
        )
    };
}
pub(in crate::store) use select;

/// What posting must know, with a lock or without.
macro_rules! posting {
    ($lock:literal) => {
        concat!(
            "SELECT ",
            standing_columns!("$2"),
            ", \
            coalesce(known.id, (SELECT h.message FROM held_messages h WHERE h.message = $3)) AS known, \
            EXISTS (SELECT 1 FROM webhooks w WHERE w.community = c.community AND w.active) AS hooked, \
            EXISTS (SELECT 1 FROM drafts d WHERE d.person = $2 AND d.channel = c.id) AS drafted \
            FROM channels c JOIN communities k ON k.id = c.community \
            LEFT JOIN members m ON m.community = c.community AND m.person = $2 \
            LEFT JOIN participants p ON p.channel = c.id AND p.person = $2 LEFT JOIN messages known ON known.id = $3 \
            WHERE c.id = $1",
            $lock
        )
    };
}

sql! {
    /// One message.
    FIND = Sql::both(select!("WHERE m.id = $1"));
    /// Several, in no order.
    FIND_ALL = crate::listed!("SELECT m.id, m.channel, m.position, m.place, m.seq, m.author, p.handle, p.name, \
        p.kind AS person_kind, m.kind, m.status, m.html, m.reply_to, m.root, m.created_at, m.edited_at, m.expires_at, \
        q.author AS quoted, w.handle AS quoted_handle, w.name AS quoted_name, w.kind AS quoted_kind, q.html AS quoted_html, \
        EXISTS (SELECT 1 FROM pins WHERE pins.message = m.id) AS pinned FROM messages m JOIN people p ON p.id = m.author \
        LEFT JOIN messages q ON q.id = m.reply_to AND m.position IS NOT NULL \
        LEFT JOIN people w ON w.id = q.author WHERE m.id", uuid "$1", "");
    /// A page that ends before a position, newest first.
    BEFORE = Sql::both(select!("WHERE m.channel = $1 AND m.position < $2 ORDER BY m.position DESC LIMIT $3"));
    /// A page that begins after a position.
    AFTER = Sql::both(select!("WHERE m.channel = $1 AND m.position > $2 ORDER BY m.position LIMIT $3"));
    /// Where a message stands, and what its author wrote.
    PLACE = Sql::both("SELECT id, channel, position, place, author, status, body, root, created_at, edited_at, expires_at \
        FROM messages WHERE id = $1");
    /// A channel as one person stands to it, and whether a message's id is in use. Nobody else changes the channel until
    /// the transaction ends.
    POSTING = Sql::split(
        "the hot post: what is locked here need not be asked back from the UPDATE; SQLite's writer is alone already",
        posting!(""),
        posting!(" FOR NO KEY UPDATE OF c"),
    );
    /// A new message.
    INSERT = Sql::split(
        "search: FTS5 keeps words in a table of its own",
        "INSERT INTO messages (id, channel, position, seq, author, sender, kind, status, body, html, reply_to, \
        root, created_at, edited_at, expires_at, place) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        "INSERT INTO messages (id, channel, position, seq, author, sender, kind, status, body, html, reply_to, \
        root, created_at, edited_at, expires_at, place, words) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, CAST(CAST($17 AS TEXT) AS tsvector))",
    );
    /// Which of these exist.
    EXISTING = crate::listed!("SELECT id FROM messages WHERE id", uuid "$1", "");
    /// Other words.
    EDIT = Sql::split(
        "search: FTS5 keeps words in a table of its own",
        "UPDATE messages SET body = $2, html = $3, edited_at = $4, \
        status = CASE status WHEN 'flagged' THEN status ELSE 'edited' END WHERE id = $1 AND status <> 'deleted'",
        "UPDATE messages SET body = $2, html = $3, edited_at = $4, words = CAST(CAST($5 AS TEXT) AS tsvector), \
        status = CASE status WHEN 'flagged' THEN status ELSE 'edited' END WHERE id = $1 AND status <> 'deleted'",
    );
    /// Only a tombstone is left.
    BURY = Sql::split(
        "search: FTS5 keeps words in a table of its own, and a trigger removes them",
        "UPDATE messages SET body = '', html = '', status = 'deleted', edited_at = NULL, deleted_at = $2 \
        WHERE id = $1 AND status <> 'deleted'",
        "UPDATE messages SET body = '', html = '', words = NULL, status = 'deleted', edited_at = NULL, deleted_at = $2 \
        WHERE id = $1 AND status <> 'deleted'",
    );
}

/// A message as stored, with its author.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Which.
    pub id: MessageId,
    /// Where.
    pub channel: ChannelId,
    /// Its place in the transcript, if it stands there.
    pub position: Option<i64>,
    /// Its place in its thread.
    pub place: Option<i64>,
    /// Its event.
    pub seq: i64,
    /// Who wrote it.
    pub author: PersonId,
    /// Their sign-in name.
    pub handle: String,
    /// Their name.
    pub name: String,
    /// What stands behind them.
    pub person_kind: PersonKind,
    /// What it is.
    pub kind: MessageKind,
    /// What became of it.
    pub status: MessageStatus,
    /// Safe HTML.
    pub html: String,
    /// What it answers.
    pub reply_to: Option<MessageId>,
    /// The root of its thread.
    pub root: Option<MessageId>,
    /// When it was posted.
    pub created_at: Time,
    /// When it was last edited.
    pub edited_at: Option<Time>,
    /// When it vanishes.
    pub expires_at: Option<Time>,
    /// Whether it is pinned.
    pub pinned: bool,
    quoted: Option<PersonId>,
    quoted_handle: Option<String>,
    quoted_name: Option<String>,
    quoted_kind: Option<PersonKind>,
    quoted_html: Option<String>,
}

row! { Stored {
    id, channel, position, place, seq, author, handle, name, person_kind, kind, status, html, reply_to, root, created_at,
    edited_at, expires_at, pinned, quoted, quoted_handle, quoted_name, quoted_kind, quoted_html
} }

impl Stored {
    /// Whether it waits to be judged.
    pub fn is_flagged(&self) -> bool {
        self.status == MessageStatus::Flagged
    }

    /// The message it answers, in one line.
    fn quote(&mut self) -> Option<Quote> {
        let author = PersonSummary {
            id: self.quoted?,
            handle: self.quoted_handle.take()?,
            name: self.quoted_name.take()?,
            kind: self.quoted_kind?,
        };
        Some(Quote { author, words: body::quoted(&self.quoted_html.take()?) })
    }
}

/// As everybody may see it.
impl From<Stored> for Message {
    fn from(mut row: Stored) -> Self {
        let quote = row.quote();
        let message = Self {
            id: row.id,
            channel: row.channel,
            position: row.position,
            place: row.place,
            author: PersonSummary { id: row.author, handle: row.handle, name: row.name, kind: row.person_kind },
            kind: row.kind,
            status: row.status,
            html: row.html,
            reply_to: row.reply_to,
            root: row.root,
            quote,
            thread: None,
            created_at: row.created_at,
            edited_at: row.edited_at,
            expires_at: row.expires_at,
            pinned: row.pinned,
            reactions: Vec::new(),
        };
        Self { status: message.settled(), ..message }
    }
}

/// Where a message stands, and what its author wrote.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which.
    pub id: MessageId,
    /// Where.
    pub channel: ChannelId,
    /// Its place in the transcript, if it stands there.
    pub position: Option<i64>,
    /// Its place in its thread.
    pub place: Option<i64>,
    /// Who wrote it.
    pub author: PersonId,
    /// What became of it.
    pub status: MessageStatus,
    /// Markdown.
    pub body: String,
    /// The root of its thread.
    pub root: Option<MessageId>,
    /// When it was posted.
    pub created_at: Time,
    /// When it was last edited.
    pub edited_at: Option<Time>,
    /// When it vanishes.
    pub expires_at: Option<Time>,
}

row! { Place { id, channel, position, place, author, status, body, root, created_at, edited_at, expires_at } }

impl Place {
    /// Another number after every edit.
    pub fn version(&self) -> i64 {
        self.edited_at.map_or(0, Time::micros)
    }
}

/// A message about to be stored.
#[derive(Debug)]
pub struct NewMessage<'a> {
    /// As readers will see it.
    pub message: &'a Message,
    /// Its event.
    pub seq: i64,
    /// Markdown.
    pub body: &'a str,
    /// What it is found by.
    pub words: &'a Words,
    /// What it is found by beside that.
    pub marks: &'a [Mark],
}

/// One message.
pub async fn find(conn: &mut Conn<'_>, id: MessageId) -> Result<Option<Stored>, StoreError> {
    conn.maybe(FIND, (id,)).await
}

/// Several, in no order; those that do not exist are left out.
pub async fn find_all(conn: &mut Conn<'_>, ids: Vec<MessageId>) -> Result<Vec<Stored>, StoreError> {
    conn.all(FIND_ALL, (ids,)).await
}

/// At most `limit` messages before `position`, oldest first.
pub async fn before(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    position: i64,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    let mut rows = conn.all(BEFORE, (channel, position, limit)).await?;
    rows.reverse();
    Ok(rows)
}

/// At most `limit` messages after `position`, oldest first.
pub async fn after(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    position: i64,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    conn.all(AFTER, (channel, position, limit)).await
}

/// Where a message stands.
pub async fn place(conn: &mut Conn<'_>, id: MessageId) -> Result<Option<Place>, StoreError> {
    conn.maybe(PLACE, (id,)).await
}

struct Posting {
    standing: Standing,
    known: Option<MessageId>,
    hooked: bool,
    drafted: bool,
}

/// How many columns a [`Posting`] has beside those of its [`Standing`].
const POSTING_OWN: usize = 3;

/// The columns of a [`Standing`], whatever they are, and its own.
const fn posting_columns() -> [&'static str; Standing::COLUMNS.len() + POSTING_OWN] {
    let mut columns = [""; Standing::COLUMNS.len() + POSTING_OWN];
    let mut at = 0;
    while at < Standing::COLUMNS.len() {
        columns[at] = Standing::COLUMNS[at];
        at += 1;
    }
    columns[at] = "known";
    columns[at + 1] = "hooked";
    columns[at + 2] = "drafted";
    columns
}

impl FromRow for Posting {
    const TABLE: &'static str = "channels";
    const COLUMNS: &'static [&'static str] = &posting_columns();

    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        let standing = Standing::from_row(row)?;
        Ok(Self { standing, known: row.take()?, hooked: row.take()?, drafted: row.take()? })
    }
}

/// All that posting must know.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The channel as its writer stands to it.
    pub standing: Standing,
    /// Whether the message's id is in use.
    pub known: bool,
    /// Whether the community has a webhook that is told of anything.
    pub hooked: bool,
    /// Whether who posts has begun something in the channel or in a thread of it.
    pub drafted: bool,
}

/// A channel as `person` stands to it, and what else posting there must know. The channel is held until the transaction
/// ends, for [`channels::take_next`](super::channels::take_next).
pub async fn posting(
    conn: &mut Conn<'_>,
    channel: ChannelId,
    person: PersonId,
    id: MessageId,
) -> Result<Option<Ground>, StoreError> {
    let row: Option<Posting> = conn.maybe(POSTING, (channel, person, id)).await?;
    Ok(row.map(|row| Ground {
        standing: row.standing,
        known: row.known.is_some(),
        hooked: row.hooked,
        drafted: row.drafted,
    }))
}

/// Stores a message; its position was taken before.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewMessage<'_>) -> Result<(), StoreError> {
    let message = new.message;
    let words = search::spell(conn, new.words, new.marks);
    let values = (
        message.id,
        message.channel,
        message.position,
        new.seq,
        message.author.id,
        message.author.kind,
        message.kind,
        message.status,
        new.body,
        message.html.as_str(),
        message.reply_to,
        message.root,
        message.created_at,
        message.edited_at,
        message.expires_at,
        message.place,
        words.as_str(),
    );
    conn.send(INSERT, values).await?;
    search::put_apart(conn, message.id, &words).await
}

/// Which of `ids` exist.
pub async fn existing(conn: &mut Conn<'_>, ids: Vec<MessageId>) -> Result<Vec<MessageId>, StoreError> {
    conn.all(EXISTING, (ids,)).await
}

/// What takes the place of a message's words.
#[derive(Debug)]
pub struct Edit<'a> {
    /// Markdown.
    pub body: &'a str,
    /// Safe HTML.
    pub html: &'a str,
    /// What it is found by.
    pub words: &'a Words,
    /// What it is found by beside that.
    pub marks: &'a [Mark],
}

/// Gives a message other words; `false` when it was deleted meanwhile.
pub async fn edit<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: MessageId,
    new: &Edit<'_>,
    now: Time,
) -> Result<bool, StoreError> {
    let words = search::spell(conn, new.words, new.marks);
    let alive = conn.run(EDIT, (id, new.body, new.html, now, words.as_str())).await? == 1;
    search::put_apart(conn, id, &words).await?;
    Ok(alive)
}

/// Leaves only a tombstone: the words, their history and their search row are gone (M21); `false` when it was one.
pub async fn bury<C>(conn: &mut Conn<'_>, grant: &Grant<C>, id: MessageId, now: Time) -> Result<bool, StoreError> {
    let alive = conn.run(BURY, (id, now)).await? == 1;
    edits::forget(conn, grant, id).await?;
    Ok(alive)
}
