-- How people keep order: why a message was edited, and which are pinned.

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
