-- What messages are found by (M23): tokens that the program makes itself, the same on both engines.

-- Each token as it stands, parted by spaces. Beside the words there are marks, which begin with "=" as no word does: the
-- channel, the author, the time, and what the message holds.
DROP TRIGGER messages_index;
DROP TRIGGER messages_reindex;
DROP TRIGGER messages_unindex;
DROP TABLE message_words;
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_.:/+#@$=~'"
);
CREATE TRIGGER messages_reindex AFTER UPDATE OF body ON messages BEGIN
    DELETE FROM message_words WHERE rowid = old.rowid;
END;
CREATE TRIGGER messages_unindex AFTER DELETE ON messages BEGIN
    DELETE FROM message_words WHERE rowid = old.rowid;
END;

-- Messages of before, which are indexed little by little.
CREATE TABLE unindexed (
    message BLOB PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO unindexed (message) SELECT id FROM messages WHERE status <> 'deleted' ORDER BY id;

-- A community's search stands at its address "search", where a channel may have been.
UPDATE channels SET slug = 'search-channel' WHERE slug = 'search' AND NOT EXISTS
    (SELECT 1 FROM channels AS other WHERE other.community = channels.community AND other.slug = 'search-channel');
UPDATE channels SET slug = 'search-' || lower(substr(hex(id), 25)) WHERE slug = 'search';
