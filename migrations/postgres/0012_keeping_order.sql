-- How people keep order: why a message was edited.

ALTER TABLE message_edits ADD COLUMN reason TEXT CHECK (length(reason) BETWEEN 1 AND 500);
