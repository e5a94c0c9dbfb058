import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { cancelStoppedRuns, takeLease, type Database } from '@trackly-tune/database';
import {
  addDueIntegration,
  addRun,
  createPullWorld,
  factsOf,
  logOf,
  pull,
  runOf,
  type Integration,
  type PullWorld,
} from './pull-world.js';
import { reportRow, ScriptedNetwork, tuneFailure } from './scripted-network.js';

let world: PullWorld;
let db: Database;
let network: ScriptedNetwork;
let integration: Integration;

beforeAll(async () => {
  world = await createPullWorld();
  db = world.db;
});
afterAll(() => world.close());
beforeEach(async () => {
  network = new ScriptedNetwork();
  network.rows = [
    ...[1, 2, 3, 4].map((n) => reportRow(n)),
    reportRow(5, { 'Stat.payout': 'x' }),
    reportRow(6, { 'Stat.affiliate_id': '4' }),
  ];
  integration = await addDueIntegration(db);
});

class Killed extends Error {
  readonly code = '57P01';
}

/** The same database, of which the statement number `failAt` fails as if the server went away. */
function failingAt(failAt: number): { db: Database; statements(): number } {
  let statements = 0;
  const failing = db.withPlugin({
    transformQuery: ({ node }) => {
      if (++statements === failAt) throw new Killed('the server is going away');
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db: failing, statements: () => statements };
}

/** What a worker's death leaves behind goes by itself after the lease; here at once. */
async function expireLease({ networkId }: Integration): Promise<void> {
  await sql`UPDATE network_leases SET expires_at = clock_timestamp() WHERE lease_key = ${`conversions:${networkId}`}`.execute(
    db,
  );
}

async function hurry(runId: bigint): Promise<void> {
  await sql`UPDATE sync_slices SET not_before = NULL WHERE run_id = ${runId}`.execute(db);
}

describe('a fault at any step', () => {
  test('whichever statement fails, the next attempt leaves the same tables and the same counts', async () => {
    const runId = await addRun(db, integration);
    const counted = failingAt(0);
    await pull(counted.db, integration.networkId, network);
    const [facts, run] = [await factsOf(db, integration), await runOf(db, runId)];
    expect(run).toMatchObject({ pulled: true, fetched: 5, inserted: 4, rejected: 1 });
    expect(counted.statements()).toBeGreaterThan(25);

    for (let failAt = 1; failAt <= counted.statements(); failAt++) {
      const other = await addDueIntegration(db);
      const otherRun = await addRun(db, other);
      await pull(failingAt(failAt).db, other.networkId, network).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      expect(await runOf(db, otherRun)).not.toMatchObject({ status: 'failed' });
      await expireLease(other);
      await hurry(otherRun);
      await pull(db, other.networkId, network);
      expect({ failAt, facts: await factsOf(db, other) }).toEqual({ failAt, facts });
      expect({ failAt, run: await runOf(db, otherRun) }).toEqual({ failAt, run });
    }
  });

  test('a fault after the commit of any page counts no row twice', async () => {
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    const facts = await factsOf(db, integration);
    const run = await runOf(db, runId);
    for (let failAt = 1; failAt <= 3; failAt++) {
      const other = await addDueIntegration(db);
      const otherRun = await addRun(db, other);
      let commits = 0;
      const onFacts = () => {
        if (++commits === failAt) throw new Killed('after the commit');
      };
      await pull(db, other.networkId, network, { onFacts }).catch(() => undefined);
      await pull(db, other.networkId, network);
      expect(await factsOf(db, other)).toEqual(facts);
      expect(await runOf(db, otherRun)).toEqual(run);
    }
  });

  test('after a crash between two pages the pull goes on at its cursor', async () => {
    await addRun(db, integration);
    network.before = (query) => {
      if (query.page === 2) throw new Killed('gone');
    };
    await expect(pull(db, integration.networkId, network)).rejects.toThrow('gone');
    network.before = () => undefined;
    await pull(db, integration.networkId, network);
    expect(network.queries.map(({ page }) => page)).toEqual([1, 2, 2, 3]);
  });
});

describe('leases', () => {
  test('a network that another worker holds is left alone', async () => {
    await addRun(db, integration);
    const leaseKey = `conversions:${integration.networkId}`;
    await takeLease(db, { leaseKey, holder: 'other', leaseMs: 60_000 });
    expect(await pull(db, integration.networkId, network)).toBe('held');
    expect(network.queries).toEqual([]);
  });

  test('what was fetched under a lost lease is not written, and the new holder ends with the same tables', async () => {
    const runId = await addRun(db, integration);
    let takenOver: Promise<unknown> | undefined;
    network.before = async (query) => {
      if (query.page !== 2 || takenOver) return;
      await expireLease(integration);
      const other = new ScriptedNetwork();
      other.rows = network.rows;
      takenOver = pull(db, integration.networkId, other);
      await takenOver;
    };
    expect(await pull(db, integration.networkId, network)).toBe('more');
    expect(await runOf(db, runId)).toMatchObject({ pulled: true, fetched: 5, inserted: 4, rejected: 1 });
  });

  test('a worker that lost its lease fails nobody else’s run', async () => {
    const runId = await addRun(db, integration);
    network.before = async () => {
      await expireLease(integration);
      await takeLease(db, { leaseKey: `conversions:${integration.networkId}`, holder: 'other', leaseMs: 60_000 });
      throw tuneFailure('token_rejected', 'never');
    };
    expect(await pull(db, integration.networkId, network)).toBe('more');
    expect(await runOf(db, runId)).toMatchObject({ status: 'running', code: null });
  });

  test('a stop ends the wait for TUNE at once, hands the network back, and fails nothing', async () => {
    const runId = await addRun(db, integration);
    const stop = new AbortController();
    network.before = (query) =>
      new Promise((_resolve, reject) => {
        query.signal?.addEventListener('abort', () => reject(tuneFailure('aborted')), { once: true });
        stop.abort();
      });
    expect(await pull(db, integration.networkId, network, { signal: stop.signal })).toBe('more');
    expect(await runOf(db, runId)).toMatchObject({ status: 'running', code: null });
    network.before = () => undefined;
    expect(await pull(db, integration.networkId, network)).toBe('idle');
    expect(await runOf(db, runId)).toMatchObject({ pulled: true });
  });

  test('a slice gives way after its budget, so that two integrations of one network take turns', async () => {
    const second = await addDueIntegration(db, { networkId: integration.networkId });
    await addRun(db, integration);
    await addRun(db, second, { from: '2026-11-01', to: '2026-11-02' });
    await pull(db, integration.networkId, network, { sliceBudgetMs: -1 });
    const turns = network.queries.map(({ fromTime, page }) => `${fromTime.slice(8, 10)}/${page}`);
    expect(turns).toEqual(['17/1', '01/1', '17/2', '01/2', '17/3', '01/3']);
  });
});

describe('runs that are to stop', () => {
  test('a cancelled run ends at its next page; what was stored stays', async () => {
    const runId = await addRun(db, integration);
    network.before = async (query) => {
      if (query.page === 2)
        await sql`UPDATE sync_runs SET cancel_requested_at = clock_timestamp() WHERE id = ${runId}`.execute(db);
    };
    const ends: string[] = [];
    await pull(db, integration.networkId, network, { onRunEnded: (_slice, end) => ends.push(end) });
    expect(await runOf(db, runId)).toMatchObject({ status: 'cancelled', inserted: 4 });
    expect(network.queries.length).toBe(2);
    expect(ends).toEqual(['cancelled']);
    expect(await logOf(db, integration)).toContain('run_cancelled');
  });

  test('one that was cancelled before its first page asks TUNE nothing', async () => {
    const runId = await addRun(db, integration);
    await sql`UPDATE sync_runs SET cancel_requested_at = clock_timestamp() WHERE id = ${runId}`.execute(db);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'cancelled', fetched: 0 });
    expect(network.queries).toEqual([]);
  });

  test('the run of a deleted integration ends cancelled, also in the middle', async () => {
    const runId = await addRun(db, integration);
    network.before = async (query) => {
      if (query.page === 2)
        await sql`UPDATE integrations SET deleted_at = clock_timestamp() WHERE id = ${integration.id}`.execute(db);
    };
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'cancelled', inserted: 4 });
    const next = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, next)).toMatchObject({ status: 'cancelled', fetched: 0 });
    expect(network.queries.length).toBe(2);
  });

  test('one that waits for another try ends without its turn, but never under the worker that holds it', async () => {
    const runId = await addRun(db, integration);
    network.before = () => {
      throw tuneFailure('rate_limited', 'retry-later', 60_000);
    };
    await pull(db, integration.networkId, network);
    await sql`UPDATE integrations SET deleted_at = clock_timestamp() WHERE id = ${integration.id}`.execute(db);
    const leaseKey = `conversions:${integration.networkId}`;
    await takeLease(db, { leaseKey, holder: 'other', leaseMs: 60_000 });
    expect(
      (await cancelStoppedRuns(db, { prefix: 'conversions:', kind: 'stopped_pull' })).map((run) => run.runId),
    ).not.toContain(runId);
    await expireLease(integration);
    expect(await cancelStoppedRuns(db, { prefix: 'conversions:', kind: 'stopped_pull' })).toContainEqual(
      expect.objectContaining({ runId, reason: 'integration_deleted' }),
    );
    expect(await runOf(db, runId)).toMatchObject({ status: 'cancelled' });
  });
});
