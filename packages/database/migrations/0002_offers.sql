-- The network's catalogue as last fetched, and the offers that were imported from it or made by hand.

CREATE TABLE catalogue_offers (
  integration_id bigint NOT NULL REFERENCES integrations,
  external_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  tune_status text NOT NULL,
  offer_url text,
  default_payout_e5 bigint,
  percent_payout_e5 bigint,
  payout_type text,
  currency text,
  advertiser_id text,
  advertiser_name text,
  content_hash bytea NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (integration_id, external_id)
);

CREATE TABLE offers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  integration_id bigint NOT NULL REFERENCES integrations,
  external_id text COLLATE "C",
  name text NOT NULL,
  tracking_url text NOT NULL,
  payout_e5 bigint,
  payout_percent_e5 bigint,
  payout_type text,
  currency text,
  advertiser_id text,
  advertiser_name text,
  status text NOT NULL CHECK (status IN ('active', 'paused', 'expired', 'archived')),
  tune_status text,
  click_window_days integer CHECK (click_window_days BETWEEN 1 AND 3650),
  last_synced_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT offers_external UNIQUE (integration_id, external_id)
);
