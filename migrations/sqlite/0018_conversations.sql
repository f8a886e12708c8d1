-- Who talks to whom in a direct conversation (C12): fixed, whoever takes part in its channel at the moment. began_at:
-- when this person began it; nothing for whoever was written to.
CREATE TABLE conversation_people (
    channel  BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person   BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    began_at INTEGER,
    PRIMARY KEY (channel, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_people_began ON conversation_people (person, began_at);

-- A community's channels without its conversations, of which there may be many more.
CREATE INDEX channels_listed ON channels (community, name) WHERE kind <> 'direct' AND kind <> 'group';
