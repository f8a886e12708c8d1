-- The sealer keeps its own index of what was done to a thing; a post pays for no second one.
DROP INDEX audit_entries_target;
