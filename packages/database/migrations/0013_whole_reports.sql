-- A report is whole or it is an error: what came is counted against what was promised, over all pages of a slice.

-- Which rows the pages of an unfinished slice held, eight bytes each. Not logged: losing it means reading again.
CREATE UNLOGGED TABLE slice_pages (
  slice_id bigint NOT NULL REFERENCES sync_slices ON DELETE CASCADE,
  reading integer NOT NULL,
  page integer NOT NULL,
  row_keys bytea NOT NULL,
  PRIMARY KEY (slice_id, reading, page)
);
-- Hashes cannot be compressed.
ALTER TABLE slice_pages ALTER COLUMN row_keys SET STORAGE EXTERNAL;

ALTER TABLE sync_slices
  -- How often the report is being read from its first page, this time included.
  ADD COLUMN reading integer NOT NULL DEFAULT 1,
  -- The highest count that the pages of this reading named; null where none did.
  ADD COLUMN promised integer;

ALTER TABLE sync_runs
  -- What a run that goes on all the same could not read as a whole, in words: it fails when the rest is on the books.
  ADD COLUMN incomplete text;

ALTER TABLE unreadable_rows
  -- The field of the report that made it unreadable; null for rows that the release before kept.
  ADD COLUMN field text,
  -- The rules and settings that it was last read under, and since when it is no longer unreadable under them.
  ADD COLUMN read_under text,
  ADD COLUMN read_at timestamptz;
CREATE INDEX unreadable_rows_order ON unreadable_rows (integration_id, id);
CREATE INDEX unreadable_rows_run ON unreadable_rows (run_id);
CREATE INDEX unreadable_rows_open ON unreadable_rows (id) WHERE read_at IS NULL;

-- Runs that saw rows again which an earlier run had kept: the rows themselves are not written again (law 6).
CREATE TABLE rejected_sightings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES sync_runs ON DELETE CASCADE,
  observed_at timestamptz NOT NULL,
  -- Of unreadable_rows.
  row_ids bigint[] NOT NULL
);
CREATE INDEX rejected_sightings_run ON rejected_sightings (run_id);
