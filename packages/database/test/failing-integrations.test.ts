import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { inTransaction, openDatabase, readFailingIntegrations, type Database } from '@trackly-tune/database';
import { addIntegration, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { createSchedules } from '../src/runs/integration-schedules.js';

const KINDS = ['conversions', 'changes'] as const;
const HOUR_MS = 3_600_000;
const ON = { enabled: true, everyMs: HOUR_MS };

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'failing-integrations.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});
beforeEach(async () => {
  await sql`TRUNCATE sync_runs, sync_schedules CASCADE`.execute(db);
});

type Kind = 'conversions' | 'changes' | 'offers' | 'backfill';
/** How a run ended: `failed` with a code, or any other status. */
type Ended = 'succeeded' | 'cancelled' | 'running' | { readonly failed: string | null };

async function integration(): Promise<bigint> {
  const id = (await addIntegration(db, { accountId: 'acme', affiliateId: '7' })).id;
  await inTransaction(db, (tx) => createSchedules(tx, id, { conversions: ON, changes: ON, offers: ON }));
  return id;
}

/** Runs of one kind, the first of the list the longest ago; `agoHours`: when the last one ended. */
async function ended(id: bigint, kind: Kind, runs: readonly Ended[], agoHours = 0): Promise<void> {
  for (const [index, run] of runs.entries()) {
    const finishedAt = new Date(Date.now() - (runs.length - 1 - index + agoHours) * HOUR_MS);
    const status = typeof run === 'string' ? run : 'failed';
    await db
      .insertInto('sync_runs')
      .values({
        ...{ integration_id: id, kind, trigger: 'schedule', status },
        ...{ started_at: finishedAt, pulled_at: status === 'succeeded' ? finishedAt : null },
        ...{ finished_at: status === 'running' ? null : finishedAt },
        error_code: typeof run === 'string' ? null : run.failed,
        error_message: typeof run === 'string' ? null : 'Ask the network',
      })
      .execute();
  }
}

const failed = (code: string | null = 'token_rejected'): Ended => ({ failed: code });
const failing = () => readFailingIntegrations(db, KINDS);

test('two runs of a kind that failed one after the other make an integration failing, by the last error', async () => {
  await ended(await integration(), 'conversions', ['succeeded', failed('timeout'), failed('token_rejected')]);
  expect(await failing()).toEqual([{ kind: 'conversions', code: 'token_rejected', integrations: 1 }]);
});

test('one that failed is not enough, also for two integrations', async () => {
  for (const id of [await integration(), await integration()]) {
    await ended(id, 'conversions', ['succeeded', failed()]);
  }
  await ended(await integration(), 'conversions', [failed()]);
  expect(await failing()).toEqual([]);
});

test('a success in between or since ends it', async () => {
  await ended(await integration(), 'conversions', [failed(), failed(), 'succeeded', failed()]);
  await ended(await integration(), 'conversions', [failed(), failed(), 'succeeded']);
  expect(await failing()).toEqual([]);
});

test('failures of different kinds do not add up, and kinds of other work or of no schedule do not count', async () => {
  const id = await integration();
  await ended(id, 'conversions', ['succeeded', failed()], 1);
  await ended(id, 'changes', ['succeeded', failed()]);
  await ended(id, 'offers', [failed(), failed()]);
  await ended(id, 'backfill', [failed(), failed()]);
  expect(await failing()).toEqual([]);
  expect(await readFailingIntegrations(db, ['offers'])).toEqual([
    { kind: 'offers', code: 'token_rejected', integrations: 1 },
  ]);
});

test('a run that was cancelled or still runs says nothing either way', async () => {
  await ended(await integration(), 'conversions', [failed('timeout'), 'cancelled', failed('timeout'), 'running']);
  await ended(await integration(), 'conversions', ['succeeded', 'cancelled', failed('timeout')]);
  expect(await failing()).toEqual([{ kind: 'conversions', code: 'timeout', integrations: 1 }]);
});

test('the end of a run counts, not when it was asked for', async () => {
  const id = await integration();
  await ended(id, 'conversions', ['succeeded'], 0);
  await ended(id, 'conversions', [failed(), failed()], 1);
  expect(await failing()).toEqual([]);
});

test('integrations are counted by kind and code; a failure without a code is an internal error', async () => {
  // Before 0017 a failure could be without a code.
  await sql`ALTER TABLE sync_runs DROP CONSTRAINT sync_runs_failed`.execute(db);
  for (const code of ['timeout', 'timeout', null]) {
    await ended(await integration(), 'conversions', [failed(), failed(code)]);
  }
  await ended(await integration(), 'changes', [failed(), failed('timeout')]);
  expect(await failing()).toEqual([
    { kind: 'changes', code: 'timeout', integrations: 1 },
    { kind: 'conversions', code: 'internal_error', integrations: 1 },
    { kind: 'conversions', code: 'timeout', integrations: 2 },
  ]);
});

test('a deleted integration is nobody’s to mend', async () => {
  const id = await integration();
  await ended(id, 'conversions', [failed(), failed()]);
  expect(await failing()).toEqual([{ kind: 'conversions', code: 'token_rejected', integrations: 1 }]);
  await db.updateTable('integrations').set({ deleted_at: new Date() }).where('id', '=', id).execute();
  expect(await failing()).toEqual([]);
});

test('where the schedule is off, failures that a person asked for count for a day', async () => {
  const [recent, old, planned] = [await integration(), await integration(), await integration()];
  await ended(recent, 'conversions', [failed(), failed()], 23);
  for (const id of [old, planned]) await ended(id, 'conversions', [failed(), failed()], 25);
  expect(await failing()).toMatchObject([{ integrations: 3 }]);
  for (const id of [recent, old]) {
    await db
      .updateTable('sync_schedules')
      .set({ enabled: false })
      .where('integration_id', '=', id)
      .where('kind', '=', 'conversions')
      .execute();
  }
  expect(await failing()).toMatchObject([{ integrations: 2 }]);
});
