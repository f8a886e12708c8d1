-- The sealer keeps its own index of what was done to a thing; a post pays for no second one.
DROP INDEX audit_entries_target;

-- A CHECK of a table is read from its text again by every statement that writes there, which was a fifth of what a post
-- cost; that of a domain is read once a connection. So the tables that a post writes have their checks as domains.
-- SQLite compiles its checks with the statement.
CREATE DOMAIN natural_number AS BIGINT CHECK (value >= 0);
CREATE DOMAIN place_number AS BIGINT CHECK (value >= 1);
CREATE DOMAIN slug AS TEXT CHECK (length(value) BETWEEN 1 AND 50);
CREATE DOMAIN title AS TEXT CHECK (length(value) BETWEEN 1 AND 100);
CREATE DOMAIN remark AS TEXT CHECK (length(value) <= 500);
CREATE DOMAIN channel_kind AS TEXT CHECK (value IN ('text', 'announcement', 'forum', 'direct', 'group', 'assistant'));
CREATE DOMAIN channel_visibility AS TEXT CHECK (value IN ('public', 'private', 'restricted'));
CREATE DOMAIN channel_status AS TEXT CHECK (value IN ('active', 'archived', 'locked'));
CREATE DOMAIN message_sender AS TEXT CHECK (value IN ('person', 'placeholder', 'bot', 'assistant', 'system'));
CREATE DOMAIN message_kind AS TEXT CHECK (value IN ('text', 'system', 'announcement', 'assistant', 'command', 'media'));
CREATE DOMAIN message_status AS TEXT CHECK (value IN ('active', 'edited', 'flagged', 'held', 'deleted'));
CREATE DOMAIN lane_name AS TEXT CHECK (value IN ('realtime', 'cross_domain', 'general'));
CREATE DOMAIN record_status AS TEXT CHECK (value IN ('pending', 'processing', 'retrying', 'dead'));
CREATE DOMAIN actor_kind AS TEXT CHECK (value IN ('visitor', 'person', 'system'));
CREATE DOMAIN surface_name AS TEXT CHECK (value IN ('page', 'api', 'feed', 'cli', 'worker'));
CREATE DOMAIN audit_outcome AS TEXT CHECK (value IN ('done', 'refused'));

ALTER TABLE channels
    DROP CONSTRAINT channels_slug_check, ALTER slug TYPE slug,
    DROP CONSTRAINT channels_name_check, ALTER name TYPE title,
    DROP CONSTRAINT channels_kind_check, ALTER kind TYPE channel_kind,
    DROP CONSTRAINT channels_visibility_check, ALTER visibility TYPE channel_visibility,
    DROP CONSTRAINT channels_status_check, ALTER status TYPE channel_status,
    DROP CONSTRAINT channels_topic_check, ALTER topic TYPE remark,
    DROP CONSTRAINT channels_seq_check, ALTER seq TYPE natural_number,
    DROP CONSTRAINT channels_count_check, ALTER count TYPE natural_number,
    DROP CONSTRAINT channels_participants_check, ALTER participants TYPE natural_number;

ALTER TABLE participants DROP CONSTRAINT participants_read_check, ALTER read TYPE natural_number;

ALTER TABLE messages
    DROP CONSTRAINT messages_position_check, ALTER position TYPE place_number,
    DROP CONSTRAINT messages_sender_check, ALTER sender TYPE message_sender,
    DROP CONSTRAINT messages_kind_check, ALTER kind TYPE message_kind,
    DROP CONSTRAINT messages_status_check, ALTER status TYPE message_status;

ALTER TABLE lane_records
    DROP CONSTRAINT lane_records_lane_check, ALTER lane TYPE lane_name,
    DROP CONSTRAINT lane_records_status_check, ALTER status TYPE record_status,
    DROP CONSTRAINT lane_records_attempts_check, ALTER attempts TYPE natural_number;

ALTER TABLE audit_entries
    DROP CONSTRAINT audit_entries_actor_kind_check, ALTER actor_kind TYPE actor_kind,
    DROP CONSTRAINT audit_entries_surface_check, ALTER surface TYPE surface_name,
    DROP CONSTRAINT audit_entries_outcome_check, ALTER outcome TYPE audit_outcome;
