-- Threads: a reply stands in its thread, and in the channel only when it was sent there as well.

-- position is NULL for a reply that stands in its thread alone.
ALTER TABLE messages ALTER COLUMN position DROP NOT NULL;

-- place: a reply's place in its thread, 1 for the first, without gaps. What was posted before stays in the channel as well.
ALTER TABLE messages ADD COLUMN place place_number;
UPDATE messages SET place = r.place FROM
    (SELECT id, row_number() OVER (PARTITION BY root ORDER BY position) AS place FROM messages WHERE root IS NOT NULL) AS r
WHERE r.id = messages.id;
CREATE UNIQUE INDEX messages_place ON messages (root, place) WHERE root IS NOT NULL;
-- What retention looks through beside the transcript. Only replies pay for it.
CREATE INDEX messages_aside ON messages (channel, created_at) WHERE position IS NULL AND status <> 'deleted';

-- places: how many replies were ever posted, the latest place. replies: how many are left, by how many people.
CREATE TABLE threads (
    root          UUID PRIMARY KEY,
    channel       UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    places        BIGINT NOT NULL CHECK (places >= replies),
    replies       BIGINT NOT NULL CHECK (replies >= people),
    people        BIGINT NOT NULL CHECK (people >= 0),
    last_reply_at BIGINT,
    CONSTRAINT threads_last CHECK ((replies = 0) = (last_reply_at IS NULL))
);
CREATE INDEX threads_channel ON threads (channel);

-- How many replies of somebody are left, since when, and whether they want to hear of others'.
CREATE TABLE thread_people (
    root      UUID NOT NULL REFERENCES threads (root) ON DELETE CASCADE,
    person    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    replies   BIGINT NOT NULL CHECK (replies >= 0),
    since     BIGINT NOT NULL,
    following BOOLEAN NOT NULL,
    PRIMARY KEY (root, person)
);
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
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check CHECK (kind IN ('mention', 'reply', 'command', 'reminder'));
