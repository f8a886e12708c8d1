-- Each webhook has a line of its own: what it is still to be told waits there, and a lane holds its first alone.

-- place: the latest in its line. failures: deliveries given up in a row, and since when nothing arrived.
-- stopped_at: when the server switched it off for them.
ALTER TABLE webhooks ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN failing_since INTEGER;
ALTER TABLE webhooks ADD COLUMN stopped_at INTEGER;

-- What is to be told, and what came of the latest attempt. done: it arrived, or, with an error, was left out.
-- place: in the webhook's line; none for what was sent before there were lines. record: the lane's, once it had its turn.
CREATE TABLE webhook_deliveries_new (
    webhook  BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event    BLOB NOT NULL,
    name     TEXT NOT NULL,
    done     INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    status   INTEGER,
    error    TEXT,
    at       INTEGER NOT NULL,
    place    INTEGER,
    waits    INTEGER NOT NULL DEFAULT 0,
    source   TEXT,
    record   BLOB,
    PRIMARY KEY (webhook, event),
    CONSTRAINT webhook_deliveries_waits CHECK (waits = 0 OR (place IS NOT NULL AND source IS NOT NULL))
) STRICT;
INSERT INTO webhook_deliveries_new (webhook, event, name, done, attempts, status, error, at)
SELECT webhook, event, name, done, attempts, status, error, at FROM webhook_deliveries;
DROP TABLE webhook_deliveries;
ALTER TABLE webhook_deliveries_new RENAME TO webhook_deliveries;
CREATE INDEX webhook_deliveries_line ON webhook_deliveries (webhook, place) WHERE waits;
CREATE INDEX webhook_deliveries_latest ON webhook_deliveries (webhook, at, event) WHERE (done OR attempts > 0);
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (webhook, at, event) WHERE error IS NOT NULL AND NOT done;

-- Hands that only wait for somebody else's server cost nothing: more of them, unless the lane was set by hand.
UPDATE lane_controls SET width = 32 WHERE lane = 'cross_domain' AND width = 8 AND changed_at = 0;
