-- What moderation said of a message when it was posted or last edited (M07).
ALTER TABLE messages ADD COLUMN verdict TEXT NOT NULL DEFAULT 'allow';
-- Every row there is has the default: none has to be read under the lock.
ALTER TABLE messages ADD CONSTRAINT messages_verdict CHECK (verdict IN ('allow', 'flag', 'hold')) NOT VALID;

-- What waits for a moderator: not among the messages, so that nothing that reads those can show it. It becomes a message,
-- or the change of one, when it is approved; then its row is gone. One that was declined stays for its author alone.
CREATE TABLE held_messages (
    message    UUID PRIMARY KEY,
    channel    UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    author     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    status     TEXT NOT NULL CHECK (status IN ('waiting', 'declined')),
    body       TEXT NOT NULL,
    html       TEXT NOT NULL,
    reply_to   UUID,
    shown      TEXT CHECK (shown IN ('thread', 'both', 'channel')),
    expires_in BIGINT,
    edits      BOOLEAN NOT NULL,
    why        TEXT,
    rule       TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    version    BIGINT NOT NULL,
    held_at    BIGINT NOT NULL,
    CHECK ((status = 'declined') = (body = ''))
);
CREATE INDEX held_messages_queue ON held_messages (community, held_at) WHERE status = 'waiting';
CREATE INDEX held_messages_author ON held_messages (author, channel, held_at);
CREATE INDEX held_messages_channel ON held_messages (channel);

-- What a community has its messages judged by: word lists and who may post links, as one document.
CREATE TABLE moderation (
    community UUID PRIMARY KEY REFERENCES communities (id) ON DELETE CASCADE,
    settings  JSONB NOT NULL
);

-- Whether messages of those below moderator are held, how many one person may post in a minute (0: as many as they like),
-- and whether messages bear reactions (C05).
ALTER TABLE channels ADD COLUMN approval BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE channels ADD COLUMN per_minute BIGINT NOT NULL DEFAULT 0 CHECK (per_minute BETWEEN 0 AND 60);
ALTER TABLE channels ADD COLUMN reactions BOOLEAN NOT NULL DEFAULT TRUE;
