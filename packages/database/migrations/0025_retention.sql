-- Retention: what is old and used by nothing is dropped, a few pages of a table at a time, from its beginning to its end.
-- No index for it: a pass reads each page of a table once.

CREATE TABLE retention_passes (
  table_name text PRIMARY KEY,
  -- The first page that the pass under way has still to look at; 0 between passes.
  next_block bigint NOT NULL DEFAULT 0,
  dropped bigint NOT NULL DEFAULT 0,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT retention_passes_begun CHECK (next_block = 0 OR started_at IS NOT NULL)
);
COMMENT ON TABLE retention_passes IS 'How far the pass over a table has come that drops what is old and used by nothing';
COMMENT ON COLUMN retention_passes.next_block IS 'The first page that the pass under way has still to look at; 0 between passes';
COMMENT ON COLUMN retention_passes.dropped IS 'Rows that the pass under way, or else the last one, dropped';
COMMENT ON COLUMN retention_passes.started_at IS 'When the pass under way began, or else the last one';
COMMENT ON COLUMN retention_passes.created_at IS 'When there was first something to pass over';
COMMENT ON COLUMN retention_passes.finished_at IS 'When the last pass came to its end; null before the first';

INSERT INTO retention_passes (table_name) VALUES
  ('clicks'), ('messages'), ('integration_log'), ('postbacks'), ('sync_runs');
