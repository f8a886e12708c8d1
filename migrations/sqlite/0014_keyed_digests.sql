-- What the audit log keeps of texts is keyed, the log is looked through by correlation, and the inbox lets go of old answers.

-- Secrets of this installation itself: 256 random bits each, as hexadecimal digits, made when it is first opened.
CREATE TABLE secrets (
    name   TEXT PRIMARY KEY,
    secret TEXT NOT NULL CHECK (length(secret) = 64)
) STRICT;

-- Of sealed entries only, so that the sealer pays for it and not whoever posts.
CREATE INDEX audit_entries_sealed_correlation ON audit_entries (correlation, at, id) WHERE number IS NOT NULL;

-- Answers to slash commands, the oldest first.
CREATE INDEX notifications_answers ON notifications (created_at) WHERE kind = 'command';
