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
