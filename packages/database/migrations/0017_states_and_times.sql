-- What the states of a row say of its times and errors (law 19). Every statement of this release and of the one before
-- keeps to it; what an earlier one left behind is repaired here, from what the row says itself, before the next
-- migration lets PostgreSQL refuse anything else.

UPDATE sync_runs SET finished_at = CASE WHEN status IN ('succeeded', 'failed', 'cancelled')
  THEN coalesce(finished_at, pulled_at, worked_at, started_at, queued_at) END
WHERE (status IN ('succeeded', 'failed', 'cancelled')) <> (finished_at IS NOT NULL);
UPDATE sync_runs SET started_at = CASE WHEN status <> 'queued' THEN coalesce(worked_at, queued_at) END
WHERE status = 'queued' AND started_at IS NOT NULL OR status IN ('running', 'succeeded') AND started_at IS NULL;
UPDATE sync_runs SET pulled_at = CASE WHEN status = 'succeeded' THEN finished_at END
WHERE status = 'queued' AND pulled_at IS NOT NULL OR status = 'succeeded' AND pulled_at IS NULL;
UPDATE sync_runs SET
  error_code = CASE WHEN status = 'failed' THEN coalesce(error_code, 'internal_error') END,
  error_message = CASE WHEN status = 'failed' THEN coalesce(error_message, 'The reason was not kept') END
WHERE (status = 'failed') <> (error_code IS NOT NULL) OR (status = 'failed') <> (error_message IS NOT NULL);
UPDATE sync_runs SET paused_at = NULL, resumed_at = NULL
WHERE kind <> 'backfill' AND (paused_at IS NOT NULL OR resumed_at IS NOT NULL);
UPDATE sync_runs SET covers_from = NULL, covers_to = NULL WHERE (covers_from IS NULL) <> (covers_to IS NULL);

UPDATE sync_slices SET requested_at = NULL WHERE done_at IS NOT NULL AND requested_at IS NOT NULL;

UPDATE sync_schedules SET covered_through = CASE WHEN kind = 'conversions' THEN coverage_starts_at END
WHERE kind <> 'conversions' AND covered_through IS NOT NULL OR covered_through < coverage_starts_at;
UPDATE sync_schedules SET hinted_through = NULL, ladder_through = NULL
WHERE kind <> 'changes' AND (hinted_through IS NOT NULL OR ladder_through IS NOT NULL);

UPDATE transactions SET cause = CASE WHEN due_since IS NOT NULL THEN 'pull' END
WHERE (due_since IS NULL) <> (cause IS NULL);
UPDATE conversions SET confirm_by = NULL WHERE confirm_by IS NOT NULL AND postback_key IS NULL;
UPDATE postbacks SET refused_reason = CASE WHEN refused_code IS NOT NULL THEN 'The reason was not kept' END
WHERE (refused_code IS NULL) <> (refused_reason IS NULL);
UPDATE reattributions SET worked_at = clock_timestamp() WHERE cursor_id > 0 AND worked_at IS NULL;
UPDATE offers SET status_before_vanished = NULL WHERE vanished_at IS NULL AND status_before_vanished IS NOT NULL;
UPDATE catalogue_offers SET expires_at = NULL WHERE expires_at IS NOT NULL AND expiration_date IS NULL;
UPDATE unreadable_rows SET read_under = '' WHERE read_at IS NOT NULL AND read_under IS NULL;
