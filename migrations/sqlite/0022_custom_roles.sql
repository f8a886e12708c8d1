-- Roles of a community's own (R02). Who has one has its bit in members.custom_roles, so that it is read with the member; a
-- role that goes takes its bit from everybody, and the bit may become another's.
CREATE TABLE custom_roles (
    id          BLOB PRIMARY KEY,
    community   BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    bit         INTEGER NOT NULL CHECK (bit > 0),
    name        TEXT NOT NULL,
    folded      TEXT NOT NULL,
    colour      TEXT NOT NULL CHECK (colour IN ('grey', 'red', 'orange', 'green', 'teal', 'blue', 'violet', 'pink')),
    permissions TEXT NOT NULL,
    position    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX custom_roles_bit ON custom_roles (community, bit);
CREATE UNIQUE INDEX custom_roles_name ON custom_roles (community, folded);
ALTER TABLE members ADD COLUMN custom_roles INTEGER NOT NULL DEFAULT 0;
CREATE INDEX members_custom_roles ON members (community) WHERE custom_roles <> 0;
