-- The house: people, communities, channels, messages; the event log, the lanes, the audit log and the rules.
-- Identifiers are UUIDv7. Times are microseconds since 1970, UTC.

CREATE TABLE people (
    id            UUID PRIMARY KEY,
    handle        TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind          TEXT NOT NULL CHECK (kind IN ('person', 'placeholder', 'bot', 'system')),
    password_hash TEXT,
    server_owner  BOOLEAN NOT NULL,
    seq           BIGINT NOT NULL CHECK (seq >= 0),
    created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_server_owner ON people (server_owner) WHERE server_owner;

-- The token itself is only in the browser; here is its SHA-256.
CREATE TABLE sessions (
    id         UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    agent      TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person, seen_at);

CREATE TABLE communities (
    id          UUID PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 50),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description TEXT NOT NULL CHECK (length(description) <= 500),
    public      BOOLEAN NOT NULL,
    owner       UUID NOT NULL REFERENCES people (id),
    members     BIGINT NOT NULL CHECK (members >= 0),
    seq         BIGINT NOT NULL CHECK (seq >= 0),
    created_at  BIGINT NOT NULL
);
CREATE INDEX communities_discovery ON communities (public, members);
CREATE INDEX communities_owner ON communities (owner);

CREATE TABLE members (
    community UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role      TEXT NOT NULL CHECK (role IN ('guest', 'bot', 'member', 'moderator', 'admin', 'owner')),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (community, person)
);
CREATE INDEX members_person ON members (person);

-- An invitation lets its holder claim an imported person. The code itself is only in the link.
CREATE TABLE invites (
    id         UUID PRIMARY KEY,
    code_hash  BYTEA NOT NULL UNIQUE,
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    inviter    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX invites_person ON invites (person);

-- seq: the latest event of the channel's topic. count: how many messages were ever posted, the latest position.
CREATE TABLE channels (
    id              UUID PRIMARY KEY,
    community       UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    slug            TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 50),
    name            TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind            TEXT NOT NULL CHECK (kind IN ('text', 'announcement', 'forum', 'direct', 'group', 'assistant')),
    visibility      TEXT NOT NULL CHECK (visibility IN ('public', 'private', 'restricted')),
    status          TEXT NOT NULL CHECK (status IN ('active', 'archived', 'locked')),
    topic           TEXT NOT NULL CHECK (length(topic) <= 500),
    seq             BIGINT NOT NULL CHECK (seq >= 0),
    count           BIGINT NOT NULL CHECK (count >= 0),
    participants    BIGINT NOT NULL CHECK (participants >= 0),
    last_message_at BIGINT,
    created_at      BIGINT NOT NULL,
    UNIQUE (community, slug)
);

CREATE TABLE participants (
    channel   UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    read      BIGINT NOT NULL CHECK (read >= 0),
    muted     BOOLEAN NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (channel, person)
);
CREATE INDEX participants_person ON participants (person);

-- A message's id is made by its sender. position: 1 for the first of its channel, without gaps. seq: its event.
-- body is Markdown, html the same rendered; both are empty when the message is deleted.
CREATE TABLE messages (
    id          UUID PRIMARY KEY,
    channel     UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    position    BIGINT NOT NULL CHECK (position >= 1),
    seq         BIGINT NOT NULL,
    author      UUID NOT NULL REFERENCES people (id),
    sender      TEXT NOT NULL CHECK (sender IN ('person', 'placeholder', 'bot', 'assistant', 'system')),
    kind        TEXT NOT NULL CHECK (kind IN ('text', 'system', 'announcement', 'assistant', 'command', 'media')),
    status      TEXT NOT NULL CHECK (status IN ('active', 'edited', 'flagged', 'held', 'deleted')),
    body        TEXT NOT NULL,
    html        TEXT NOT NULL,
    reply_to    UUID,
    root        UUID,
    created_at  BIGINT NOT NULL,
    edited_at   BIGINT,
    deleted_at  BIGINT,
    CONSTRAINT messages_body CHECK ((status = 'deleted') = (body = '')),
    words       TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED
);
CREATE UNIQUE INDEX messages_position ON messages (channel, position);

-- The words of messages, kept in step by the database itself.
CREATE INDEX messages_words ON messages USING gin (words);

-- What an edited message said before.
CREATE TABLE message_edits (
    id        UUID PRIMARY KEY,
    message   UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    body      TEXT NOT NULL,
    edited_at BIGINT NOT NULL
);
CREATE INDEX message_edits_message ON message_edits (message, edited_at);

-- What clients resume from: ids and small facts, never text. (topic, seq) is gap-free and in commit order.
CREATE TABLE events (
    topic   UUID NOT NULL,
    seq     BIGINT NOT NULL,
    id      UUID NOT NULL,
    name    TEXT NOT NULL,
    subject UUID,
    facts   JSONB NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (topic, seq)
);
CREATE INDEX events_at ON events (at);

-- What still has to follow from an event, lane by lane. A finished record is removed.
CREATE TABLE lane_records (
    id              UUID PRIMARY KEY,
    lane            TEXT NOT NULL CHECK (lane IN ('realtime', 'cross_domain', 'general')),
    event           UUID NOT NULL,
    name            TEXT NOT NULL,
    topic_kind      TEXT NOT NULL,
    topic           UUID NOT NULL,
    seq             BIGINT NOT NULL,
    payload         JSONB NOT NULL,
    from_domain     TEXT,
    to_domain       TEXT,
    status          TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'retrying', 'dead')),
    attempts        BIGINT NOT NULL CHECK (attempts >= 0),
    priority        BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    lease_owner     UUID,
    lease_until     BIGINT,
    last_error      TEXT,
    trace           TEXT,
    created_at      BIGINT NOT NULL
);
CREATE INDEX lane_records_due ON lane_records (lane, lease_until);

-- Every command and every refusal. Never message text.
CREATE TABLE audit_entries (
    id          UUID PRIMARY KEY,
    at          BIGINT NOT NULL,
    action      TEXT NOT NULL,
    actor       UUID,
    actor_kind  TEXT NOT NULL CHECK (actor_kind IN ('visitor', 'person', 'system')),
    surface     TEXT NOT NULL CHECK (surface IN ('page', 'api', 'feed', 'cli', 'worker')),
    address     TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target      UUID,
    outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    rule        TEXT,
    changes     JSONB NOT NULL,
    correlation UUID NOT NULL
);
CREATE INDEX audit_entries_target ON audit_entries (target, at);

-- Rules of this server's own, beside the built-in ones.
CREATE TABLE rules (
    id         UUID PRIMARY KEY,
    name       TEXT NOT NULL,
    effect     TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
    scope      JSONB NOT NULL,
    actions    JSONB NOT NULL,
    condition  JSONB NOT NULL,
    priority   BIGINT NOT NULL CHECK (priority BETWEEN 1 AND 1000),
    active     BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

-- The one identity of the server itself (M24).
INSERT INTO people (id, handle, name, kind, password_hash, server_owner, seq, created_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'thunderline', 'Thunderline', 'system', NULL, false, 0, 0);
