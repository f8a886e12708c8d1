-- Who stays out of a community. A ban outlives the membership.
CREATE TABLE bans (
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    moderator  UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL CHECK (length(reason) <= 500),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, person)
);
CREATE INDEX bans_list ON bans (community, created_at, person);
CREATE INDEX bans_person ON bans (person);
CREATE INDEX bans_moderator ON bans (moderator);

-- Until when somebody only reads in a community. Not in members: leaving and coming back does not end it.
CREATE TABLE time_outs (
    community UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    person    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    until     BIGINT NOT NULL,
    PRIMARY KEY (community, person)
);
CREATE INDEX time_outs_person ON time_outs (person);

-- Links by which people join. The code itself is only in the link; here is its SHA-256. Without expires_at a link works
-- until it is revoked, without max_uses for any number of people. One that is revoked is gone.
CREATE TABLE invite_links (
    id         UUID PRIMARY KEY,
    code_hash  BYTEA NOT NULL UNIQUE,
    community  UUID NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    inviter    UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    max_uses   BIGINT CHECK (max_uses > 0),
    uses       BIGINT NOT NULL CHECK (uses >= 0 AND (max_uses IS NULL OR uses <= max_uses))
);
CREATE INDEX invite_links_list ON invite_links (community, created_at, id);
CREATE INDEX invite_links_inviter ON invite_links (inviter);
