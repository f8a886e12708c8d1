-- Who answers for what.

-- Who chose a webhook's address: of what is not public it is sent only what they may read.
ALTER TABLE webhooks ADD COLUMN url_by BLOB REFERENCES people (id) ON DELETE CASCADE;
UPDATE webhooks SET url_by = created_by;

-- Batches of events from outside that were taken: whoever sends one again gets the first answer (E06).
CREATE TABLE publications (
    correlation BLOB NOT NULL,
    digest      BLOB NOT NULL,
    published   INTEGER NOT NULL CHECK (published >= 0),
    dropped     INTEGER NOT NULL CHECK (dropped >= 0),
    at          INTEGER NOT NULL,
    PRIMARY KEY (correlation, digest)
) STRICT;
CREATE INDEX publications_at ON publications (at);

-- What is written and removed again to see whether the database takes writes. Always empty.
CREATE TABLE probes (
    id     INTEGER PRIMARY KEY,
    filler TEXT NOT NULL
) STRICT;
