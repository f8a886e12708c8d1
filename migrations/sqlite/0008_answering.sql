-- Who answers for what.

-- Who chose a webhook's address: of what is not public it is sent only what they may read.
ALTER TABLE webhooks ADD COLUMN url_by BLOB REFERENCES people (id) ON DELETE CASCADE;
UPDATE webhooks SET url_by = created_by;
