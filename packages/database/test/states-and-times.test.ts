import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '@trackly-tune/database';
import { addIntegration, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { seedConversion } from './seed-books.js';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'states-and-times.test' }));
  const { id: integrationId } = await addIntegration(db, { accountId: 'acme' });
  await seedConversion(db, { integrationId, accountId: 'acme' });
  for (const statement of [
    `INSERT INTO sync_runs (integration_id, kind, trigger) VALUES (1, 'conversions', 'manual')`,
    `INSERT INTO sync_slices (run_id, integration_id, lease_key) SELECT id, 1, 'conversions:demo' FROM sync_runs`,
    `INSERT INTO reattributions (run_id, integration_id, settings_version, through_id) SELECT id, 1, 1, 9 FROM sync_runs`,
    `INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
       SELECT 1, kind, true, 1000, now(), '2026-05-01' FROM unnest('{conversions,offers,changes}'::text[]) kind`,
    `INSERT INTO offers (integration_id, external_id, name, tracking_url, status) VALUES (1, '7', 'O', '', 'active')`,
    `INSERT INTO catalogue_offers (integration_id, external_id, name, tune_status, content_hash)
       VALUES (1, '7', 'O', 'active', '')`,
    `INSERT INTO postbacks (integration_id, offer_id, identity, record_key, said, settings_version, click_window_days,
       offer_key, currency) VALUES (1, 1, 'i', 'r', '{}', 1, 90, '7', 'USD')`,
    `INSERT INTO unreadable_rows (integration_id, reason, content_hash, raw, observed_at) VALUES (1, 'r', '', '{}', now())`,
  ]) {
    await sql.raw(statement).execute(db);
  }
});
afterAll(async () => {
  await close();
  await database.drop();
});

/** Refused writes by the constraint that refuses each. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  sync_runs_finished: [
    `UPDATE sync_runs SET status = 'cancelled'`,
    `UPDATE sync_runs SET status = 'failed', error_code = 'timeout', error_message = 'No answer'`,
    `UPDATE sync_runs SET status = 'succeeded', started_at = now(), pulled_at = now()`,
    `UPDATE sync_runs SET finished_at = now()`,
    `UPDATE sync_runs SET status = 'running', started_at = now(), finished_at = now()`,
  ],
  sync_runs_started: [
    `UPDATE sync_runs SET status = 'running'`,
    `UPDATE sync_runs SET status = 'succeeded', pulled_at = now(), finished_at = now()`,
    `UPDATE sync_runs SET started_at = now()`,
  ],
  sync_runs_pulled: [
    `UPDATE sync_runs SET pulled_at = now()`,
    `UPDATE sync_runs SET status = 'succeeded', started_at = now(), finished_at = now()`,
  ],
  sync_runs_failed: [
    `UPDATE sync_runs SET status = 'failed', finished_at = now()`,
    `UPDATE sync_runs SET status = 'failed', finished_at = now(), error_code = 'timeout'`,
    `UPDATE sync_runs SET error_code = 'timeout', error_message = 'No answer'`,
    `UPDATE sync_runs SET error_message = 'No answer'`,
  ],
  sync_runs_paused: [`UPDATE sync_runs SET paused_at = now()`, `UPDATE sync_runs SET resumed_at = now()`],
  sync_runs_covers: [`UPDATE sync_runs SET covers_from = now()`, `UPDATE sync_runs SET covers_to = now()`],
  sync_slices_requested: [`UPDATE sync_slices SET done_at = now(), requested_at = now()`],
  sync_schedules_coverage: [
    `UPDATE sync_schedules SET covered_through = '2026-04-30' WHERE kind = 'conversions'`,
    `UPDATE sync_schedules SET covered_through = '2026-05-02' WHERE kind = 'offers'`,
  ],
  sync_schedules_watermarks: [
    `UPDATE sync_schedules SET hinted_through = '2026-05-02' WHERE kind = 'conversions'`,
    `UPDATE sync_schedules SET ladder_through = '2026-05-02' WHERE kind = 'offers'`,
  ],
  conversion_versions_form: [
    `INSERT INTO conversion_versions (conversion_id, version, observed_at, facts, told) VALUES (1, 9, now(), '{}', 0)`,
    `INSERT INTO conversion_versions (conversion_id, version, observed_at) VALUES (1, 9, now())`,
  ],
  decisions_form: [
    `INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, method, reason)
       VALUES (1, 1, 'pull', 1, 1, 1, 'none', 'no_ids')`,
  ],
  ledger_feed_whole: [
    `INSERT INTO ledger_feed VALUES (1, 2, 1, now(), '{7}', '{1}')`,
    `INSERT INTO ledger_feed VALUES (1, 1, 1, now(), '{7}', '{}')`,
    `INSERT INTO ledger_feed VALUES (1, 129, 1, now(), array_fill(7::bigint, '{129}'), array_fill(1, '{129}'))`,
  ],
  ledger_unnumbered_whole: [
    `INSERT INTO ledger_unnumbered (integration_id, conversion_ids, entry_nos) VALUES (1, '{7,8}', '{1}')`,
  ],
  conversions_confirm_by: [`UPDATE conversions SET confirm_by = now()`],
  postbacks_refused: [
    `UPDATE postbacks SET refused_code = 'x', identity = NULL`,
    `UPDATE postbacks SET refused_reason = 'x'`,
    `UPDATE postbacks SET refused_code = 'x', refused_reason = 'x', identity = NULL, conversion_id = 1`,
  ],
  reattributions_progress: [
    `UPDATE reattributions SET cursor_id = 1`,
    `UPDATE reattributions SET cursor_id = -1, worked_at = now()`,
    `UPDATE reattributions SET cursor_id = 10, worked_at = now()`,
  ],
  offers_vanished: [`UPDATE offers SET status_before_vanished = 'active'`],
  catalogue_offers_expiration: [`UPDATE catalogue_offers SET expires_at = now()`],
  unreadable_rows_read: [`UPDATE unreadable_rows SET read_at = now()`],
};

/** What goes through, so that a constraint refuses nothing that happens. */
const TAKEN = [
  `UPDATE sync_runs SET status = 'running', started_at = now()`,
  `UPDATE sync_runs SET status = 'running', started_at = now(), pulled_at = now()`,
  `UPDATE sync_runs SET status = 'succeeded', started_at = now(), pulled_at = now(), finished_at = now()`,
  `UPDATE sync_runs SET status = 'failed', finished_at = now(), error_code = 'timeout', error_message = 'No answer'`,
  `UPDATE sync_runs SET status = 'cancelled', finished_at = now()`,
  `UPDATE sync_runs SET kind = 'backfill', paused_at = now(), resumed_at = now()`,
  `UPDATE sync_runs SET covers_from = now(), covers_to = now()`,
  `UPDATE sync_slices SET done_at = now()`,
  `UPDATE sync_slices SET requested_at = now()`,
  `UPDATE sync_schedules SET covered_through = coverage_starts_at WHERE kind = 'conversions'`,
  `UPDATE sync_schedules SET hinted_through = now(), ladder_through = now() WHERE kind = 'changes'`,
  `INSERT INTO conversion_versions (conversion_id, version, observed_at, told) VALUES (1, 9, now(), 0)`,
  `INSERT INTO ledger_feed VALUES (1, 2, 1, now(), '{7,8}', '{1,1}')`,
  `UPDATE conversions SET tune_event_id = NULL, postback_key = 'k', confirm_by = now()`,
  `UPDATE postbacks SET refused_code = 'x', refused_reason = 'x', identity = NULL`,
  `UPDATE postbacks SET conversion_id = 1`,
  `UPDATE reattributions SET cursor_id = 9, worked_at = now()`,
  `UPDATE offers SET vanished_at = now(), status_before_vanished = 'active'`,
  `UPDATE catalogue_offers SET expiration_date = '2026-05-01', expires_at = now()`,
  `UPDATE unreadable_rows SET read_under = '1', read_at = now()`,
];

/** Whether a write goes through; it is taken back. */
async function tryOut(statement: string): Promise<string | null> {
  const back = new Error('taken back');
  const outcome = await db
    .transaction()
    .execute(async (tx) => {
      await sql.raw(statement).execute(tx);
      throw back;
    })
    .catch((error: unknown) => error);
  return outcome === back ? null : ((outcome as { constraint?: string }).constraint ?? String(outcome));
}

describe('a row whose times contradict its state is refused', () => {
  test.each(Object.entries(REFUSED))('by %s', async (constraint, statements) => {
    for (const statement of statements) expect([statement, await tryOut(statement)]).toEqual([statement, constraint]);
  });

  test('and each state that there is goes through', async () => {
    for (const statement of TAKEN) expect([statement, await tryOut(statement)]).toEqual([statement, null]);
  });

  test('by constraints that all hold for the rows that were there before', async () => {
    const { rows } = await sql<{ name: string }>`
      SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND NOT convalidated`.execute(db);
    expect(rows).toEqual([]);
  });
});
