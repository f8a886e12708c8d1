-- How people keep order: why a message was edited, which are pinned, and which somebody flagged.

ALTER TABLE message_edits ADD COLUMN reason TEXT CHECK (length(reason) BETWEEN 1 AND 500);

-- Messages that are pinned in their channel.
CREATE TABLE pins (
    message   BLOB PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    channel   BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    pinned_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pins_channel ON pins (channel, pinned_at);
CREATE INDEX pins_person ON pins (person);

-- Messages that somebody flagged and no moderator has judged yet: a community's queue.
CREATE TABLE flagged (
    message    BLOB PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    community  BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    flagged_at INTEGER NOT NULL
) STRICT;
CREATE INDEX flagged_queue ON flagged (community, flagged_at);

-- Who flagged them, and why: once a person.
CREATE TABLE flags (
    message    BLOB NOT NULL REFERENCES flagged (message) ON DELETE CASCADE,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    flagged_at INTEGER NOT NULL,
    PRIMARY KEY (message, person)
) STRICT;
CREATE INDEX flags_person ON flags (person);

-- Who is told of it.
CREATE INDEX members_moderators ON members (community, person) WHERE role IN ('moderator', 'admin', 'owner');

-- An inbox tells moderators what was flagged.
CREATE TABLE notifications_new (
    id         BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('mention', 'reply', 'command', 'reminder', 'flag')),
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
INSERT INTO notifications_new (id, person, kind, message, channel, community, actor, event, words, created_at, read_at)
SELECT id, person, kind, message, channel, community, actor, event, words, created_at, read_at FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_new RENAME TO notifications;
CREATE INDEX notifications_inbox ON notifications (person, created_at, id);
CREATE INDEX notifications_unread ON notifications (person) WHERE read_at IS NULL;
CREATE INDEX notifications_message ON notifications (message);
CREATE INDEX notifications_channel ON notifications (channel);
CREATE INDEX notifications_community ON notifications (community);
