-- The schema that the migrations make: enumerations, tables with their columns, constraints, indexes and triggers, then
-- functions.
-- Made by `npm run generate` from the catalogue of a freshly migrated database; read it, never edit or run it.

CREATE TYPE conversion_counting AS ENUM ('approved', 'pending', 'rejected', 'test', 'claimed', 'ambiguous', 'amount_missing', 'superseded');
CREATE TYPE conversion_status AS ENUM ('approved', 'pending', 'rejected');
CREATE TYPE decision_cause AS ENUM ('first_seen', 'changed', 'late_click', 'late_message', 'reattribution', 'postback', 'pull');
CREATE TYPE decision_method AS ENUM ('click', 'message_id', 'none');
CREATE TYPE decision_reason AS ENUM ('click_by_ad_id', 'click_by_click_id_field', 'click_by_txn_id', 'click_by_click_id', 'click_by_postback', 'message_by_postback', 'click_outside_window', 'click_message_unknown', 'no_click_found', 'message_not_found', 'no_ids');

CREATE TABLE catalogue_offers (
  integration_id bigint NOT NULL,
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
  first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
  changed_at timestamp with time zone DEFAULT now() NOT NULL,
  missed_catalogues integer DEFAULT 0 NOT NULL,
  first_active_run_id bigint,
  expiration_date text,
  expires_at timestamp with time zone,
  is_expired boolean DEFAULT false NOT NULL,
  CONSTRAINT catalogue_offers_pkey PRIMARY KEY (integration_id, external_id),
  CONSTRAINT catalogue_offers_expiration CHECK (((expires_at IS NULL) OR (expiration_date IS NOT NULL))),
  CONSTRAINT catalogue_offers_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);

CREATE TABLE catalogue_pages (
  slice_id bigint NOT NULL,
  page integer NOT NULL,
  external_ids text[] NOT NULL,
  unreadable integer NOT NULL,
  CONSTRAINT catalogue_pages_pkey PRIMARY KEY (slice_id, page),
  CONSTRAINT catalogue_pages_slice_id_fkey FOREIGN KEY (slice_id) REFERENCES sync_slices(id)
);

CREATE TABLE clicks (
  account_id text COLLATE "C" NOT NULL,
  click_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  offer_id text,
  clicked_at timestamp with time zone NOT NULL,
  is_bot boolean DEFAULT false NOT NULL,
  received_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT clicks_pkey PRIMARY KEY (account_id, click_id)
);
CREATE INDEX clicks_message ON public.clicks USING btree (account_id, message_id);

CREATE TABLE conversion_versions (
  conversion_id bigint NOT NULL,
  run_id bigint,
  observed_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  local_time timestamp without time zone,
  version integer NOT NULL,
  status conversion_status,
  told smallint,
  is_adjustment boolean,
  payout text,
  payout_column text,
  currency text,
  ad_id text COLLATE "C",
  offer_id text COLLATE "C",
  affiliate_id text,
  goal_id text,
  status_code text,
  affiliate_click_id text,
  aff_sub text,
  aff_sub2 text,
  aff_sub3 text,
  aff_sub4 text,
  aff_sub5 text,
  affiliate_unique1 text,
  affiliate_unique2 text,
  affiliate_unique3 text,
  affiliate_unique4 text,
  affiliate_unique5 text,
  source text,
  facts jsonb,
  CONSTRAINT conversion_versions_pkey PRIMARY KEY (conversion_id, version),
  CONSTRAINT conversion_versions_form CHECK (((facts IS NULL) = (told IS NOT NULL)))
);
CREATE TRIGGER conversion_versions_append_only BEFORE DELETE OR UPDATE ON public.conversion_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER conversion_versions_no_truncate BEFORE TRUNCATE ON public.conversion_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE conversions (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  observed_at timestamp with time zone NOT NULL,
  converted_at timestamp with time zone NOT NULL,
  first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
  payout_e5 bigint,
  confirm_by timestamp with time zone,
  transaction_id uuid NOT NULL,
  day date NOT NULL,
  version integer NOT NULL,
  status conversion_status NOT NULL,
  settings_version smallint NOT NULL,
  click_window_days smallint NOT NULL,
  is_test boolean NOT NULL,
  is_adjustment boolean NOT NULL,
  content_hash bytea NOT NULL,
  currency text NOT NULL,
  external_offer_id text COLLATE "C" NOT NULL,
  tune_event_id text COLLATE "C",
  goal_id text,
  postback_key bytea,
  CONSTRAINT conversions_pkey PRIMARY KEY (id),
  CONSTRAINT conversions_identity UNIQUE (integration_id, tune_event_id),
  CONSTRAINT conversions_confirm_by CHECK (((confirm_by IS NULL) OR (postback_key IS NOT NULL))),
  CONSTRAINT conversions_source CHECK (((tune_event_id IS NULL) <> (postback_key IS NULL)))
);
CREATE INDEX conversions_by_day ON public.conversions USING btree (integration_id, day, external_offer_id);
CREATE INDEX conversions_by_integration ON public.conversions USING btree (integration_id, id);
CREATE INDEX conversions_confirm_by ON public.conversions USING btree (confirm_by) WHERE (confirm_by IS NOT NULL);
CREATE INDEX conversions_not_approved ON public.conversions USING btree (integration_id, status, id) WHERE (status <> 'approved'::conversion_status);
CREATE UNIQUE INDEX conversions_postback ON public.conversions USING btree (postback_key) WHERE (postback_key IS NOT NULL);
CREATE INDEX conversions_transaction ON public.conversions USING btree (transaction_id);

CREATE TABLE decisions (
  conversion_id bigint NOT NULL,
  decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  claims_id bigint,
  claimed_by_id bigint,
  no integer NOT NULL,
  fact_version integer NOT NULL,
  cause decision_cause NOT NULL,
  method decision_method NOT NULL,
  reason decision_reason NOT NULL,
  counting conversion_counting,
  settings_version smallint NOT NULL,
  rule_version smallint NOT NULL,
  click_window_days smallint,
  evidence_hash bytea,
  click_id text COLLATE "C",
  message_id text COLLATE "C",
  creative_id text,
  campaign_id text,
  lookups text,
  evidence jsonb,
  integration_id bigint,
  CONSTRAINT decisions_pkey PRIMARY KEY (conversion_id, no),
  CONSTRAINT decisions_form CHECK (((lookups IS NOT NULL) OR (evidence IS NOT NULL)))
);
CREATE INDEX decisions_claimed ON public.decisions USING btree (claimed_by_id) WHERE (claimed_by_id IS NOT NULL);
CREATE INDEX decisions_message ON public.decisions USING btree (message_id, conversion_id) WHERE (message_id IS NOT NULL);
CREATE INDEX decisions_not_by_click ON public.decisions USING btree (integration_id, method, conversion_id) WHERE (method <> 'click'::decision_method);
CREATE TRIGGER decisions_append_only BEFORE DELETE OR UPDATE ON public.decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decisions_name_integration BEFORE INSERT ON public.decisions FOR EACH ROW WHEN (((new.method <> 'click'::decision_method) AND (new.integration_id IS NULL))) EXECUTE FUNCTION decision_names_integration();
CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON public.decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE due_transactions (
  id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  transaction_id uuid NOT NULL,
  due_since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  cause decision_cause NOT NULL,
  background boolean NOT NULL,
  CONSTRAINT due_transactions_pkey PRIMARY KEY (background, id),
  CONSTRAINT due_transactions_once UNIQUE (integration_id, transaction_id)
);

CREATE TABLE idempotency_keys (
  api_key_name text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  response_status integer NOT NULL,
  response_body json NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (api_key_name, route, key)
);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

CREATE TABLE integration_log (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  run_id bigint,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  level text NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  context jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT integration_log_pkey PRIMARY KEY (id),
  CONSTRAINT integration_log_level_check CHECK ((level = ANY (ARRAY['debug'::text, 'info'::text, 'warn'::text, 'error'::text]))),
  CONSTRAINT integration_log_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);
CREATE INDEX integration_log_order ON public.integration_log USING btree (integration_id, id);
CREATE INDEX integration_log_run ON public.integration_log USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE TABLE integration_settings (
  integration_id bigint NOT NULL,
  version integer NOT NULL,
  message_id_field text NOT NULL,
  click_id_field text,
  click_window_days integer NOT NULL,
  time_zone text NOT NULL,
  default_currency text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT integration_settings_pkey PRIMARY KEY (integration_id, version),
  CONSTRAINT integration_settings_click_window_days_check CHECK (((click_window_days >= 1) AND (click_window_days <= 3650))),
  CONSTRAINT integration_settings_default_currency_check CHECK ((default_currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT integration_settings_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);

CREATE TABLE integrations (
  id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  network_id text COLLATE "C" NOT NULL,
  affiliate_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  base_url text NOT NULL,
  network_token_sealed text NOT NULL,
  network_token_hint text NOT NULL,
  global_url_params jsonb DEFAULT '{}'::jsonb NOT NULL,
  offer_name_prefix text DEFAULT ''::text NOT NULL,
  auto_sync_offers boolean DEFAULT false NOT NULL,
  offer_sync_frequency text DEFAULT 'daily'::text NOT NULL,
  conversion_sync_enabled boolean DEFAULT true NOT NULL,
  time_zone_source text NOT NULL,
  currency_source text NOT NULL,
  settings_version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  auto_import_offers boolean DEFAULT false NOT NULL,
  offer_field_rules jsonb DEFAULT '{}'::jsonb NOT NULL,
  postback_confirm_days integer DEFAULT 3 NOT NULL,
  CONSTRAINT integrations_pkey PRIMARY KEY (id),
  CONSTRAINT integrations_identity UNIQUE (account_id, network_id, affiliate_id),
  CONSTRAINT integrations_currency_source_check CHECK ((currency_source = ANY (ARRAY['given'::text, 'asked'::text, 'assumed'::text]))),
  CONSTRAINT integrations_offer_sync_frequency_check CHECK ((offer_sync_frequency = ANY (ARRAY['hourly'::text, 'daily'::text]))),
  CONSTRAINT integrations_postback_confirm_days_check CHECK (((postback_confirm_days >= 1) AND (postback_confirm_days <= 90))),
  CONSTRAINT integrations_time_zone_source_check CHECK ((time_zone_source = ANY (ARRAY['given'::text, 'asked'::text, 'assumed'::text])))
);
CREATE INDEX integrations_network ON public.integrations USING btree (network_id);

CREATE TABLE ledger_entries (
  conversion_id bigint NOT NULL,
  integration_id bigint NOT NULL,
  revenue_e5 bigint NOT NULL,
  unconfirmed_e5 bigint NOT NULL,
  pending_e5 bigint NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  entry_no integer NOT NULL,
  decision_no integer NOT NULL,
  day date NOT NULL,
  cause decision_cause NOT NULL,
  conversions smallint NOT NULL,
  currency text NOT NULL,
  external_offer_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C",
  creative_id text,
  campaign_id text,
  CONSTRAINT ledger_entries_pkey PRIMARY KEY (conversion_id, entry_no)
);
CREATE INDEX ledger_entries_day ON public.ledger_entries USING btree (integration_id, day);
CREATE TRIGGER ledger_entries_append_only BEFORE DELETE OR UPDATE ON public.ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_numbering AFTER INSERT ON public.ledger_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_for_numbering();

CREATE TABLE ledger_feed (
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  integration_id bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  conversion_ids bigint[] NOT NULL,
  entry_nos integer[] NOT NULL,
  CONSTRAINT ledger_feed_pkey PRIMARY KEY (first_seq),
  CONSTRAINT ledger_feed_whole CHECK (((((last_seq - first_seq) + 1) = cardinality(conversion_ids)) AND ((last_seq - first_seq) < 128) AND (cardinality(entry_nos) = cardinality(conversion_ids))))
);
CREATE INDEX ledger_feed_at ON public.ledger_feed USING btree (at);
CREATE INDEX ledger_feed_integration ON public.ledger_feed USING btree (integration_id, first_seq);
CREATE TRIGGER ledger_feed_append_only BEFORE DELETE OR UPDATE ON public.ledger_feed FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_feed_no_truncate BEFORE TRUNCATE ON public.ledger_feed FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE ledger_sequence (
  one boolean DEFAULT true NOT NULL,
  last_seq bigint NOT NULL,
  last_at timestamp with time zone NOT NULL,
  CONSTRAINT ledger_sequence_pkey PRIMARY KEY (one),
  CONSTRAINT ledger_sequence_one_check CHECK (one)
);

CREATE TABLE ledger_unnumbered (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  conversion_ids bigint[] NOT NULL,
  entry_nos integer[] NOT NULL,
  CONSTRAINT ledger_unnumbered_pkey PRIMARY KEY (id),
  CONSTRAINT ledger_unnumbered_whole CHECK ((cardinality(conversion_ids) = cardinality(entry_nos)))
);

CREATE TABLE messages (
  account_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  creative_id text,
  offer_id text,
  campaign_id text,
  contact_id text,
  sent_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone DEFAULT now() NOT NULL,
  contact_erased_at timestamp with time zone,
  CONSTRAINT messages_pkey PRIMARY KEY (account_id, message_id)
);
CREATE INDEX messages_contact ON public.messages USING btree (account_id, contact_id) WHERE (contact_id IS NOT NULL);

CREATE TABLE network_leases (
  lease_key text NOT NULL,
  epoch bigint NOT NULL,
  holder text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT network_leases_pkey PRIMARY KEY (lease_key)
);

CREATE TABLE network_traits (
  integration_id bigint NOT NULL,
  refused_fields text[] DEFAULT '{}'::text[] NOT NULL,
  refused_at timestamp with time zone,
  several_currencies boolean DEFAULT false NOT NULL,
  late_changes text DEFAULT 'unknown'::text NOT NULL,
  CONSTRAINT network_traits_pkey PRIMARY KEY (integration_id),
  CONSTRAINT network_traits_late_changes_check CHECK ((late_changes = ANY (ARRAY['unknown'::text, 'available'::text, 'not_available'::text]))),
  CONSTRAINT network_traits_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);

CREATE TABLE offer_changes (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  offer_id bigint NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  cause text NOT NULL,
  run_id bigint,
  changed_by text,
  changes jsonb NOT NULL,
  CONSTRAINT offer_changes_pkey PRIMARY KEY (id),
  CONSTRAINT offer_changes_cause_check CHECK ((cause = ANY (ARRAY['created'::text, 'import'::text, 'auto_import'::text, 'sync'::text, 'vanished'::text, 'returned'::text, 'edit'::text, 'expired'::text]))),
  CONSTRAINT offer_changes_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id)
);
CREATE INDEX offer_changes_order ON public.offer_changes USING btree (offer_id, id);
CREATE TRIGGER offer_changes_append_only BEFORE DELETE OR UPDATE ON public.offer_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER offer_changes_no_truncate BEFORE TRUNCATE ON public.offer_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE offers (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  external_id text COLLATE "C",
  name text NOT NULL,
  tracking_url text NOT NULL,
  payout_e5 bigint,
  payout_percent_e5 bigint,
  payout_type text,
  currency text,
  advertiser_id text,
  advertiser_name text,
  status text NOT NULL,
  tune_status text,
  click_window_days integer,
  last_synced_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  made_by_hand boolean DEFAULT false NOT NULL,
  edited_fields text[] DEFAULT '{}'::text[] NOT NULL,
  vanished_at timestamp with time zone,
  status_before_vanished text,
  payout_since timestamp with time zone,
  postback_extra_parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
  expires_at timestamp with time zone,
  CONSTRAINT offers_pkey PRIMARY KEY (id),
  CONSTRAINT offers_external UNIQUE (integration_id, external_id),
  CONSTRAINT offers_click_window_days_check CHECK (((click_window_days >= 1) AND (click_window_days <= 3650))),
  CONSTRAINT offers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'expired'::text, 'archived'::text]))),
  CONSTRAINT offers_vanished CHECK (((status_before_vanished IS NULL) OR (vanished_at IS NOT NULL))),
  CONSTRAINT offers_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);
CREATE INDEX offers_by_status ON public.offers USING btree (integration_id, status, id);
CREATE INDEX offers_expiring ON public.offers USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (status = ANY (ARRAY['active'::text, 'paused'::text])) AND (NOT ('status'::text = ANY (edited_fields))));

CREATE TABLE parked_items (
  kind text NOT NULL,
  item_id bigint NOT NULL,
  account_id text COLLATE "C",
  integration_id bigint,
  failures integer DEFAULT 1 NOT NULL,
  since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  tried_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  not_before timestamp with time zone NOT NULL,
  error_code text NOT NULL,
  error_text text NOT NULL,
  CONSTRAINT parked_items_pkey PRIMARY KEY (kind, item_id)
);

CREATE TABLE postback_counts (
  offer_id bigint,
  code text NOT NULL,
  minute timestamp with time zone NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT postback_counts_key UNIQUE NULLS NOT DISTINCT (minute, offer_id, code)
);

CREATE TABLE postback_secrets (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  offer_id bigint NOT NULL,
  secret_hash bytea NOT NULL,
  secret_sealed text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  expires_at timestamp with time zone,
  CONSTRAINT postback_secrets_pkey PRIMARY KEY (id),
  CONSTRAINT postback_secrets_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id)
);
CREATE UNIQUE INDEX postback_secrets_current ON public.postback_secrets USING btree (offer_id) WHERE (expires_at IS NULL);
CREATE INDEX postback_secrets_offer ON public.postback_secrets USING btree (offer_id);

CREATE TABLE postbacks (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  offer_id bigint NOT NULL,
  received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  identity bytea,
  record_key bytea,
  refused_code text,
  refused_reason text,
  said jsonb NOT NULL,
  settings_version integer NOT NULL,
  click_window_days integer NOT NULL,
  offer_key text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  conversion_id bigint,
  CONSTRAINT postbacks_pkey PRIMARY KEY (integration_id, id),
  CONSTRAINT postbacks_check CHECK (((refused_code IS NULL) = ((identity IS NOT NULL) AND (record_key IS NOT NULL)))),
  CONSTRAINT postbacks_refused CHECK ((((refused_code IS NULL) = (refused_reason IS NULL)) AND ((refused_code IS NULL) OR (conversion_id IS NULL))))
);
CREATE INDEX postbacks_conversion ON public.postbacks USING btree (conversion_id) WHERE (conversion_id IS NOT NULL);
CREATE UNIQUE INDEX postbacks_identity ON public.postbacks USING btree (identity);
CREATE INDEX postbacks_waiting ON public.postbacks USING btree (id) WHERE ((conversion_id IS NULL) AND (refused_code IS NULL));

CREATE TABLE rate_budget_memory (
  one boolean DEFAULT true NOT NULL,
  first_used_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT rate_budget_memory_pkey PRIMARY KEY (one),
  CONSTRAINT rate_budget_memory_one_check CHECK (one)
);

CREATE TABLE reattributions (
  run_id bigint NOT NULL,
  integration_id bigint NOT NULL,
  settings_version integer NOT NULL,
  conversion_ids bigint[],
  through_id bigint NOT NULL,
  cursor_id bigint DEFAULT 0 NOT NULL,
  worked_at timestamp with time zone,
  CONSTRAINT reattributions_pkey PRIMARY KEY (run_id),
  CONSTRAINT reattributions_progress CHECK ((((cursor_id >= 0) AND (cursor_id <= through_id)) AND ((cursor_id = 0) OR (worked_at IS NOT NULL)))),
  CONSTRAINT reattributions_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync_runs(id)
);

CREATE TABLE rejected_sightings (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  run_id bigint NOT NULL,
  observed_at timestamp with time zone NOT NULL,
  row_ids bigint[] NOT NULL,
  CONSTRAINT rejected_sightings_pkey PRIMARY KEY (id),
  CONSTRAINT rejected_sightings_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync_runs(id) ON DELETE CASCADE
);
CREATE INDEX rejected_sightings_run ON public.rejected_sightings USING btree (run_id);

CREATE TABLE reopen_marks (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  key text COLLATE "C" NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT reopen_marks_pkey PRIMARY KEY (id),
  CONSTRAINT reopen_marks_kind_check CHECK ((kind = ANY (ARRAY['click'::text, 'message'::text])))
);

CREATE TABLE retention_passes (
  table_name text NOT NULL,
  next_block bigint DEFAULT 0 NOT NULL,
  dropped bigint DEFAULT 0 NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT retention_passes_pkey PRIMARY KEY (table_name),
  CONSTRAINT retention_passes_begun CHECK (((next_block = 0) OR (started_at IS NOT NULL)))
);

CREATE TABLE revenue_totals (
  integration_id bigint NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  external_offer_id text COLLATE "C" NOT NULL,
  creative_id text,
  campaign_id text,
  revenue_e5 numeric NOT NULL,
  unconfirmed_e5 numeric NOT NULL,
  pending_e5 numeric NOT NULL,
  conversions numeric NOT NULL,
  CONSTRAINT revenue_totals_key UNIQUE NULLS NOT DISTINCT (integration_id, day, currency, external_offer_id, creative_id, campaign_id)
);

CREATE UNLOGGED TABLE slice_pages (
  slice_id bigint NOT NULL,
  reading integer NOT NULL,
  page integer NOT NULL,
  row_keys bytea NOT NULL,
  CONSTRAINT slice_pages_pkey PRIMARY KEY (slice_id, reading, page),
  CONSTRAINT slice_pages_slice_id_fkey FOREIGN KEY (slice_id) REFERENCES sync_slices(id) ON DELETE CASCADE
);

CREATE TABLE sync_runs (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  kind text NOT NULL,
  trigger text NOT NULL,
  status text DEFAULT 'queued'::text NOT NULL,
  window_from date,
  window_to date,
  covers_from timestamp with time zone,
  covers_to timestamp with time zone,
  progress_done integer DEFAULT 0 NOT NULL,
  progress_total integer,
  progress_unit text DEFAULT 'pages'::text NOT NULL,
  fetched integer DEFAULT 0 NOT NULL,
  inserted integer DEFAULT 0 NOT NULL,
  updated integer DEFAULT 0 NOT NULL,
  unchanged integer DEFAULT 0 NOT NULL,
  rejected integer DEFAULT 0 NOT NULL,
  api_calls integer DEFAULT 0 NOT NULL,
  attributed_by_click integer DEFAULT 0 NOT NULL,
  attributed_by_message_id integer DEFAULT 0 NOT NULL,
  unattributed integer DEFAULT 0 NOT NULL,
  items jsonb,
  error_code text,
  error_message text,
  queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  started_at timestamp with time zone,
  first_requested_at timestamp with time zone,
  pulled_at timestamp with time zone,
  finished_at timestamp with time zone,
  cancel_requested_at timestamp with time zone,
  plan_next date,
  paused_at timestamp with time zone,
  resumed_at timestamp with time zone,
  worked_at timestamp with time zone,
  hinted_through date,
  ladder_through date,
  parked integer DEFAULT 0 NOT NULL,
  incomplete text,
  accept_empty boolean DEFAULT false NOT NULL,
  CONSTRAINT sync_runs_pkey PRIMARY KEY (id),
  CONSTRAINT sync_runs_covers CHECK (((covers_from IS NULL) = (covers_to IS NULL))),
  CONSTRAINT sync_runs_failed CHECK ((((status = 'failed'::text) = (error_code IS NOT NULL)) AND ((error_code IS NULL) = (error_message IS NULL)))),
  CONSTRAINT sync_runs_finished CHECK (((status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
  CONSTRAINT sync_runs_kind_check CHECK ((kind = ANY (ARRAY['conversions'::text, 'offers'::text, 'offer_import'::text, 'changes'::text, 'backfill'::text, 'reattribution'::text, 'reconciliation'::text]))),
  CONSTRAINT sync_runs_paused CHECK (((kind = 'backfill'::text) OR ((paused_at IS NULL) AND (resumed_at IS NULL)))),
  CONSTRAINT sync_runs_pulled CHECK ((((status <> 'queued'::text) OR (pulled_at IS NULL)) AND ((status <> 'succeeded'::text) OR (pulled_at IS NOT NULL)))),
  CONSTRAINT sync_runs_started CHECK ((((status <> 'queued'::text) OR (started_at IS NULL)) AND ((status <> ALL (ARRAY['running'::text, 'succeeded'::text])) OR (started_at IS NOT NULL)))),
  CONSTRAINT sync_runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))),
  CONSTRAINT sync_runs_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'manual'::text]))),
  CONSTRAINT sync_runs_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);
CREATE INDEX sync_runs_ended ON public.sync_runs USING btree (integration_id, kind, finished_at DESC) WHERE (status = ANY (ARRAY['succeeded'::text, 'failed'::text]));
CREATE INDEX sync_runs_integration ON public.sync_runs USING btree (integration_id, id);
CREATE INDEX sync_runs_open ON public.sync_runs USING btree (integration_id, kind) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE UNIQUE INDEX sync_runs_open_backfill ON public.sync_runs USING btree (integration_id, window_from, window_to) WHERE ((kind = 'backfill'::text) AND (status = ANY (ARRAY['queued'::text, 'running'::text])));
CREATE UNIQUE INDEX sync_runs_waiting ON public.sync_runs USING btree (integration_id, kind, window_from, window_to) NULLS NOT DISTINCT WHERE ((status = 'queued'::text) AND (kind <> 'offer_import'::text));

CREATE TABLE sync_schedules (
  integration_id bigint NOT NULL,
  kind text NOT NULL,
  enabled boolean NOT NULL,
  every_ms integer NOT NULL,
  next_at timestamp with time zone NOT NULL,
  last_succeeded_at timestamp with time zone,
  coverage_starts_at timestamp with time zone NOT NULL,
  covered_through timestamp with time zone,
  hinted_through date,
  ladder_through date,
  CONSTRAINT sync_schedules_pkey PRIMARY KEY (integration_id, kind),
  CONSTRAINT sync_schedules_coverage CHECK (((covered_through IS NULL) OR ((kind = 'conversions'::text) AND (covered_through >= coverage_starts_at)))),
  CONSTRAINT sync_schedules_every_ms_check CHECK ((every_ms > 0)),
  CONSTRAINT sync_schedules_kind_check CHECK ((kind = ANY (ARRAY['conversions'::text, 'offers'::text, 'changes'::text]))),
  CONSTRAINT sync_schedules_watermarks CHECK (((kind = 'changes'::text) OR ((hinted_through IS NULL) AND (ladder_through IS NULL)))),
  CONSTRAINT sync_schedules_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);
CREATE INDEX sync_schedules_due ON public.sync_schedules USING btree (next_at) WHERE enabled;

CREATE TABLE sync_slices (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  run_id bigint NOT NULL,
  integration_id bigint NOT NULL,
  lease_key text NOT NULL,
  priority integer DEFAULT 0 NOT NULL,
  window_from text,
  window_to text,
  next_page integer DEFAULT 1 NOT NULL,
  page_total integer,
  attempts integer DEFAULT 0 NOT NULL,
  not_before timestamp with time zone,
  worked_at timestamp with time zone,
  done_at timestamp with time zone,
  day date,
  reading integer DEFAULT 1 NOT NULL,
  promised integer,
  requested_at timestamp with time zone,
  CONSTRAINT sync_slices_pkey PRIMARY KEY (id),
  CONSTRAINT sync_slices_requested CHECK (((done_at IS NULL) OR (requested_at IS NULL))),
  CONSTRAINT sync_slices_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync_runs(id)
);
CREATE INDEX sync_slices_open ON public.sync_slices USING btree (lease_key, priority, id) WHERE (done_at IS NULL);
CREATE INDEX sync_slices_requested ON public.sync_slices USING btree (integration_id) WHERE (requested_at IS NOT NULL);
CREATE INDEX sync_slices_run ON public.sync_slices USING btree (run_id);

CREATE TABLE transaction_lookups (
  key uuid NOT NULL,
  transaction_id uuid NOT NULL,
  CONSTRAINT transaction_lookups_pkey PRIMARY KEY (key, transaction_id)
);

CREATE TABLE unimported_offer_days (
  integration_id bigint NOT NULL,
  external_offer_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  CONSTRAINT unimported_offer_days_pkey PRIMARY KEY (integration_id, external_offer_id, day),
  CONSTRAINT unimported_offer_days_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id)
);

CREATE TABLE unreadable_rows (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  integration_id bigint NOT NULL,
  tune_event_id text,
  reason text NOT NULL,
  content_hash bytea NOT NULL,
  raw jsonb NOT NULL,
  observed_at timestamp with time zone NOT NULL,
  run_id bigint,
  field text,
  read_under text,
  read_at timestamp with time zone,
  CONSTRAINT unreadable_rows_pkey PRIMARY KEY (id),
  CONSTRAINT unreadable_rows_once UNIQUE (integration_id, content_hash),
  CONSTRAINT unreadable_rows_read CHECK (((read_at IS NULL) OR (read_under IS NOT NULL)))
);
CREATE INDEX unreadable_rows_open ON public.unreadable_rows USING btree (id) WHERE (read_at IS NULL);
CREATE INDEX unreadable_rows_order ON public.unreadable_rows USING btree (integration_id, id);
CREATE INDEX unreadable_rows_run ON public.unreadable_rows USING btree (run_id);

CREATE OR REPLACE FUNCTION public.decision_names_integration()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.integration_id := (SELECT c.integration_id FROM conversions c WHERE c.id = NEW.conversion_id);
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.hash_in_account(account text, what text)
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE STRICT
RETURN (encode(SUBSTRING(sha256(convert_to(((((octet_length(account))::text || ':'::text) || account) || what), 'UTF8'::name)) FROM 1 FOR 16), 'hex'::text))::uuid;

CREATE OR REPLACE FUNCTION public.queue_for_numbering()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO ledger_unnumbered (integration_id, conversion_ids, entry_nos)
  SELECT integration_id, array_agg(conversion_id ORDER BY n), array_agg(entry_no ORDER BY n)
  FROM (SELECT integration_id, conversion_id, entry_no,
      row_number() OVER (PARTITION BY integration_id ORDER BY conversion_id, entry_no) AS n FROM added) a
  GROUP BY integration_id, (n - 1) / 128 ORDER BY integration_id, min(n);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% on % is refused: its rows are never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $function$;
