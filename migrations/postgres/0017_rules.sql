-- Rules of a community's own (S01): whose they are, in which channel if they are of one, and their condition as it was
-- written. A rule goes with what it is about.
ALTER TABLE rules ADD COLUMN community UUID REFERENCES communities (id) ON DELETE CASCADE;
ALTER TABLE rules ADD COLUMN channel UUID REFERENCES channels (id) ON DELETE CASCADE;
ALTER TABLE rules ADD COLUMN expression TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX rules_name ON rules (scope, name);
CREATE INDEX rules_community ON rules (community);
CREATE INDEX rules_channel ON rules (channel);
