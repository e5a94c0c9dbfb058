-- Decisions, the ledger and its sequence.

CREATE TABLE decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversion_id bigint NOT NULL REFERENCES conversions,
  no integer NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  cause text NOT NULL,
  rule_version integer NOT NULL,
  settings_version integer NOT NULL,
  fact_version integer NOT NULL,
  method text NOT NULL CHECK (method IN ('click', 'message_id', 'none')),
  reason text NOT NULL,
  click_id text COLLATE "C",
  message_id text COLLATE "C",
  creative_id text,
  campaign_id text,
  evidence jsonb NOT NULL,
  CONSTRAINT decisions_once UNIQUE (conversion_id, no)
);

-- The current decision of each conversion and what is booked for it.
CREATE TABLE attributions (
  conversion_id bigint PRIMARY KEY REFERENCES conversions,
  decision_id bigint NOT NULL REFERENCES decisions,
  decision_no integer NOT NULL,
  fact_version integer NOT NULL,
  method text NOT NULL,
  reason text NOT NULL,
  click_id text COLLATE "C",
  message_id text COLLATE "C",
  creative_id text,
  campaign_id text,
  decided_at timestamptz NOT NULL,
  evidence_hash bytea NOT NULL,
  -- The booking: what the ledger's entries of this conversion add up to.
  entry_no integer NOT NULL DEFAULT 0,
  booked_offer_id text COLLATE "C",
  booked_day date,
  booked_currency text,
  revenue_e5 bigint NOT NULL DEFAULT 0,
  unconfirmed_e5 bigint NOT NULL DEFAULT 0,
  pending_e5 bigint NOT NULL DEFAULT 0,
  conversions integer NOT NULL DEFAULT 0
);
CREATE INDEX attributions_message ON attributions (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE ledger_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversion_id bigint NOT NULL,
  entry_no integer NOT NULL,
  decision_id bigint NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  integration_id bigint NOT NULL,
  message_id text COLLATE "C",
  creative_id text,
  campaign_id text,
  external_offer_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  revenue_e5 bigint NOT NULL,
  unconfirmed_e5 bigint NOT NULL,
  pending_e5 bigint NOT NULL,
  conversions integer NOT NULL,
  cause text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Booking the same thing twice fails here, whatever the code above believes.
  CONSTRAINT ledger_entries_once UNIQUE (conversion_id, entry_no)
);
CREATE INDEX ledger_entries_day ON ledger_entries (integration_id, day);

-- Entries that the relay has not numbered yet.
CREATE TABLE ledger_unnumbered (entry_id bigint PRIMARY KEY);

-- The sequence of the books: gap-free, numbered after commit by one relay at a time.
CREATE TABLE ledger_feed (
  seq bigint PRIMARY KEY,
  entry_id bigint NOT NULL UNIQUE REFERENCES ledger_entries,
  account_id text COLLATE "C" NOT NULL,
  integration_id bigint NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX ledger_feed_account ON ledger_feed (account_id, seq);
CREATE INDEX ledger_feed_integration ON ledger_feed (integration_id, seq);
CREATE INDEX ledger_feed_at ON ledger_feed (at);

CREATE TABLE ledger_sequence (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  last_seq bigint NOT NULL,
  last_at timestamptz NOT NULL
);
INSERT INTO ledger_sequence (last_seq, last_at) VALUES (0, '-infinity');

-- Folded from the feed by the relay, in the transaction that numbers the entries: always exactly at last_seq.
CREATE TABLE revenue_totals (
  integration_id bigint NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  external_offer_id text COLLATE "C" NOT NULL,
  creative_id text,
  campaign_id text,
  revenue_e5 bigint NOT NULL,
  unconfirmed_e5 bigint NOT NULL,
  pending_e5 bigint NOT NULL,
  conversions bigint NOT NULL,
  CONSTRAINT revenue_totals_key UNIQUE NULLS NOT DISTINCT
    (integration_id, day, currency, external_offer_id, creative_id, campaign_id)
);
CREATE INDEX revenue_totals_account ON revenue_totals (account_id, day);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: its rows are never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_feed_append_only BEFORE UPDATE OR DELETE ON ledger_feed
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_feed_no_truncate BEFORE TRUNCATE ON ledger_feed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decisions_append_only BEFORE UPDATE OR DELETE ON decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER conversion_versions_append_only BEFORE UPDATE OR DELETE ON conversion_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER conversion_versions_no_truncate BEFORE TRUNCATE ON conversion_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- No writer can forget the relay.
CREATE FUNCTION queue_for_numbering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_unnumbered (entry_id) SELECT id FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_numbering AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_for_numbering();
