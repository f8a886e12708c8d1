-- Whom a message names, the inbox that follows from it, and webhooks with what came of them.

CREATE TABLE mentions (
    message UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    person  UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (message, person)
);
CREATE INDEX mentions_person ON mentions (person);

-- Somebody is told of a message once, whatever happens twice: an event that is handled again, a name that an edit
-- takes out and puts back.
CREATE TABLE notifications (
    id         UUID PRIMARY KEY,
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('mention')),
    message    UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    channel    UUID NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    actor      UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    event      UUID NOT NULL,
    created_at BIGINT NOT NULL,
    read_at    BIGINT,
    UNIQUE (person, event),
    UNIQUE (person, message, kind)
);
CREATE INDEX notifications_inbox ON notifications (person, created_at, id);
CREATE INDEX notifications_unread ON notifications (person) WHERE read_at IS NULL;
CREATE INDEX notifications_message ON notifications (message);
CREATE INDEX notifications_channel ON notifications (channel);
CREATE INDEX notifications_community ON notifications (community);

-- The secret signs what is sent, so it is kept as it is. events: names of events, a JSON list.
CREATE TABLE webhooks (
    id         UUID PRIMARY KEY,
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    url        TEXT NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    secret     TEXT NOT NULL,
    events     JSONB NOT NULL,
    active     BOOLEAN NOT NULL,
    created_by UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_community ON webhooks (community, created_at);

-- What came of the latest attempt to deliver an event: an answer's status, or why there was none.
CREATE TABLE webhook_deliveries (
    webhook  UUID NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event    UUID NOT NULL,
    name     TEXT NOT NULL,
    done     BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts >= 1),
    status   BIGINT,
    error    TEXT,
    at       BIGINT NOT NULL,
    PRIMARY KEY (webhook, event)
);
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (webhook, at);
