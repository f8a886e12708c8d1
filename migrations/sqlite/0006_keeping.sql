-- What is kept only so long.

-- When an ephemeral message vanishes (M26).
ALTER TABLE messages ADD COLUMN expires_at INTEGER;

-- After how many days a channel's messages are removed (C05); none: never.
ALTER TABLE channels ADD COLUMN retention_days INTEGER CHECK (retention_days BETWEEN 1 AND 3650);

-- Up to which position a channel's messages are counted in channel_days (C10).
CREATE TABLE channel_activity (
    channel BLOB PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    counted INTEGER NOT NULL CHECK (counted >= 0)
) STRICT;

-- How many messages somebody posted in a channel on a day. day: days since 1970-01-01, UTC.
CREATE TABLE channel_days (
    channel  BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    day      INTEGER NOT NULL,
    person   BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    messages INTEGER NOT NULL CHECK (messages >= 1),
    PRIMARY KEY (channel, day, person)
) STRICT;
CREATE INDEX channel_days_person ON channel_days (person);

-- Slash commands that are carried out (M08). The words of one that was answered are gone.
CREATE TABLE commands (
    id         BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    channel    BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    body       TEXT NOT NULL,
    event      BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    done_at    INTEGER,
    CONSTRAINT commands_body CHECK ((done_at IS NULL) = (body <> ''))
) STRICT;
CREATE INDEX commands_waiting ON commands (person) WHERE done_at IS NULL;
CREATE INDEX commands_done ON commands (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX commands_person ON commands (person);
CREATE INDEX commands_channel ON commands (channel);

-- An inbox holds what commands answer and reminders as well: words of their own instead of a message.
CREATE TABLE notifications_new (
    id         BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('mention', 'command', 'reminder')),
    message    BLOB REFERENCES messages (id) ON DELETE CASCADE,
    channel    BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    community  BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    actor      BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    event      BLOB NOT NULL,
    words      TEXT,
    created_at INTEGER NOT NULL,
    read_at    INTEGER,
    UNIQUE (person, event),
    UNIQUE (person, message, kind),
    CONSTRAINT notifications_about CHECK ((message IS NULL) = (words IS NOT NULL))
) STRICT;
INSERT INTO notifications_new (id, person, kind, message, channel, community, actor, event, created_at, read_at)
SELECT id, person, kind, message, channel, community, actor, event, created_at, read_at FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_new RENAME TO notifications;
CREATE INDEX notifications_inbox ON notifications (person, created_at, id);
CREATE INDEX notifications_unread ON notifications (person) WHERE read_at IS NULL;
CREATE INDEX notifications_message ON notifications (message);
CREATE INDEX notifications_channel ON notifications (channel);
CREATE INDEX notifications_community ON notifications (community);
