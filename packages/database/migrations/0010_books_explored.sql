-- Re-attribution on demand, and indexes by which the books are explored.

-- What a run of kind reattribution puts under which settings, and how far it is. The days stand in its sync run.
CREATE TABLE reattributions (
  run_id bigint PRIMARY KEY REFERENCES sync_runs,
  integration_id bigint NOT NULL,
  -- In force when it was asked for, whatever changes before it is worked on.
  settings_version integer NOT NULL,
  -- One conversion with the postback that is the same; empty for all of the integration.
  conversion_ids bigint[],
  -- What is first seen later has its own settings.
  through_id bigint NOT NULL,
  -- Conversions up to here are done.
  cursor_id bigint NOT NULL DEFAULT 0,
  worked_at timestamptz
);

-- Conversions in the order in which they were first seen, of an integration or an account.
CREATE INDEX conversions_by_integration ON conversions (integration_id, id);
CREATE INDEX conversions_by_account ON conversions (account_id, id);
CREATE INDEX conversions_pending ON conversions (integration_id, id) WHERE status = 'pending';
DROP INDEX conversions_by_day;
CREATE INDEX conversions_by_day ON conversions (integration_id, day, id);
DROP INDEX attributions_message;
CREATE INDEX attributions_message ON attributions (message_id, conversion_id) WHERE message_id IS NOT NULL;
