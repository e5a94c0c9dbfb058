-- Facts: appended as they were seen. Nothing here is a decision.

CREATE TABLE messages (
  account_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  creative_id text,
  offer_id text,
  campaign_id text,
  contact_id text,
  sent_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, message_id)
);

CREATE TABLE clicks (
  account_id text COLLATE "C" NOT NULL,
  click_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  offer_id text,
  clicked_at timestamptz NOT NULL,
  is_bot boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, click_id)
);
CREATE INDEX clicks_message ON clicks (account_id, message_id);

-- Each new message and click leaves a mark in its own transaction. A later transaction turns marks into reopened
-- transactions, so that a fact and a decision that could not see each other still meet.
CREATE TABLE reopen_marks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('click', 'message')),
  key text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The unit of decision, of locking and of work: all facts of one integration with one TUNE transaction id.
CREATE TABLE transactions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  integration_id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  due_since timestamptz,
  cause text,
  failures integer NOT NULL DEFAULT 0,
  not_before timestamptz,
  CONSTRAINT transactions_identity UNIQUE (integration_id, key)
);
CREATE INDEX transactions_due ON transactions (id) WHERE due_since IS NOT NULL;
CREATE INDEX transactions_due_by_integration ON transactions (integration_id, due_since) WHERE due_since IS NOT NULL;

-- Every id under which a transaction looks for a click or a message: what a late fact re-opens is found here.
CREATE TABLE transaction_lookups (
  account_id text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('click', 'message')),
  key text COLLATE "C" NOT NULL,
  transaction_id bigint NOT NULL REFERENCES transactions,
  PRIMARY KEY (account_id, kind, key, transaction_id)
);

-- One row per conversion for ever; the columns repeat its current version.
CREATE TABLE conversions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  integration_id bigint NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  tune_event_id text COLLATE "C" NOT NULL,
  transaction_id bigint NOT NULL REFERENCES transactions,
  -- Pinned when first seen: later changes of settings move no money by themselves.
  settings_version integer NOT NULL,
  click_window_days integer NOT NULL,
  version integer NOT NULL,
  content_hash bytea NOT NULL,
  observed_at timestamptz NOT NULL,
  ad_id text COLLATE "C",
  external_offer_id text COLLATE "C" NOT NULL,
  goal_id text,
  status text NOT NULL CHECK (status IN ('approved', 'pending', 'rejected')),
  is_test boolean NOT NULL,
  is_adjustment boolean NOT NULL,
  payout_e5 bigint NOT NULL,
  currency text NOT NULL,
  day date NOT NULL,
  converted_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT conversions_identity UNIQUE (integration_id, tune_event_id)
);
CREATE INDEX conversions_transaction ON conversions (transaction_id);
CREATE INDEX conversions_by_day ON conversions (integration_id, day);

-- Append-only. The current version of a conversion is the one whose request started last, whenever it was written.
CREATE TABLE conversion_versions (
  conversion_id bigint NOT NULL REFERENCES conversions,
  version integer NOT NULL,
  observed_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  run_id bigint,
  content_hash bytea NOT NULL,
  facts jsonb NOT NULL,
  PRIMARY KEY (conversion_id, version)
);

-- Rows of a report that could not be read: kept, counted and shown, never silently lost.
CREATE TABLE unreadable_rows (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  integration_id bigint NOT NULL,
  tune_event_id text,
  reason text NOT NULL,
  content_hash bytea NOT NULL,
  raw jsonb NOT NULL,
  observed_at timestamptz NOT NULL,
  run_id bigint,
  CONSTRAINT unreadable_rows_once UNIQUE (integration_id, content_hash)
);
