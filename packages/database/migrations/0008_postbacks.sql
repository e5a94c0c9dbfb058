-- Postbacks: what TUNE says at once, beside what the pull says later.

ALTER TABLE integrations ADD COLUMN postback_confirm_days integer NOT NULL DEFAULT 3
  CHECK (postback_confirm_days BETWEEN 1 AND 90);

-- Parameters that a person added to the generated URL, name → macro or text.
ALTER TABLE offers ADD COLUMN postback_extra_parameters jsonb NOT NULL DEFAULT '{}';

-- Compared by hash; the sealed copy serves the one route that shows the URL. One per offer has no end; one more may
-- still be valid while a rotation overlaps.
CREATE TABLE postback_secrets (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  offer_id bigint NOT NULL REFERENCES offers,
  secret_hash bytea NOT NULL,
  secret_sealed text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz
);
CREATE INDEX postback_secrets_offer ON postback_secrets (offer_id);
CREATE UNIQUE INDEX postback_secrets_current ON postback_secrets (offer_id) WHERE expires_at IS NULL;

-- The inbound log: every delivery with a valid secret that said something new. Written by one statement for many
-- requests; a later transaction turns it into conversions. An accepted one is known by what it says (its identity), so
-- a repeated delivery finds itself here.
CREATE TABLE postbacks (
  id bigint GENERATED ALWAYS AS IDENTITY,
  integration_id bigint NOT NULL,
  offer_id bigint NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  identity bytea,
  -- Which record it belongs to: the identity without the status.
  record_key bytea,
  refused_code text,
  refused_reason text,
  -- What was read from it, or for a refused one what it said; never the secret.
  said jsonb NOT NULL,
  -- Pinned when received: later changes of settings move no money by themselves.
  settings_version integer NOT NULL,
  click_window_days integer NOT NULL,
  offer_key text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  conversion_id bigint,
  PRIMARY KEY (integration_id, id),
  CHECK ((refused_code IS NULL) = (identity IS NOT NULL AND record_key IS NOT NULL))
);
CREATE UNIQUE INDEX postbacks_identity ON postbacks (identity);
CREATE INDEX postbacks_waiting ON postbacks (id) WHERE conversion_id IS NULL AND refused_code IS NULL;
CREATE INDEX postbacks_conversion ON postbacks (conversion_id) WHERE conversion_id IS NOT NULL;

-- What was not let in is counted only, and repeated deliveries are too. No offer: one that nobody knows.
CREATE TABLE postback_counts (
  offer_id bigint,
  code text NOT NULL,
  minute timestamptz NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT postback_counts_key UNIQUE NULLS NOT DISTINCT (minute, offer_id, code)
);

-- A conversion is known by TUNE's id or by the key of its postback.
ALTER TABLE conversions ALTER COLUMN tune_event_id DROP NOT NULL;
ALTER TABLE conversions ADD COLUMN postback_key bytea;
ALTER TABLE conversions ADD CONSTRAINT conversions_source CHECK ((tune_event_id IS NULL) <> (postback_key IS NULL));
CREATE UNIQUE INDEX conversions_postback ON conversions (postback_key) WHERE postback_key IS NOT NULL;
-- A postback without an amount: nobody knows what it is worth yet.
ALTER TABLE conversions ALTER COLUMN payout_e5 DROP NOT NULL;
-- Until when a pulled row should have claimed the postback; empty for pulled rows, and once that was looked at.
ALTER TABLE conversions ADD COLUMN confirm_by timestamptz;
CREATE INDEX conversions_confirm_by ON conversions (confirm_by) WHERE confirm_by IS NOT NULL;

-- Which record is the same conversion as which, decided and booked together.
ALTER TABLE attributions ADD COLUMN counting text;
ALTER TABLE attributions ADD COLUMN claims_id bigint REFERENCES conversions;
ALTER TABLE attributions ADD COLUMN claimed_by_id bigint REFERENCES conversions;
CREATE INDEX attributions_claimed ON attributions (claimed_by_id) WHERE claimed_by_id IS NOT NULL;
