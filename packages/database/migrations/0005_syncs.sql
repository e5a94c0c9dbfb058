-- What is due, how far it is, who holds it. PostgreSQL says what to do; the queue only says "look".

CREATE TABLE sync_runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  integration_id bigint NOT NULL REFERENCES integrations,
  kind text NOT NULL CHECK (kind IN
    ('conversions', 'offers', 'offer_import', 'changes', 'backfill', 'reattribution', 'reconciliation')),
  trigger text NOT NULL CHECK (trigger IN ('schedule', 'manual')),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  window_from date,
  window_to date,
  -- The window as moments: what a success adds to covered_through.
  covers_from timestamptz,
  covers_to timestamptz,
  progress_done integer NOT NULL DEFAULT 0,
  progress_total integer,
  progress_unit text NOT NULL DEFAULT 'pages',
  fetched integer NOT NULL DEFAULT 0,
  inserted integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  api_calls integer NOT NULL DEFAULT 0,
  attributed_by_click integer NOT NULL DEFAULT 0,
  attributed_by_message_id integer NOT NULL DEFAULT 0,
  unattributed integer NOT NULL DEFAULT 0,
  items jsonb,
  error_code text,
  error_message text,
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  first_requested_at timestamptz,
  pulled_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz
);
CREATE INDEX sync_runs_integration ON sync_runs (integration_id, id);
CREATE INDEX sync_runs_open ON sync_runs (integration_id, kind) WHERE status IN ('queued', 'running');
-- A second wish for a window that still waits is the same wish.
CREATE UNIQUE INDEX sync_runs_waiting ON sync_runs (integration_id, kind, window_from, window_to) NULLS NOT DISTINCT
  WHERE status = 'queued';

CREATE TABLE sync_slices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES sync_runs,
  integration_id bigint NOT NULL,
  lease_key text NOT NULL,
  priority integer NOT NULL DEFAULT 0,
  -- Local text of the network, as TUNE's filters want it.
  window_from text,
  window_to text,
  next_page integer NOT NULL DEFAULT 1,
  page_total integer,
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz,
  worked_at timestamptz,
  done_at timestamptz
);
CREATE INDEX sync_slices_open ON sync_slices (lease_key, priority, id) WHERE done_at IS NULL;
CREATE INDEX sync_slices_run ON sync_slices (run_id);

-- One pull at a time per network. Whoever takes a lease over raises the epoch; a page commits only under its epoch.
CREATE TABLE network_leases (
  lease_key text PRIMARY KEY,
  epoch bigint NOT NULL,
  holder text NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE integration_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  integration_id bigint NOT NULL REFERENCES integrations,
  run_id bigint,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  level text NOT NULL CHECK (level IN ('debug', 'info', 'warn', 'error')),
  code text NOT NULL,
  message text NOT NULL,
  context jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX integration_log_order ON integration_log (integration_id, id);
CREATE INDEX integration_log_run ON integration_log (run_id) WHERE run_id IS NOT NULL;
