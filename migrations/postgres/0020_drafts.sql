-- What people have begun to write and not posted: one text for each person, channel and thread of it. Its place is the
-- message that the thread began with, or else the channel itself.
CREATE TABLE drafts (
    person    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    channel   UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    place     UUID NOT NULL,
    body      TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
    edited_at BIGINT NOT NULL,
    PRIMARY KEY (person, channel, place)
);
CREATE INDEX drafts_place ON drafts (channel, place);
