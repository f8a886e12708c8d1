-- Emoji that people put on messages. A set: a person has each emoji on a message once.
CREATE TABLE reactions (
    message    UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    emoji      TEXT NOT NULL CHECK (emoji <> ''),
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (message, emoji, person)
);
CREATE INDEX reactions_person ON reactions (person);

-- How many have it there, and its place: emoji stand in the order in which they came. None has a row of nobody.
CREATE TABLE reaction_counts (
    message UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    emoji   TEXT NOT NULL,
    place   BIGINT NOT NULL,
    count   BIGINT NOT NULL CHECK (count > 0),
    PRIMARY KEY (message, emoji)
);
