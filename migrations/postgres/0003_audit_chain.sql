-- The audit chain (L08): a sealer numbers entries and seals each to the one before it. Writing an entry stays one
-- INSERT: what is sealed later is empty until then, and no row is shared by two writers.
-- The address is personal: the chain holds its salted digest, so that address and salt can be erased.

ALTER TABLE audit_entries ADD COLUMN number BIGINT;
ALTER TABLE audit_entries ADD COLUMN previous BYTEA;
ALTER TABLE audit_entries ADD COLUMN hash BYTEA;
ALTER TABLE audit_entries ADD COLUMN address_salt BYTEA;
ALTER TABLE audit_entries ADD COLUMN address_digest BYTEA;

-- The only index that an INSERT meets; it holds a second's worth.
CREATE INDEX audit_entries_unsealed ON audit_entries (at, id) WHERE number IS NULL;
-- Of sealed entries only, so that the sealer pays for them and not whoever posts (L02, L03, L05).
CREATE UNIQUE INDEX audit_entries_number ON audit_entries (number) WHERE number IS NOT NULL;
CREATE INDEX audit_entries_sealed_at ON audit_entries (at, id) WHERE number IS NOT NULL;
CREATE INDEX audit_entries_sealed_actor ON audit_entries (actor, at, id) WHERE number IS NOT NULL;
CREATE INDEX audit_entries_sealed_target ON audit_entries (target, at, id) WHERE number IS NOT NULL;
CREATE INDEX audit_entries_sealed_action ON audit_entries (action, at, id) WHERE number IS NOT NULL;
CREATE INDEX audit_entries_sealed_surface ON audit_entries (surface, at, id) WHERE number IS NOT NULL;
CREATE INDEX audit_entries_sealed_refused ON audit_entries (at, id) WHERE number IS NOT NULL AND outcome = 'refused';

-- Where the chain ends. Only sealers write it, one at a time.
CREATE TABLE audit_head (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    number    BIGINT NOT NULL CHECK (number >= 0),
    hash      BYTEA NOT NULL,
    sealed_at BIGINT NOT NULL
);
INSERT INTO audit_head (id, number, hash, sealed_at) VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0);

-- What was moved to a file (L04): the latest one's end is the checkpoint from which the rest is verified.
CREATE TABLE audit_archives (
    last        BIGINT PRIMARY KEY,
    first       BIGINT NOT NULL CHECK (first >= 1),
    previous    BYTEA NOT NULL,
    hash        BYTEA NOT NULL,
    file        TEXT NOT NULL,
    archived_at BIGINT NOT NULL
);
