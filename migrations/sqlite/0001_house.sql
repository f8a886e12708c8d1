-- The house: people, communities, channels, messages; the event log, the lanes, the audit log and the rules.
-- Identifiers are UUIDv7. Times are microseconds since 1970, UTC.

CREATE TABLE people (
    id            BLOB PRIMARY KEY,
    handle        TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind          TEXT NOT NULL CHECK (kind IN ('person', 'placeholder', 'bot', 'system')),
    password_hash TEXT,
    server_owner  INTEGER NOT NULL,
    seq           INTEGER NOT NULL CHECK (seq >= 0),
    created_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX people_server_owner ON people (server_owner) WHERE server_owner;

-- The token itself is only in the browser; here is its SHA-256.
CREATE TABLE sessions (
    id         BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    agent      TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person, seen_at);

CREATE TABLE communities (
    id          BLOB PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 50),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description TEXT NOT NULL CHECK (length(description) <= 500),
    public      INTEGER NOT NULL,
    owner       BLOB NOT NULL REFERENCES people (id),
    members     INTEGER NOT NULL CHECK (members >= 0),
    seq         INTEGER NOT NULL CHECK (seq >= 0),
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX communities_discovery ON communities (public, members);
CREATE INDEX communities_owner ON communities (owner);

CREATE TABLE members (
    community BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role      TEXT NOT NULL CHECK (role IN ('guest', 'bot', 'member', 'moderator', 'admin', 'owner')),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (community, person)
) STRICT;
CREATE INDEX members_person ON members (person);

-- An invitation lets its holder claim an imported person. The code itself is only in the link.
CREATE TABLE invites (
    id         BLOB PRIMARY KEY,
    code_hash  BLOB NOT NULL UNIQUE,
    community  BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    inviter    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX invites_person ON invites (person);

-- seq: the latest event of the channel's topic. count: how many messages were ever posted, the latest position.
CREATE TABLE channels (
    id              BLOB PRIMARY KEY,
    community       BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    slug            TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 50),
    name            TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind            TEXT NOT NULL CHECK (kind IN ('text', 'announcement', 'forum', 'direct', 'group', 'assistant')),
    visibility      TEXT NOT NULL CHECK (visibility IN ('public', 'private', 'restricted')),
    status          TEXT NOT NULL CHECK (status IN ('active', 'archived', 'locked')),
    topic           TEXT NOT NULL CHECK (length(topic) <= 500),
    seq             INTEGER NOT NULL CHECK (seq >= 0),
    count           INTEGER NOT NULL CHECK (count >= 0),
    participants    INTEGER NOT NULL CHECK (participants >= 0),
    last_message_at INTEGER,
    created_at      INTEGER NOT NULL,
    UNIQUE (community, slug)
) STRICT;

CREATE TABLE participants (
    channel   BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    read      INTEGER NOT NULL CHECK (read >= 0),
    muted     INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (channel, person)
) STRICT;
CREATE INDEX participants_person ON participants (person);

-- A message's id is made by its sender. position: 1 for the first of its channel, without gaps. seq: its event.
-- body is Markdown, html the same rendered; both are empty when the message is deleted.
CREATE TABLE messages (
    id          BLOB PRIMARY KEY,
    channel     BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL CHECK (position >= 1),
    seq         INTEGER NOT NULL,
    author      BLOB NOT NULL REFERENCES people (id),
    sender      TEXT NOT NULL CHECK (sender IN ('person', 'placeholder', 'bot', 'assistant', 'system')),
    kind        TEXT NOT NULL CHECK (kind IN ('text', 'system', 'announcement', 'assistant', 'command', 'media')),
    status      TEXT NOT NULL CHECK (status IN ('active', 'edited', 'flagged', 'held', 'deleted')),
    body        TEXT NOT NULL,
    html        TEXT NOT NULL,
    reply_to    BLOB,
    root        BLOB,
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER,
    deleted_at  INTEGER,
    CONSTRAINT messages_body CHECK ((status = 'deleted') = (body = ''))
) STRICT;
CREATE UNIQUE INDEX messages_position ON messages (channel, position);

-- The words of messages, kept in step by the database itself. Contentless: the text stands once, in messages.
CREATE VIRTUAL TABLE message_words USING fts5 (
    body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER messages_index AFTER INSERT ON messages WHEN new.body <> '' BEGIN
    INSERT INTO message_words (rowid, body) VALUES (new.rowid, new.body);
END;
CREATE TRIGGER messages_reindex AFTER UPDATE OF body ON messages BEGIN
    DELETE FROM message_words WHERE rowid = old.rowid;
    INSERT INTO message_words (rowid, body) SELECT new.rowid, new.body WHERE new.body <> '';
END;
CREATE TRIGGER messages_unindex AFTER DELETE ON messages BEGIN
    DELETE FROM message_words WHERE rowid = old.rowid;
END;

-- What an edited message said before.
CREATE TABLE message_edits (
    id        BLOB PRIMARY KEY,
    message   BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    body      TEXT NOT NULL,
    edited_at INTEGER NOT NULL
) STRICT;
CREATE INDEX message_edits_message ON message_edits (message, edited_at);

-- What clients resume from: ids and small facts, never text. (topic, seq) is gap-free and in commit order.
CREATE TABLE events (
    topic   BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    id      BLOB NOT NULL,
    name    TEXT NOT NULL,
    subject BLOB,
    facts   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (topic, seq)
) STRICT;
CREATE INDEX events_at ON events (at);

-- What still has to follow from an event, lane by lane. A finished record is removed.
CREATE TABLE lane_records (
    id              BLOB PRIMARY KEY,
    lane            TEXT NOT NULL CHECK (lane IN ('realtime', 'cross_domain', 'general')),
    event           BLOB NOT NULL,
    name            TEXT NOT NULL,
    topic_kind      TEXT NOT NULL,
    topic           BLOB NOT NULL,
    seq             INTEGER NOT NULL,
    payload         TEXT NOT NULL,
    from_domain     TEXT,
    to_domain       TEXT,
    status          TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'retrying', 'dead')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    priority        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    lease_owner     BLOB,
    lease_until     INTEGER,
    last_error      TEXT,
    trace           TEXT,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX lane_records_due ON lane_records (lane, lease_until);

-- Every command and every refusal. Never message text.
CREATE TABLE audit_entries (
    id          BLOB PRIMARY KEY,
    at          INTEGER NOT NULL,
    action      TEXT NOT NULL,
    actor       BLOB,
    actor_kind  TEXT NOT NULL CHECK (actor_kind IN ('visitor', 'person', 'system')),
    surface     TEXT NOT NULL CHECK (surface IN ('page', 'api', 'feed', 'cli', 'worker')),
    address     TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target      BLOB,
    outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    rule        TEXT,
    changes     TEXT NOT NULL,
    correlation BLOB NOT NULL
) STRICT;
CREATE INDEX audit_entries_target ON audit_entries (target, at);

-- Rules of this server's own, beside the built-in ones.
CREATE TABLE rules (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    effect     TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
    scope      TEXT NOT NULL,
    actions    TEXT NOT NULL,
    condition  TEXT NOT NULL,
    priority   INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 1000),
    active     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The one identity of the server itself (M24).
INSERT INTO people (id, handle, name, kind, password_hash, server_owner, seq, created_at)
VALUES (x'00000000000070008000000000000001', 'thunderline', 'Thunderline', 'system', NULL, 0, 0, 0);
