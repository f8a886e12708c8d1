-- Addresses that channels had before they were renamed (C05). Each leads to its channel until another one takes it.
CREATE TABLE channel_addresses (
    community BLOB NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    slug      TEXT NOT NULL,
    channel   BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    PRIMARY KEY (community, slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_addresses_channel ON channel_addresses (channel);
