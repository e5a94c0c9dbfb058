-- Sums have no bound, and what cannot be worked on is parked: it stops nobody else.

-- A single amount fits into a bigint; a sum of many does not have to.
ALTER TABLE revenue_totals
  ALTER COLUMN revenue_e5 TYPE numeric,
  ALTER COLUMN unconfirmed_e5 TYPE numeric,
  ALTER COLUMN pending_e5 TYPE numeric,
  ALTER COLUMN conversions TYPE numeric;

-- Work that failed alone, while its neighbours went through. Shared batches leave it out; it is tried again by itself,
-- with growing pauses, until it goes through. `item_id` is the id in the table that `kind` says.
CREATE TABLE parked_items (
  kind text NOT NULL,
  item_id bigint NOT NULL,
  account_id text COLLATE "C",
  integration_id bigint,
  -- How often it was tried in vain.
  failures integer NOT NULL DEFAULT 1,
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  tried_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  not_before timestamptz NOT NULL,
  -- Of the last failure: a SQLSTATE or a code of our own, and its words for operators.
  error_code text NOT NULL,
  error_text text NOT NULL,
  PRIMARY KEY (kind, item_id)
);

-- How many transactions with conversions in the run's window were parked when it ended.
ALTER TABLE sync_runs ADD COLUMN parked integer NOT NULL DEFAULT 0;

-- Whose entry it is, so that those of one integration can be left out. Empty for entries that the release before wrote.
ALTER TABLE ledger_unnumbered ADD COLUMN integration_id bigint;
UPDATE ledger_unnumbered u SET integration_id = e.integration_id FROM ledger_entries e WHERE e.id = u.entry_id;

CREATE OR REPLACE FUNCTION queue_for_numbering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_unnumbered (entry_id, integration_id) SELECT id, integration_id FROM added;
  RETURN NULL;
END $$;
