-- How people keep order: why a message was edited, which are pinned, and which somebody flagged.

ALTER TABLE message_edits ADD COLUMN reason TEXT CHECK (length(reason) BETWEEN 1 AND 500);

-- Messages that are pinned in their channel.
CREATE TABLE pins (
    message   UUID PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    channel   UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    pinned_at BIGINT NOT NULL
);
CREATE INDEX pins_channel ON pins (channel, pinned_at);
CREATE INDEX pins_person ON pins (person);

-- Messages that somebody flagged and no moderator has judged yet: a community's queue.
CREATE TABLE flagged (
    message    UUID PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    flagged_at BIGINT NOT NULL
);
CREATE INDEX flagged_queue ON flagged (community, flagged_at);

-- Who flagged them, and why: once a person.
CREATE TABLE flags (
    message    UUID NOT NULL REFERENCES flagged (message) ON DELETE CASCADE,
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    flagged_at BIGINT NOT NULL,
    PRIMARY KEY (message, person)
);
CREATE INDEX flags_person ON flags (person);

-- Who is told of it.
CREATE INDEX members_moderators ON members (community, person) WHERE role IN ('moderator', 'admin', 'owner');

-- An inbox tells moderators what was flagged.
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check CHECK (kind IN ('mention', 'reply', 'command', 'reminder', 'flag'));
