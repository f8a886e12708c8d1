-- Who was a member and is none any more, whether they left, were removed or banned: an import does not bring them back.
-- Whoever comes back by themselves is a member whatever stands here.
CREATE TABLE former_members (
    community BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (community, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_members_person ON former_members (person);

-- The same of channels, with when they last posted there: slow mode is not escaped by the door, also not by a message that
-- waited for a moderator and went with its author.
CREATE TABLE former_participants (
    channel   BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    posted_at INTEGER,
    PRIMARY KEY (channel, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_participants_person ON former_participants (person);

-- What is held is listed in the order of an index: a moderators' queue, and an author's own of one channel.
DROP INDEX held_messages_queue;
CREATE INDEX held_messages_queue ON held_messages (community, held_at, message) WHERE status = 'waiting';
DROP INDEX held_messages_author;
CREATE INDEX held_messages_author ON held_messages (author, channel, status, held_at, message);
DROP INDEX held_messages_channel;
CREATE INDEX held_messages_channel ON held_messages (channel, held_at);
