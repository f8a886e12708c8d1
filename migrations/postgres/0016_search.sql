-- What messages are found by (M23): tokens that the program makes itself, the same on both engines.

-- Each token with its place. Beside the words there are marks, which begin with "=" as no word does: the channel, the
-- author, the time, and what the message holds.
ALTER TABLE messages DROP COLUMN words;
ALTER TABLE messages ADD COLUMN words TSVECTOR;
CREATE INDEX messages_words ON messages USING gin (words);

-- Messages of before, which are indexed little by little.
CREATE TABLE unindexed (
    message UUID PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE
);
INSERT INTO unindexed (message) SELECT id FROM messages WHERE status <> 'deleted' ORDER BY id;

-- A community's search stands at its address "search", where a channel may have been.
UPDATE channels SET slug = 'search-channel' WHERE slug = 'search' AND NOT EXISTS
    (SELECT 1 FROM channels AS other WHERE other.community = channels.community AND other.slug = 'search-channel');
UPDATE channels SET slug = 'search-' || right(replace(id::text, '-', ''), 8) WHERE slug = 'search';
