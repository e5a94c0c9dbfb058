-- Outside a transaction.
-- The rows that were there before 0017 are looked at while everybody reads and writes.

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
