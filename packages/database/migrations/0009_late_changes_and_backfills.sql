-- Late changes are found by a daily pass of its own; backfills are planned day by day and can be paused.

ALTER TABLE sync_schedules
  DROP CONSTRAINT sync_schedules_kind_check,
  ADD CONSTRAINT sync_schedules_kind_check CHECK (kind IN ('conversions', 'offers', 'changes')),
  -- Kind changes only; days of the network, moved by passes that succeeded, and never back.
  -- Up to when the network told of changes made by hand.
  ADD COLUMN hinted_through date,
  -- The day of the last pass that re-read old days.
  ADD COLUMN ladder_through date;

INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
SELECT integration_id, 'changes', enabled, 86400000,
  clock_timestamp() + ((integration_id::numeric * 2654435761) % 86400000)::bigint * interval '1 millisecond',
  clock_timestamp()
FROM sync_schedules WHERE kind = 'conversions';

ALTER TABLE sync_runs
  -- Backfills, newest day first: the next day that has no slice yet; null when every day has one.
  ADD COLUMN plan_next date,
  ADD COLUMN paused_at timestamptz,
  ADD COLUMN resumed_at timestamptz,
  -- When it last had a turn: runs of one network take turns.
  ADD COLUMN worked_at timestamptz,
  -- Kind changes only: what its success moves its schedule's columns of the same names to.
  ADD COLUMN hinted_through date,
  ADD COLUMN ladder_through date;
-- A second wish for a window that is being filled is the same wish.
CREATE UNIQUE INDEX sync_runs_open_backfill ON sync_runs (integration_id, window_from, window_to)
  WHERE kind = 'backfill' AND status IN ('queued', 'running');

ALTER TABLE sync_slices
  -- The day that this slice, with others where a day was busy, reads; null for longer windows.
  ADD COLUMN day date;

ALTER TABLE network_traits
  -- Whether the network tells of conversions that were changed by hand.
  ADD COLUMN late_changes text NOT NULL DEFAULT 'unknown' CHECK (late_changes IN ('unknown', 'available', 'not_available'));
