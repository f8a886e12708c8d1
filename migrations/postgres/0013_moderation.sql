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
