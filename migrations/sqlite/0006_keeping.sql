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
