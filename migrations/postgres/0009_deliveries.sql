-- Each webhook has a line of its own: what it is still to be told waits there, and a lane holds its first alone.

-- place: the latest in its line. failures: deliveries given up in a row, and since when nothing arrived.
-- stopped_at: when the server switched it off for them.
ALTER TABLE webhooks ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN failing_since BIGINT;
ALTER TABLE webhooks ADD COLUMN stopped_at BIGINT;

-- What is to be told, and what came of the latest attempt. done: it arrived, or, with an error, was left out.
-- place: in the webhook's line; none for what was sent before there were lines. record: the lane's, once it had its turn.
ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_attempts_check;
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_attempts_check CHECK (attempts >= 0);
ALTER TABLE webhook_deliveries ADD COLUMN place BIGINT;
ALTER TABLE webhook_deliveries ADD COLUMN waits BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE webhook_deliveries ADD COLUMN source JSONB;
ALTER TABLE webhook_deliveries ADD COLUMN record UUID;
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_waits
    CHECK (NOT waits OR (place IS NOT NULL AND source IS NOT NULL));
DROP INDEX webhook_deliveries_at;
CREATE INDEX webhook_deliveries_line ON webhook_deliveries (webhook, place) WHERE waits;
CREATE INDEX webhook_deliveries_latest ON webhook_deliveries (webhook, at, event) WHERE (done OR attempts > 0);
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (webhook, at, event) WHERE error IS NOT NULL AND NOT done;

-- Hands that only wait for somebody else's server cost nothing: more of them, unless the lane was set by hand.
UPDATE lane_controls SET width = 32 WHERE lane = 'cross_domain' AND width = 8 AND changed_at = 0;
