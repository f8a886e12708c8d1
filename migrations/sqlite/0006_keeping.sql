-- What is kept only so long.

-- When an ephemeral message vanishes (M26).
ALTER TABLE messages ADD COLUMN expires_at INTEGER;

-- After how many days a channel's messages are removed (C05); none: never.
ALTER TABLE channels ADD COLUMN retention_days INTEGER CHECK (retention_days BETWEEN 1 AND 3650);
