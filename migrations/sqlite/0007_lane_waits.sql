-- Records that wait for their time stand aside: a claim walks only what may be taken now.

-- Whether nobody may take the record before lease_until, because its time has not come. Woken by the first claim after.
ALTER TABLE lane_records ADD COLUMN waits INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1));
UPDATE lane_records SET waits = TRUE WHERE status IN ('pending', 'retrying') AND lease_owner IS NULL;

DROP INDEX lane_records_order;
CREATE INDEX lane_records_order ON lane_records (lane, priority, created_at)
    WHERE lane <> 'realtime' AND status <> 'dead' AND NOT waits;
CREATE INDEX lane_records_waits ON lane_records (lane, lease_until) WHERE waits;
-- Those in their last attempt: whoever looks for what processes left behind reads no others.
CREATE INDEX lane_records_last ON lane_records (lane, lease_until) WHERE attempts >= 3 AND status <> 'dead';
