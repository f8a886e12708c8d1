-- What is kept only so long.

-- When an ephemeral message vanishes (M26).
ALTER TABLE messages ADD COLUMN expires_at BIGINT;

-- After how many days a channel's messages are removed (C05); none: never.
CREATE DOMAIN keeping_days AS BIGINT CHECK (value BETWEEN 1 AND 3650);
ALTER TABLE channels ADD COLUMN retention_days keeping_days;

-- Up to which position a channel's messages are counted in channel_days (C10).
CREATE TABLE channel_activity (
    channel UUID PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    counted BIGINT NOT NULL CHECK (counted >= 0)
);

-- How many messages somebody posted in a channel on a day. day: days since 1970-01-01, UTC.
CREATE TABLE channel_days (
    channel  UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    day      BIGINT NOT NULL,
    person   UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    messages BIGINT NOT NULL CHECK (messages >= 1),
    PRIMARY KEY (channel, day, person)
);
CREATE INDEX channel_days_person ON channel_days (person);

-- Slash commands that are carried out (M08). The words of one that was answered are gone.
CREATE TABLE commands (
    id         UUID PRIMARY KEY,
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    channel    UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    body       TEXT NOT NULL,
    event      UUID NOT NULL,
    created_at BIGINT NOT NULL,
    done_at    BIGINT,
    CONSTRAINT commands_body CHECK ((done_at IS NULL) = (body <> ''))
);
CREATE INDEX commands_waiting ON commands (person) WHERE done_at IS NULL;
CREATE INDEX commands_done ON commands (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX commands_person ON commands (person);
CREATE INDEX commands_channel ON commands (channel);

-- An inbox holds what commands answer and reminders as well: words of their own instead of a message.
ALTER TABLE notifications ALTER COLUMN message DROP NOT NULL;
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check CHECK (kind IN ('mention', 'command', 'reminder'));
ALTER TABLE notifications ADD COLUMN words TEXT;
ALTER TABLE notifications ADD CONSTRAINT notifications_about CHECK ((message IS NULL) = (words IS NOT NULL));
