import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../src');

/**
 * Which folders write a table (law 19). A state machine has one; a table with several is no state machine, and each of
 * them writes columns of its own.
 */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  sync_runs: ['runs'],
  sync_slices: ['runs'],
  slice_pages: ['runs'],
  sync_schedules: ['runs'],
  network_leases: ['runs'],
  due_transactions: ['transactions'],
  transaction_lookups: ['transactions'],
  decisions: ['transactions'],
  ledger_entries: ['transactions'],
  ledger_unnumbered: ['books'],
  ledger_feed: ['books'],
  ledger_sequence: ['books'],
  revenue_totals: ['books'],
  parked_items: ['parking'],
  postbacks: ['postbacks'],
  postback_counts: ['postbacks'],
  postback_secrets: ['postbacks'],
  catalogue_offers: ['offers'],
  catalogue_pages: ['offers'],
  offer_changes: ['offers'],
  unimported_offer_days: ['offers'],
  reattributions: ['reattribution'],
  integrations: ['integrations'],
  integration_settings: ['integrations'],
  rate_budget_memory: ['integrations'],
  idempotency_keys: ['requests'],
  retention_passes: ['retention'],
  messages: ['facts'],
  clicks: ['facts'],
  unreadable_rows: ['facts'],
  rejected_sightings: ['facts'],
  // The parameters of its postbacks.
  offers: ['offers', 'postbacks'],
  // A late fact leaves a mark; what it re-opens takes the mark away.
  reopen_marks: ['facts', 'transactions'],
  // What a report or a postback said; what was decided about it; what it is pinned to.
  conversions: ['facts', 'postbacks', 'transactions', 'reattribution'],
  conversion_versions: ['facts', 'postbacks'],
  // Lines that one statement writes for many offers.
  integration_log: ['integrations', 'offers'],
  // How far the pass for late changes has come.
  network_traits: ['integrations', 'runs'],
};

const WRITES =
  /\b(?:UPDATE|INSERT INTO|DELETE FROM|TRUNCATE)\s+(?:ONLY\s+)?([a-z_]+)|\b(?:updateTable|insertInto|deleteFrom)\(\s*'([a-z_]+)/g;

/** What a text of a folder writes that is not that folder's; `FOR UPDATE OF x` and `DO UPDATE SET` write no table. */
function wrongWrites(folder: string, text: string): string[] {
  const tables = Array.from(text.matchAll(WRITES), ([, bySql, byBuilder]) => bySql ?? byBuilder ?? '');
  return tables
    .filter((table) => !['set', 'of', 'skip'].includes(table.toLowerCase()))
    .filter((table) => WRITERS[table]?.includes(folder) !== true)
    .map((table) => `${folder} writes ${table}`);
}

test('a table is written in its own folder only', () => {
  const wrong = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file.includes(path.sep))
    .filter((file) => !['generated', 'schema'].includes(file.split(path.sep)[0] ?? ''))
    .flatMap((file) => wrongWrites(file.split(path.sep)[0] ?? '', readFileSync(path.join(SOURCE, file), 'utf8')));
  expect(wrong).toEqual([]);
});

test.each([
  ['books', "await sql`UPDATE sync_runs SET status = 'failed'`"],
  ['facts', 'DELETE FROM due_transactions t'],
  ['offers', "tx.updateTable('sync_runs').set({ status: 'succeeded' })"],
  ['runs', 'INSERT INTO ledger_entries (id) SELECT 1'],
  ['runs', 'INSERT INTO a_table_that_nobody_owns (id) VALUES (1)'],
  ['parking', 'DELETE FROM sync_slices'],
])('what %s must not write is seen: %s', (folder, text) => {
  expect(wrongWrites(folder, text)).toHaveLength(1);
});

test('locks and upserts are no writes of another table', () => {
  expect(wrongWrites('runs', 'SELECT 1 FROM offers FOR UPDATE OF o SKIP LOCKED')).toEqual([]);
  expect(wrongWrites('runs', 'INSERT INTO sync_runs DO UPDATE SET x = 1')).toEqual([]);
});
