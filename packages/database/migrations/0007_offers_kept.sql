-- Offers kept in step with the network: rules per field, fields edited by hand, history, and what vanished.

ALTER TABLE integrations
  -- Newly seen active offers are imported by themselves.
  ADD COLUMN auto_import_offers boolean NOT NULL DEFAULT false,
  -- Field → first | always | never; a field that is not named follows the default.
  ADD COLUMN offer_field_rules jsonb NOT NULL DEFAULT '{}';

ALTER TABLE catalogue_offers
  -- Complete catalogues in a row that did not hold it.
  ADD COLUMN missed_catalogues integer NOT NULL DEFAULT 0,
  -- The run that saw it active for the first time.
  ADD COLUMN first_active_run_id bigint;

ALTER TABLE offers
  ADD COLUMN made_by_hand boolean NOT NULL DEFAULT false,
  -- Fields that a person wrote: the sync leaves them alone until they are given back.
  ADD COLUMN edited_fields text[] NOT NULL DEFAULT '{}',
  -- Missing from two complete catalogues in a row, since when; and the status to come back with.
  ADD COLUMN vanished_at timestamptz,
  ADD COLUMN status_before_vanished text,
  -- Since when the payout is what it is; null: since ever, as far as is known.
  ADD COLUMN payout_since timestamptz;
CREATE INDEX offers_by_status ON offers (integration_id, status, id);

-- Which ids each page of a catalogue held, while it is being fetched: a resumed run still knows what it saw.
CREATE TABLE catalogue_pages (
  slice_id bigint NOT NULL REFERENCES sync_slices,
  page integer NOT NULL,
  external_ids text[] NOT NULL,
  unreadable integer NOT NULL,
  PRIMARY KEY (slice_id, page)
);

-- Every change of an offer, with what it was before. Append-only.
CREATE TABLE offer_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  offer_id bigint NOT NULL REFERENCES offers,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  cause text NOT NULL CHECK (cause IN
    ('created', 'import', 'auto_import', 'sync', 'vanished', 'returned', 'edit')),
  run_id bigint,
  -- The name of the API key that asked for it; null for what the sync did.
  changed_by text,
  -- Field → {before, after}.
  changes jsonb NOT NULL
);
CREATE INDEX offer_changes_order ON offer_changes (offer_id, id);
CREATE TRIGGER offer_changes_append_only BEFORE UPDATE OR DELETE ON offer_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER offer_changes_no_truncate BEFORE TRUNCATE ON offer_changes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per day and offer that conversions came for and that nobody imported: said once a day.
CREATE TABLE unimported_offer_days (
  integration_id bigint NOT NULL REFERENCES integrations,
  external_offer_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (integration_id, external_offer_id, day)
);

-- What an offer's conversions really paid.
CREATE INDEX conversions_by_offer ON conversions (integration_id, external_offer_id, converted_at);

-- Two imports that wait are two wishes: they name different offers.
DROP INDEX sync_runs_waiting;
CREATE UNIQUE INDEX sync_runs_waiting ON sync_runs (integration_id, kind, window_from, window_to) NULLS NOT DISTINCT
  WHERE status = 'queued' AND kind <> 'offer_import';
