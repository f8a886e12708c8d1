-- Addresses that channels had before they were renamed (C05). Each leads to its channel until another one takes it.
CREATE TABLE channel_addresses (
    community UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    slug      TEXT NOT NULL,
    channel   UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    PRIMARY KEY (community, slug)
);
CREATE INDEX channel_addresses_channel ON channel_addresses (channel);

-- What a channel asks of whoever posts there (C05): so many seconds between two messages of one person, and at most so
-- many characters.
ALTER TABLE channels ADD COLUMN slow_mode BIGINT NOT NULL DEFAULT 0 CHECK (slow_mode BETWEEN 0 AND 3600);
ALTER TABLE channels ADD COLUMN message_chars BIGINT NOT NULL DEFAULT 4000 CHECK (message_chars BETWEEN 1 AND 4000);
-- When a participant last posted: slow mode counts from there.
ALTER TABLE participants ADD COLUMN posted_at BIGINT;

-- How much a participant wants to hear of the channel (C06).
ALTER TABLE participants ADD COLUMN level TEXT NOT NULL DEFAULT 'all' CHECK (level IN ('all', 'mentions', 'nothing'));
