-- What is kept only so long.

-- When an ephemeral message vanishes (M26).
ALTER TABLE messages ADD COLUMN expires_at BIGINT;

-- After how many days a channel's messages are removed (C05); none: never.
ALTER TABLE channels ADD COLUMN retention_days BIGINT CHECK (retention_days BETWEEN 1 AND 3650);

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
