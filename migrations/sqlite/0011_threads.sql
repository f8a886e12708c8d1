-- major: threads. A reply stands in its thread, and in the channel only when it was sent there as well.

-- position is NULL for a reply that stands in its thread alone. The column is made anew, for SQLite takes no NOT NULL
-- away: rows keep their rowid, by which their words are found.
DROP INDEX messages_position;
ALTER TABLE messages ADD COLUMN stands INTEGER CHECK (stands >= 1);
UPDATE messages SET stands = position;
ALTER TABLE messages DROP COLUMN position;
ALTER TABLE messages RENAME COLUMN stands TO position;
CREATE UNIQUE INDEX messages_position ON messages (channel, position);

-- place: a reply's place in its thread, 1 for the first, without gaps. What was posted before stays in the channel as well.
ALTER TABLE messages ADD COLUMN place INTEGER CHECK (place >= 1);
UPDATE messages SET place = r.place FROM
    (SELECT id, row_number() OVER (PARTITION BY root ORDER BY position) AS place FROM messages WHERE root IS NOT NULL) AS r
WHERE r.id = messages.id;
CREATE UNIQUE INDEX messages_place ON messages (root, place) WHERE root IS NOT NULL;
-- What retention looks through beside the transcript. Only replies pay for it.
CREATE INDEX messages_aside ON messages (channel, created_at) WHERE position IS NULL AND status <> 'deleted';

-- places: how many replies were ever posted, the latest place. replies: how many are left, by how many people.
CREATE TABLE threads (
    root          BLOB PRIMARY KEY,
    channel       BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    places        INTEGER NOT NULL CHECK (places >= replies),
    replies       INTEGER NOT NULL CHECK (replies >= people),
    people        INTEGER NOT NULL CHECK (people >= 0),
    last_reply_at INTEGER,
    CONSTRAINT threads_last CHECK ((replies = 0) = (last_reply_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX threads_channel ON threads (channel);

-- How many replies of somebody are left, since when, and whether they want to hear of others'.
CREATE TABLE thread_people (
    root      BLOB NOT NULL REFERENCES threads (root) ON DELETE CASCADE,
    person    BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    replies   INTEGER NOT NULL CHECK (replies >= 0),
    since     INTEGER NOT NULL,
    following INTEGER NOT NULL,
    PRIMARY KEY (root, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_people_person ON thread_people (person);

INSERT INTO threads (root, channel, places, replies, people, last_reply_at)
SELECT root, channel, count(*), count(*) FILTER (WHERE status <> 'deleted'),
    count(DISTINCT author) FILTER (WHERE status <> 'deleted'), max(created_at) FILTER (WHERE status <> 'deleted')
FROM messages WHERE root IS NOT NULL GROUP BY root, channel;
INSERT INTO thread_people (root, person, replies, since, following)
SELECT root, author, count(*) FILTER (WHERE status <> 'deleted'), min(created_at), TRUE
FROM messages WHERE root IS NOT NULL GROUP BY root, author;
INSERT INTO thread_people (root, person, replies, since, following)
SELECT m.id, m.author, 0, m.created_at, TRUE FROM threads t JOIN messages m ON m.id = t.root WHERE TRUE ON CONFLICT DO NOTHING;
INSERT INTO thread_people (root, person, replies, since, following)
SELECT t.root, n.person, 0, m.created_at, TRUE FROM mentions n JOIN messages m ON m.id = n.message
JOIN threads t ON t.root = COALESCE(m.root, m.id) WHERE TRUE ON CONFLICT DO NOTHING;

-- An inbox tells of replies as well.
CREATE TABLE notifications_new (
    id         BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('mention', 'reply', 'command', 'reminder')),
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
