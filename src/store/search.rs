//! What messages are found by, and finding them (M23). The tokens are made by whoever calls: an engine only compares them.

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{ChannelId, MessageId, PersonId, Time},
    policy::Grant,
    row, sql,
};

sql! {
    /// A message's words, in place of those it had.
    INDEX = Sql::split(
        "search: FTS5 against tsvector",
        "INSERT OR REPLACE INTO message_words (rowid, words) SELECT rowid, $2 FROM messages \
        WHERE id = $1 AND status <> 'deleted'",
        "UPDATE messages SET words = CAST(CAST($2 AS TEXT) AS tsvector) \
        WHERE id = $1 AND words IS NULL AND status <> 'deleted'",
    );
    /// Only the index of words answers: what PostgreSQL guesses of words that it does not know is nothing to go by.
    BY_INDEX = Sql::split(
        "search: SQLite has no other way",
        "SELECT 1",
        "SELECT CAST(length(set_config('enable_seqscan', 'off', TRUE)) AS BIGINT)",
    );
    /// How many there are, counted up to a limit.
    COUNT = Sql::split(
        "search: FTS5 against tsvector",
        "SELECT count(*) FROM (SELECT rowid FROM message_words WHERE message_words MATCH $1 LIMIT $2)",
        "SELECT count(*) FROM (SELECT 1 FROM messages WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery) LIMIT $2) AS few",
    );
    /// The newest of a stretch of time.
    NEWEST = Sql::split(
        "search: FTS5 against tsvector",
        "SELECT m.id, m.created_at FROM message_words CROSS JOIN messages m ON m.rowid = message_words.rowid \
        WHERE message_words MATCH $1 AND m.created_at >= $2 AND (m.created_at, m.id) < ($3, $4) \
        AND m.status NOT IN ('held', 'deleted') ORDER BY m.created_at DESC, m.id DESC LIMIT $5",
        "SELECT m.id, m.created_at FROM messages m \
        WHERE m.words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND m.created_at >= $2 AND (m.created_at, m.id) < ($3, $4) \
        AND m.status NOT IN ('held', 'deleted') ORDER BY m.created_at DESC, m.id DESC LIMIT $5",
    );
    /// The newest of a stretch of time that are pinned: a channel has few pins, so each is looked at.
    NEWEST_PINNED = Sql::split(
        "search: FTS5 against tsvector",
        "SELECT m.id, m.created_at FROM pins CROSS JOIN messages m ON m.id = pins.message \
        CROSS JOIN message_words ON message_words.rowid = m.rowid \
        WHERE message_words MATCH $1 AND pins.channel IN (SELECT unhex(value) FROM json_each($6)) \
        AND m.created_at >= $2 AND (m.created_at, m.id) < ($3, $4) \
        AND m.status NOT IN ('held', 'deleted') ORDER BY m.created_at DESC, m.id DESC LIMIT $5",
        "SELECT m.id, m.created_at FROM pins JOIN messages m ON m.id = pins.message \
        WHERE m.words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND pins.channel = ANY($6) \
        AND m.created_at >= $2 AND (m.created_at, m.id) < ($3, $4) \
        AND m.status NOT IN ('held', 'deleted') ORDER BY m.created_at DESC, m.id DESC LIMIT $5",
    );
    /// Messages of before that were not indexed yet.
    BACKLOG = Sql::both("SELECT m.id, m.channel, m.author, m.root, m.created_at, m.edited_at, m.body, m.html \
        FROM unindexed u JOIN messages m ON m.id = u.message ORDER BY u.message LIMIT $1");
    /// Which now are, or need not be.
    INDEXED = crate::listed!("DELETE FROM unindexed WHERE message", uuid "$1", "");
}

/// What a text is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its tokens in order, parted by spaces; `~` stands for a token without a place. None begins with `=`.
    pub line: String,
    /// What it holds: marks as in [`Mark`].
    pub holds: Vec<Mark>,
}

/// What a message is found by beside its words. An index keeps it as a token that no text has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It stands in this channel.
    Channel(ChannelId),
    /// This person wrote it.
    Author(PersonId),
    /// Its time, in digits of which a beginning stands for a longer stretch.
    Time(String),
    /// It stands in a thread.
    Thread,
    /// It was edited.
    Edited,
    /// It holds a link.
    Link,
    /// It holds a link to a file.
    File,
    /// It holds a picture.
    Image,
    /// It holds code.
    Code,
}

impl Mark {
    fn token(&self) -> String {
        match self {
            Self::Channel(id) => format!("=c{}", uuid::Uuid::from(*id).simple()),
            Self::Author(id) => format!("=a{}", uuid::Uuid::from(*id).simple()),
            Self::Time(digits) => format!("=t{digits}"),
            Self::Thread => "=thread".to_owned(),
            Self::Edited => "=edited".to_owned(),
            Self::Link => "=link".to_owned(),
            Self::File => "=file".to_owned(),
            Self::Image => "=image".to_owned(),
            Self::Code => "=code".to_owned(),
        }
    }
}

/// Tokens that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// At least one.
    pub tokens: Vec<String>,
    /// Whether the last one may go on.
    pub begins: bool,
}

impl From<Mark> for Phrase {
    fn from(mark: Mark) -> Self {
        Self { begins: matches!(mark, Mark::Time(_)), tokens: vec![mark.token()] }
    }
}

impl Phrase {
    /// As FTS5 reads it. A token holds neither quotes nor spaces.
    fn fts(&self) -> String {
        format!("\"{}\"{}", self.tokens.join(" "), if self.begins { "*" } else { "" })
    }

    /// As `tsquery` reads it.
    fn tsquery(&self) -> String {
        let tokens: Vec<String> = self.tokens.iter().map(|token| format!("'{token}'")).collect();
        format!("({}{})", tokens.join(" <-> "), if self.begins { ":*" } else { "" })
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Of each of these at least one; there must be some.
    pub all: Vec<Vec<Phrase>>,
    /// None of these.
    pub none: Vec<Phrase>,
}

impl Sought {
    fn spell(&self, conn: &Conn<'_>) -> String {
        let (and, or, not): (_, _, fn(&str, &str) -> String) = if conn.keeps_words_apart() {
            (" AND ", " OR ", |all, none| format!("({all}) NOT ({none})"))
        } else {
            (" & ", " | ", |all, none| format!("({all}) & !({none})"))
        };
        let phrase = if conn.keeps_words_apart() { Phrase::fts } else { Phrase::tsquery };
        let any = |phrases: &[Phrase]| phrases.iter().map(phrase).collect::<Vec<_>>().join(or);
        let all = self.all.iter().map(|group| format!("({})", any(group))).collect::<Vec<_>>().join(and);
        if self.none.is_empty() { all } else { not(&all, &any(&self.none)) }
    }
}

/// Words and marks as the engine keeps them.
pub(super) fn spell(conn: &Conn<'_>, words: &Words, marks: &[Mark]) -> String {
    let marks = marks.iter().chain(&words.holds).map(Mark::token);
    if conn.keeps_words_apart() {
        let mut line = words.line.clone();
        for mark in marks {
            line.push(' ');
            line.push_str(&mark);
        }
        return line;
    }
    let tokens = words.line.split(' ').enumerate().filter(|(_, token)| !token.is_empty() && *token != "~");
    let mut vector = String::with_capacity(2 * words.line.len() + 128);
    for (at, token) in tokens {
        vector.extend(["'", token, "':", &(at + 1).to_string(), " "]);
    }
    for mark in marks {
        vector.extend(["'", &mark, "' "]);
    }
    vector
}

/// Indexes a message whose words stand in a table of their own; elsewhere they were written with it.
pub(super) async fn put_apart(conn: &mut Conn<'_>, id: MessageId, spelled: &str) -> Result<(), StoreError> {
    if conn.keeps_words_apart() { conn.run(INDEX, (id, spelled)).await.map(drop) } else { Ok(()) }
}

/// From where on one looks, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Not before this moment.
    pub since: Time,
    /// Before this moment, or at it and before this message.
    pub before: (Time, MessageId),
}

/// Has everything that is found from now on in this snapshot found by index.
pub async fn by_index(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    conn.one::<i64>(BY_INDEX, ()).await.map(drop)
}

/// How many messages are what is looked for, counted up to `limit`.
pub async fn count(conn: &mut Conn<'_>, sought: &Sought, limit: i64) -> Result<i64, StoreError> {
    let spelled = sought.spell(conn);
    conn.one(COUNT, (spelled.as_str(), limit)).await
}

/// At most `limit` of what is looked for, newest first.
pub async fn newest(
    conn: &mut Conn<'_>,
    sought: &Sought,
    stretch: Stretch,
    limit: i64,
) -> Result<Vec<(MessageId, Time)>, StoreError> {
    let spelled = sought.spell(conn);
    let (time, id) = stretch.before;
    conn.all(NEWEST, (spelled.as_str(), stretch.since, time, id, limit)).await
}

/// The same of what is pinned in `channels`.
pub async fn newest_pinned(
    conn: &mut Conn<'_>,
    sought: &Sought,
    stretch: Stretch,
    limit: i64,
    channels: Vec<ChannelId>,
) -> Result<Vec<(MessageId, Time)>, StoreError> {
    let spelled = sought.spell(conn);
    let (time, id) = stretch.before;
    conn.all(NEWEST_PINNED, (spelled.as_str(), stretch.since, time, id, limit, channels)).await
}

/// A message of before that was not indexed yet.
#[derive(Clone, Debug)]
pub struct Unindexed {
    /// Which.
    pub id: MessageId,
    /// Where.
    pub channel: ChannelId,
    /// Who wrote it.
    pub author: PersonId,
    /// The root of its thread.
    pub root: Option<MessageId>,
    /// When it was posted.
    pub created_at: Time,
    /// When it was last edited.
    pub edited_at: Option<Time>,
    /// Markdown.
    pub body: String,
    /// Safe HTML.
    pub html: String,
}

row! { Unindexed { id, channel, author, root, created_at, edited_at, body, html } }

/// At most `limit` messages of before that were not indexed yet.
pub async fn backlog(conn: &mut Conn<'_>, limit: i64) -> Result<Vec<Unindexed>, StoreError> {
    conn.all(BACKLOG, (limit,)).await
}

/// Indexes a message of before, unless somebody gave it other words meanwhile.
pub async fn index<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: MessageId,
    words: &Words,
    marks: &[Mark],
) -> Result<(), StoreError> {
    let spelled = spell(conn, words, marks);
    conn.run(INDEX, (id, spelled.as_str())).await.map(drop)
}

/// Notes that these are indexed.
pub async fn indexed<C>(conn: &mut Conn<'_>, _: &Grant<C>, ids: Vec<MessageId>) -> Result<(), StoreError> {
    conn.run(INDEXED, (ids,)).await.map(drop)
}
