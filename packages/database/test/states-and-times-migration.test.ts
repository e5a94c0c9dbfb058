import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AN_INTEGRATION, openDatabaseBefore, type DatabaseBefore } from './database-before.js';

const OWN = ['0017_states_and_times.sql', '0018_states_and_times_checked.sql'] as const;
const QUEUED = '2026-05-01T10:00:00Z';
const LATER = '2026-05-01T11:00:00Z';

/** Rows of before: whole ones, and what an earlier release could leave behind, each told apart by its key. */
const ROWS = [
  AN_INTEGRATION,
  `INSERT INTO sync_runs (integration_id, kind, trigger, status, queued_at, started_at, pulled_at, finished_at,
     error_code, error_message, paused_at, covers_from, items)
   SELECT 1, kind, 'manual', status, '${QUEUED}', started_at, pulled_at, finished_at, error_code, error_message,
     paused_at, covers_from, to_jsonb(key)
   FROM jsonb_to_recordset('${JSON.stringify(
     [
       { key: 'whole', status: 'succeeded', started_at: QUEUED, pulled_at: LATER, finished_at: LATER },
       { key: 'open', status: 'queued' },
       { key: 'ended at no time', status: 'cancelled', started_at: LATER },
       { key: 'succeeded at no time', status: 'succeeded' },
       { key: 'open and ended', status: 'running', started_at: LATER, finished_at: LATER },
       { key: 'waiting and begun', status: 'queued', started_at: LATER, pulled_at: LATER, kind: 'offers' },
       { key: 'failed for no reason', status: 'failed', finished_at: LATER },
       { key: 'failed in no words', status: 'failed', finished_at: LATER, error_code: 'timeout' },
       { key: 'cancelled with an error', status: 'cancelled', finished_at: LATER, error_code: 'x', error_message: 'x' },
       { key: 'paused', status: 'cancelled', finished_at: LATER, paused_at: LATER, covers_from: LATER },
       { key: 'backfill', status: 'cancelled', finished_at: LATER, paused_at: LATER, kind: 'backfill' },
     ].map((row) => ({ kind: 'conversions', ...row })),
   )}')
   AS r (key text, kind text, status text, started_at timestamptz, pulled_at timestamptz, finished_at timestamptz,
     error_code text, error_message text, paused_at timestamptz, covers_from timestamptz)`,
  `INSERT INTO sync_slices (run_id, integration_id, lease_key, done_at, requested_at) VALUES
     (1, 1, 'open', NULL, '${LATER}'), (1, 1, 'done', '${LATER}', '${LATER}')`,
  `INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at, covered_through,
     hinted_through, ladder_through) VALUES
     (1, 'conversions', true, 1, now(), '${LATER}', '${QUEUED}', '2026-05-01', NULL),
     (1, 'offers', true, 1, now(), '${LATER}', '${LATER}', NULL, '2026-05-01'),
     (1, 'changes', true, 1, now(), '${LATER}', NULL, '2026-05-01', '2026-05-02')`,
  `INSERT INTO transactions (integration_id, key, due_since, cause) VALUES (1, 'due', '${LATER}', 'late_click'),
     (1, 'due for no cause', '${LATER}', NULL), (1, 'settled with a cause', NULL, 'pull'), (1, 'settled', NULL, NULL)`,
  `INSERT INTO conversions (integration_id, account_id, tune_event_id, postback_key, transaction_id, settings_version,
     click_window_days, version, content_hash, observed_at, external_offer_id, status, is_test, is_adjustment, payout_e5,
     currency, day, converted_at, confirm_by)
   SELECT 1, 'acc', CASE WHEN n = 1 THEN 'pulled' END, CASE WHEN n = 2 THEN 'k'::bytea END, 1, 1, 90, 1, '', now(), '7',
     'approved', false, false, 1, 'USD', '2026-05-01', now(), '${LATER}' FROM generate_series(1, 2) n`,
  `INSERT INTO postbacks (integration_id, offer_id, identity, record_key, refused_code, refused_reason, said,
     settings_version, click_window_days, offer_key, currency) VALUES
     (1, 1, 'a', 'a', NULL, 'left over', '{}', 1, 90, '7', 'USD'), (1, 1, NULL, NULL, 'amount_invalid', NULL, '{}', 1, 90, '7', 'USD'),
     (1, 1, NULL, NULL, 'amount_invalid', 'No number', '{}', 1, 90, '7', 'USD')`,
  `INSERT INTO reattributions (run_id, integration_id, settings_version, through_id, cursor_id) VALUES (1, 1, 1, 9, 5)`,
  `INSERT INTO offers (integration_id, external_id, name, tracking_url, status, status_before_vanished)
   VALUES (1, '7', 'O', '', 'active', 'active')`,
  `INSERT INTO catalogue_offers (integration_id, external_id, name, tune_status, content_hash, expires_at)
   VALUES (1, '7', 'O', 'active', '', '${LATER}')`,
  `INSERT INTO unreadable_rows (integration_id, reason, content_hash, raw, observed_at, read_at)
   VALUES (1, 'r', '', '{}', now(), '${LATER}')`,
];

let database: DatabaseBefore;
beforeAll(async () => {
  database = await openDatabaseBefore(OWN[0]);
  for (const statement of ROWS) await database.ask(statement);
  for (const file of OWN) await database.apply(file);
});
afterAll(() => database.drop());

const [queued, later] = [new Date(QUEUED), new Date(LATER)];
const NONE = {
  started_at: null,
  pulled_at: null,
  finished_at: null,
  error_code: null,
  error_message: null,
  paused_at: null,
};
const UNKNOWN = 'The reason was not kept';

describe('rows whose times contradict their states', () => {
  test.each([
    ['whole', { started_at: queued, pulled_at: later, finished_at: later }],
    ['open', {}],
    ['ended at no time', { started_at: later, finished_at: later }],
    ['succeeded at no time', { started_at: queued, pulled_at: queued, finished_at: queued }],
    ['open and ended', { started_at: later }],
    ['waiting and begun', {}],
    ['failed for no reason', { finished_at: later, error_code: 'internal_error', error_message: UNKNOWN }],
    ['failed in no words', { finished_at: later, error_code: 'timeout', error_message: UNKNOWN }],
    ['cancelled with an error', { finished_at: later }],
    ['paused', { finished_at: later }],
    ['backfill', { finished_at: later, paused_at: later }],
  ])('are repaired in runs: %s', async (key, expected) => {
    const rows = await database.ask(`SELECT started_at, pulled_at, finished_at, error_code, error_message, paused_at
      FROM sync_runs WHERE items = to_jsonb('${key}'::text)`);
    expect(rows).toEqual([{ ...NONE, ...expected }]);
  });

  test.each([
    ['slices', 'SELECT lease_key AS row, requested_at AS is FROM sync_slices', { open: later, done: null }],
    [
      'schedules',
      `SELECT kind AS row, jsonb_build_array(covered_through = coverage_starts_at, hinted_through, ladder_through) AS is
       FROM sync_schedules`,
      { conversions: [true, null, null], offers: [null, null, null], changes: [null, '2026-05-01', '2026-05-02'] },
    ],
    [
      'transactions',
      'SELECT key AS row, cause AS is FROM transactions',
      { due: 'late_click', 'due for no cause': 'pull', 'settled with a cause': null, settled: null },
    ],
    [
      'conversions',
      `SELECT coalesce(tune_event_id, 'postback') AS row, confirm_by AS is FROM conversions`,
      { pulled: null, postback: later },
    ],
    [
      'postbacks',
      'SELECT id::text AS row, refused_reason AS is FROM postbacks',
      { 1: null, 2: UNKNOWN, 3: 'No number' },
    ],
    ['re-attributions', `SELECT 'begun' AS row, worked_at IS NOT NULL AS is FROM reattributions`, { begun: true }],
    ['offers', `SELECT 'there' AS row, status_before_vanished AS is FROM offers`, { there: null }],
    ['catalogues', `SELECT 'there' AS row, expires_at AS is FROM catalogue_offers`, { there: null }],
    ['rejected rows', `SELECT 'read' AS row, read_under AS is FROM unreadable_rows`, { read: '' }],
  ])('are repaired in %s, and no others are touched', async (_, statement, expected) => {
    const rows = await database.ask<{ row: string; is: unknown }>(statement);
    expect(Object.fromEntries(rows.map(({ row, is }) => [row, is]))).toEqual(expected);
  });
});
