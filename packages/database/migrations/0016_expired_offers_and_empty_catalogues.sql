-- Offers expire by themselves, and a catalogue without an offer is believed only when a person says so.

ALTER TABLE catalogue_offers
  -- TUNE's own text, local to the network, and the moment that it means; null: it never expires, as far as is known.
  ADD COLUMN expiration_date text,
  ADD COLUMN expires_at timestamptz,
  -- TUNE says so itself.
  ADD COLUMN is_expired boolean NOT NULL DEFAULT false;

ALTER TABLE offers
  -- As the last sync took it from the catalogue, beside tune_status.
  ADD COLUMN expires_at timestamptz;
-- Offers that are going to expire by themselves; those with a person's status never do.
CREATE INDEX offers_expiring ON offers (expires_at)
  WHERE expires_at IS NOT NULL AND status IN ('active', 'paused') AND NOT 'status' = ANY (edited_fields);

ALTER TABLE offer_changes
  DROP CONSTRAINT offer_changes_cause_check,
  ADD CONSTRAINT offer_changes_cause_check CHECK (cause IN
    ('created', 'import', 'auto_import', 'sync', 'vanished', 'returned', 'edit', 'expired'));

ALTER TABLE sync_runs
  -- A person says that a catalogue without an offer is right.
  ADD COLUMN accept_empty boolean NOT NULL DEFAULT false;
