import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Database } from '@trackly-tune/database';
import { rereadRejected } from '../src/use-cases/reread-rejected.js';
import {
  addDueIntegration,
  addRun,
  createPullWorld,
  factsOf,
  logOf,
  pull,
  type Integration,
  type PullWorld,
} from './pull-world.js';
import { reportRow, ScriptedNetwork } from './scripted-network.js';

let world: PullWorld;
let db: Database;
let network: ScriptedNetwork;
let integration: Integration;
let failed: bigint[];

beforeAll(async () => {
  world = await createPullWorld();
  db = world.db;
});
afterAll(() => world.close());
beforeEach(async () => {
  network = new ScriptedNetwork();
  integration = await addDueIntegration(db);
  failed = [];
});

/** Returns how often attribution was told of something. */
async function reread(rules: string): Promise<number> {
  let told = 0;
  const onFacts = () => void (told += 1);
  const onUnexpected = (_error: unknown, id: bigint) => void failed.push(id);
  await rereadRejected({ db, rules, signal: new AbortController().signal, onFacts, onUnexpected });
  return told;
}

/** A row as the release before would have kept it: it did not know what to make of it. */
async function keep(n: number, changes: Record<string, string | null> = {}, to = integration): Promise<void> {
  await sql`
    INSERT INTO unreadable_rows (integration_id, tune_event_id, reason, content_hash, raw, observed_at, run_id)
    VALUES (${to.id}, ${`ev-${n}`}, 'payout_unreadable', ${Buffer.from(`hash-${n}`)},
      ${JSON.stringify(reportRow(n, changes))}::jsonb, '2026-11-20T12:00:00Z', 1)`.execute(db);
}

async function openOf({ id }: Integration): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', tune_event_id, read_at IS NOT NULL) AS line FROM unreadable_rows
    WHERE integration_id = ${id} ORDER BY tune_event_id`.execute(db);
  return rows.map((row) => row.line);
}

test('a row that the rules of a new version can read becomes a conversion, as of the moment it was seen', async () => {
  await keep(1);
  await keep(2, { 'Stat.payout': 'still nonsense' });
  expect(await reread('1.1')).toBe(1);
  expect(await openOf(integration)).toEqual(['ev-1 t', 'ev-2 f']);
  expect(await factsOf(db, integration)).toMatchObject({ conversions: [{ tune_event_id: 'ev-1', due: true }] });
  const { rows } = await sql`
    SELECT 1 FROM conversions WHERE integration_id = ${integration.id} AND observed_at = '2026-11-20T12:00:00Z'`.execute(
    db,
  );
  expect(rows).toHaveLength(1);
  expect(await logOf(db, integration)).toContain('rejected_rows_read');
});

test('rows are read again once by each version, and when the settings change that they were read under', async () => {
  await keep(1, { 'Stat.currency': null, 'Stat.payout': null, 'Stat.payout@USD': null });
  const marks = async () =>
    (
      await sql<{ read_under: string }>`
        SELECT read_under FROM unreadable_rows WHERE integration_id = ${integration.id}`.execute(db)
    ).rows.map((row) => row.read_under);
  await reread('1.1');
  expect(await marks()).toEqual(['1.1/3/USD/f']);
  await sql`UPDATE integration_settings SET default_currency = 'EUR' WHERE integration_id = ${integration.id}`.execute(
    db,
  );
  await reread('1.1');
  expect(await marks()).toEqual(['1.1/3/EUR/f']);
  await reread('1.2');
  expect(await marks()).toEqual(['1.2/3/EUR/f']);
});

test('what was seen later still counts', async () => {
  network.rows = [reportRow(1, { 'Stat.status': 'rejected' })];
  await addRun(db, integration);
  await pull(db, integration.networkId, network);
  const current = async () =>
    (
      await sql<{ status: string; versions: number }>`
        SELECT c.status, (SELECT count(*)::int FROM conversion_versions v WHERE v.conversion_id = c.id) AS versions
        FROM conversions c WHERE c.integration_id = ${integration.id}`.execute(db)
    ).rows;
  await keep(1);
  await reread('1.1');
  expect(await current()).toEqual([{ status: 'rejected', versions: 2 }]);
  expect(await openOf(integration)).toEqual(['ev-1 t']);
});

test('more rows than fit into one turn are all read, and an integration that fails stops no other', async () => {
  const other = await addDueIntegration(db);
  const first = { ...integration };
  await keep(1, {}, first);
  await sql`
    INSERT INTO unreadable_rows (integration_id, tune_event_id, reason, content_hash, raw, observed_at, run_id)
    SELECT ${other.id}, 'ev-' || n, 'payout_unreadable', decode(md5(n::text), 'hex'),
      ${JSON.stringify(reportRow(1))}::jsonb || jsonb_build_object('Stat.tune_event_id', 'ev-' || n), now(), 1
    FROM generate_series(1, 1200) n`.execute(db);
  await sql`
    CREATE OR REPLACE FUNCTION refuse_first() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'planted'; END $$`.execute(db);
  await sql`CREATE TRIGGER planted BEFORE INSERT ON conversions FOR EACH ROW
    WHEN (NEW.integration_id = ${sql.raw(first.id.toString())}) EXECUTE FUNCTION refuse_first()`.execute(db);
  await reread('1.1');
  await sql`DROP TRIGGER planted ON conversions`.execute(db);
  expect(failed).toEqual([first.id]);
  expect((await openOf(other)).every((line) => line.endsWith(' t'))).toBe(true);
  await reread('1.1');
  expect(await openOf(first)).toEqual(['ev-1 t']);
});
