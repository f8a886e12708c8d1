-- Whom a message names, the inbox that follows from it, and webhooks with what came of them.

CREATE TABLE mentions (
    message BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    person  BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (message, person)
) STRICT;
CREATE INDEX mentions_person ON mentions (person);

-- Somebody is told of a message once, whatever happens twice: an event that is handled again, a name that an edit
-- takes out and puts back.
CREATE TABLE notifications (
    id         BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('mention')),
    message    BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    channel    BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    community  BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    actor      BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    event      BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    read_at    INTEGER,
    UNIQUE (person, event),
    UNIQUE (person, message, kind)
) STRICT;
CREATE INDEX notifications_inbox ON notifications (person, created_at, id);
CREATE INDEX notifications_unread ON notifications (person) WHERE read_at IS NULL;
CREATE INDEX notifications_message ON notifications (message);
CREATE INDEX notifications_channel ON notifications (channel);
CREATE INDEX notifications_community ON notifications (community);

-- The secret signs what is sent, so it is kept as it is. events: names of events, a JSON list.
CREATE TABLE webhooks (
    id         BLOB PRIMARY KEY,
    community  BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    url        TEXT NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    secret     TEXT NOT NULL,
    events     TEXT NOT NULL,
    active     INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_community ON webhooks (community, created_at);

-- What came of the latest attempt to deliver an event: an answer's status, or why there was none.
CREATE TABLE webhook_deliveries (
    webhook  BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event    BLOB NOT NULL,
    name     TEXT NOT NULL,
    done     INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 1),
    status   INTEGER,
    error    TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (webhook, event)
) STRICT;
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (webhook, at);
