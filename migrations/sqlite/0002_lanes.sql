-- The lanes' machinery: who a record is for, in which order records are taken, how each lane is set, what it did, and
-- the periodic work of the cluster.

-- The handler it is for; empty when it is for nobody in particular.
ALTER TABLE lane_records ADD COLUMN handler TEXT NOT NULL DEFAULT '';

-- lease_until: when anybody may take the record. Nobody takes a dead one.
UPDATE lane_records SET lease_until = NULL WHERE status = 'dead';

-- Priority first, then the oldest. Realtime records are never many: a post pays for no index but the first.
CREATE INDEX lane_records_order ON lane_records (lane, priority, created_at) WHERE lane <> 'realtime' AND status <> 'dead';
-- What goes before a record in its topic.
CREATE INDEX lane_records_topic ON lane_records (topic, handler, seq) WHERE lane <> 'realtime' AND status <> 'dead';
-- next_attempt_at: when it died.
CREATE INDEX lane_records_dead ON lane_records (next_attempt_at, id) WHERE status = 'dead';

-- How each lane is set, in every process.
CREATE TABLE lane_controls (
    lane       TEXT PRIMARY KEY CHECK (lane IN ('realtime', 'cross_domain', 'general')),
    paused     INTEGER NOT NULL,
    width      INTEGER NOT NULL CHECK (width BETWEEN 1 AND 64),
    changed_at INTEGER NOT NULL
) STRICT;
INSERT INTO lane_controls (lane, paused, width, changed_at)
VALUES ('realtime', 0, 1, 0), ('cross_domain', 0, 8, 0), ('general', 0, 4, 0);

-- How many records a lane has finished, minute by minute; finished records themselves are removed.
CREATE TABLE lane_minutes (
    lane   TEXT NOT NULL CHECK (lane IN ('realtime', 'cross_domain', 'general')),
    minute INTEGER NOT NULL,
    done   INTEGER NOT NULL CHECK (done >= 0),
    PRIMARY KEY (lane, minute)
) STRICT;

-- Periodic work: each duty is done by one process at a time, once in its while.
CREATE TABLE lane_duties (
    name        TEXT PRIMARY KEY,
    every       INTEGER NOT NULL CHECK (every > 0),
    next_at     INTEGER NOT NULL,
    lease_owner BLOB,
    lease_until INTEGER NOT NULL,
    last_error  TEXT
) STRICT;
