-- Outside a transaction.
-- Each table is changed by itself: a transaction that held several would stand in a circle with whoever reads them in
-- another order. Not valid at first: new rows are checked from now on, and the old ones looked at while everybody reads
-- and writes.

ALTER TABLE sync_runs DROP CONSTRAINT IF EXISTS sync_runs_finished,
  ADD CONSTRAINT sync_runs_finished CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)) NOT VALID;
-- What fails or is cancelled may never have begun.
ALTER TABLE sync_runs DROP CONSTRAINT IF EXISTS sync_runs_started,
  ADD CONSTRAINT sync_runs_started CHECK ((status <> 'queued' OR started_at IS NULL) AND (status NOT IN ('running', 'succeeded') OR started_at IS NOT NULL)) NOT VALID;
ALTER TABLE sync_runs DROP CONSTRAINT IF EXISTS sync_runs_pulled,
  ADD CONSTRAINT sync_runs_pulled CHECK ((status <> 'queued' OR pulled_at IS NULL) AND (status <> 'succeeded' OR pulled_at IS NOT NULL)) NOT VALID;
ALTER TABLE sync_runs DROP CONSTRAINT IF EXISTS sync_runs_failed,
  ADD CONSTRAINT sync_runs_failed CHECK ((status = 'failed') = (error_code IS NOT NULL) AND (error_code IS NULL) = (error_message IS NULL)) NOT VALID;
ALTER TABLE sync_runs DROP CONSTRAINT IF EXISTS sync_runs_paused,
  ADD CONSTRAINT sync_runs_paused CHECK (kind = 'backfill' OR (paused_at IS NULL AND resumed_at IS NULL)) NOT VALID;
ALTER TABLE sync_runs DROP CONSTRAINT IF EXISTS sync_runs_covers,
  ADD CONSTRAINT sync_runs_covers CHECK ((covers_from IS NULL) = (covers_to IS NULL)) NOT VALID;
ALTER TABLE sync_slices DROP CONSTRAINT IF EXISTS sync_slices_requested,
  ADD CONSTRAINT sync_slices_requested CHECK (done_at IS NULL OR requested_at IS NULL) NOT VALID;
ALTER TABLE sync_schedules DROP CONSTRAINT IF EXISTS sync_schedules_coverage,
  ADD CONSTRAINT sync_schedules_coverage CHECK (covered_through IS NULL OR (kind = 'conversions' AND covered_through >= coverage_starts_at)) NOT VALID;
ALTER TABLE sync_schedules DROP CONSTRAINT IF EXISTS sync_schedules_watermarks,
  ADD CONSTRAINT sync_schedules_watermarks CHECK (kind = 'changes' OR (hinted_through IS NULL AND ladder_through IS NULL)) NOT VALID;
ALTER TABLE transactions DROP CONSTRAINT IF EXISTS transactions_due,
  ADD CONSTRAINT transactions_due CHECK ((due_since IS NULL) = (cause IS NULL)) NOT VALID;
ALTER TABLE conversions DROP CONSTRAINT IF EXISTS conversions_confirm_by,
  ADD CONSTRAINT conversions_confirm_by CHECK (confirm_by IS NULL OR postback_key IS NOT NULL) NOT VALID;
ALTER TABLE postbacks DROP CONSTRAINT IF EXISTS postbacks_refused,
  ADD CONSTRAINT postbacks_refused CHECK ((refused_code IS NULL) = (refused_reason IS NULL) AND (refused_code IS NULL OR conversion_id IS NULL)) NOT VALID;
ALTER TABLE reattributions DROP CONSTRAINT IF EXISTS reattributions_progress,
  ADD CONSTRAINT reattributions_progress CHECK (cursor_id BETWEEN 0 AND through_id AND (cursor_id = 0 OR worked_at IS NOT NULL)) NOT VALID;
ALTER TABLE offers DROP CONSTRAINT IF EXISTS offers_vanished,
  ADD CONSTRAINT offers_vanished CHECK (status_before_vanished IS NULL OR vanished_at IS NOT NULL) NOT VALID;
ALTER TABLE catalogue_offers DROP CONSTRAINT IF EXISTS catalogue_offers_expiration,
  ADD CONSTRAINT catalogue_offers_expiration CHECK (expires_at IS NULL OR expiration_date IS NOT NULL) NOT VALID;
ALTER TABLE unreadable_rows DROP CONSTRAINT IF EXISTS unreadable_rows_read,
  ADD CONSTRAINT unreadable_rows_read CHECK (read_at IS NULL OR read_under IS NOT NULL) NOT VALID;

ALTER TABLE sync_runs VALIDATE CONSTRAINT sync_runs_finished;
ALTER TABLE sync_runs VALIDATE CONSTRAINT sync_runs_started;
ALTER TABLE sync_runs VALIDATE CONSTRAINT sync_runs_pulled;
ALTER TABLE sync_runs VALIDATE CONSTRAINT sync_runs_failed;
ALTER TABLE sync_runs VALIDATE CONSTRAINT sync_runs_paused;
ALTER TABLE sync_runs VALIDATE CONSTRAINT sync_runs_covers;
ALTER TABLE sync_slices VALIDATE CONSTRAINT sync_slices_requested;
ALTER TABLE sync_schedules VALIDATE CONSTRAINT sync_schedules_coverage;
ALTER TABLE sync_schedules VALIDATE CONSTRAINT sync_schedules_watermarks;
ALTER TABLE transactions VALIDATE CONSTRAINT transactions_due;
ALTER TABLE conversions VALIDATE CONSTRAINT conversions_confirm_by;
ALTER TABLE postbacks VALIDATE CONSTRAINT postbacks_refused;
ALTER TABLE reattributions VALIDATE CONSTRAINT reattributions_progress;
ALTER TABLE offers VALIDATE CONSTRAINT offers_vanished;
ALTER TABLE catalogue_offers VALIDATE CONSTRAINT catalogue_offers_expiration;
ALTER TABLE unreadable_rows VALIDATE CONSTRAINT unreadable_rows_read;
