import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { KeyRingError } from '@trackly-tune/service-runtime';
import { sql } from 'kysely';
import type { Database } from '@trackly-tune/database';
import {
  addDueIntegration,
  addRun,
  createPullWorld,
  factsOf,
  logOf,
  placesOf,
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
  integration = await addDueIntegration(db);
});

const rows = (...ns: number[]) => ns.map((n) => reportRow(n));

async function eventsOf(): Promise<string[]> {
  const { rows: found } = await sql<{ line: string }>`
    SELECT concat_ws(' ', tune_event_id, 'v' || version, status, payout_e5, currency) AS line FROM conversions
    WHERE integration_id = ${integration.id} ORDER BY tune_event_id`.execute(db);
  return found.map((row) => row.line);
}

describe('what a pull stores', () => {
  test('every page is stored and counted, and the run waits to be settled', async () => {
    network.rows = rows(1, 2, 3, 4, 5);
    const runId = await addRun(db, integration);
    let signals = 0;
    expect(await pull(db, integration.networkId, network, { onFacts: () => signals++ })).toBe('idle');
    expect(network.queries.map(({ page }) => page)).toEqual([1, 2, 3]);
    expect(network.queries[0]).toMatchObject({
      affiliateId: '3',
      fromTime: '2026-11-17 00:00:00',
      toTime: '2026-11-26 23:59:59',
    });
    expect(await runOf(db, runId)).toMatchObject({ status: 'running', pulled: true, fetched: 5, inserted: 5 });
    expect(signals).toBe(3);
    expect([network.opened, network.closed]).toEqual([1, 1]);
  });

  test('the same report again writes no row of facts at all', async () => {
    network.rows = [...rows(1, 2), reportRow(3, { 'Stat.payout': 'nonsense' })];
    await addRun(db, integration);
    await pull(db, integration.networkId, network);
    const before = await placesOf(db, integration);
    expect(before.length).toBeGreaterThan(8);
    const again = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await placesOf(db, integration)).toEqual(before);
    expect(await runOf(db, again)).toMatchObject({ fetched: 3, inserted: 0, updated: 0, unchanged: 2, rejected: 1 });
  });

  test('a changed row becomes a new version and keeps the old one', async () => {
    network.rows = rows(1);
    await addRun(db, integration);
    await pull(db, integration.networkId, network);
    network.rows = [reportRow(1, { 'Stat.status': 'rejected', 'Stat.payout': '2.00000' })];
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await eventsOf()).toEqual(['ev-1 v2 rejected 200000 USD']);
    expect(await runOf(db, runId)).toMatchObject({ inserted: 0, updated: 1 });
    const facts = (await factsOf(db, integration)) as { conversions: { versions: object[] }[] };
    expect(facts.conversions[0]?.versions).toMatchObject([{ status: 'approved' }, { status: 'rejected' }]);
  });

  test("only the integration's own affiliate counts, also when the server ignores the filter", async () => {
    network.rows = [reportRow(1, { 'Stat.affiliate_id': '4' }), reportRow(2)];
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await eventsOf()).toEqual(['ev-2 v1 approved 150000 USD']);
    expect(await runOf(db, runId)).toMatchObject({ fetched: 1, inserted: 1 });
    expect(await logOf(db, integration)).toContain('foreign_rows_ignored');
  });

  test('rows that cannot be read are kept, counted and shown, and the others are stored', async () => {
    network.rows = [
      reportRow(1, { 'Stat.payout': '1.123456' }),
      reportRow(2, { 'Stat.status': 'maybe' }),
      reportRow(3, { 'Stat.tune_event_id': '' }),
      reportRow(4),
    ];
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ fetched: 4, inserted: 1, rejected: 3 });
    const { unreadable } = (await factsOf(db, integration)) as { unreadable: { reason: string }[] };
    expect(unreadable.map(({ reason }) => reason).sort()).toEqual([
      'event_id_missing',
      'payout_unreadable',
      'status_unknown',
    ]);
    expect(await logOf(db, integration)).toContain('rows_unreadable');
  });

  test('where the report does not say how many pages it has, a page of unreadable rows does not end it', async () => {
    const broken = [1, 2].map((n) => reportRow(n, { 'Stat.payout': '' }));
    network.rows = [...broken, ...rows(3)];
    network.answer = (page) => ({ ...page, pageCount: null, count: null });
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await eventsOf()).toEqual(['ev-3 v1 approved 150000 USD']);
    expect(await runOf(db, runId)).toMatchObject({ pulled: true, fetched: 3, rejected: 2 });
  });
});

describe('the same window, asked for again and again', () => {
  test('is read by one run at a time: the next begins when it has been read, and others join that one', async () => {
    network.rows = rows(1, 2, 3, 4, 5);
    const other = { from: '2026-11-10', to: '2026-11-12' };
    const asked = [await addRun(db, integration), await addRun(db, integration, other)];
    network.before = async () => {
      if (network.queries.length < 6) asked.push(await addRun(db, integration));
    };
    // Each slice yields after every page.
    await pull(db, integration.networkId, network, { sliceBudgetMs: 0 });
    const pages = network.queries.map(({ fromTime, page }) => `${fromTime.slice(5, 10)}/${page}`);
    const [first, behind] = [asked[0], asked[2]];
    expect(pages.filter((one) => one.startsWith('11-17'))).toEqual(
      ['1', '2', '3', '1', '2', '3'].map((n) => `11-17/${n}`),
    );
    expect(pages.slice(0, 2)).toEqual(['11-17/1', '11-10/1']);
    expect(new Set(asked.slice(2))).toEqual(new Set([behind]));
    expect(await runOf(db, first ?? 0n)).toMatchObject({ pulled: true, inserted: 5 });
    expect(await runOf(db, behind ?? 0n)).toMatchObject({ pulled: true, unchanged: 5 });
  });

  test('the one that waits begins also when the one before it was cancelled', async () => {
    network.rows = rows(1);
    const first = await addRun(db, integration);
    network.before = async () => {
      network.before = () => undefined;
      await addRun(db, integration);
      await sql`UPDATE sync_runs SET cancel_requested_at = clock_timestamp() WHERE id = ${first}`.execute(db);
    };
    await pull(db, integration.networkId, network);
    expect(network.queries.length).toBe(2);
  });
});

describe('several currencies', () => {
  test('the amount is taken from the column of its own currency', async () => {
    network.currencyColumns = ['Stat.payout@EUR', 'Stat.payout@USD'];
    network.rows = [
      reportRow(1, { 'Stat.currency': 'EUR', 'Stat.payout': '1.10000', 'Stat.payout@EUR': '1.00000' }),
      reportRow(2, { 'Stat.currency': 'USD', 'Stat.payout@USD': '1.50000' }),
    ];
    await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await eventsOf()).toEqual(['ev-1 v1 approved 100000 EUR', 'ev-2 v1 approved 150000 USD']);
  });

  test('a network with several that hides which one fails the run, since guessing would move money', async () => {
    network.refusedFields = ['Stat.currency'];
    network.activeCurrencies = ['USD', 'EUR'];
    network.rows = rows(1);
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'required_field_forbidden' });
    expect(await eventsOf()).toEqual([]);
  });

  test('one that hid its currency before, and then shows amounts in several, fails as well', async () => {
    network.refusedFields = ['Stat.currency'];
    network.activeCurrencies = ['USD'];
    network.rows = rows(1);
    await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await logOf(db, integration)).toContain('currency_not_shown');
    network.currencyColumns = ['Stat.payout@EUR', 'Stat.payout@USD'];
    network.rows = [reportRow(1), reportRow(2, { 'Stat.payout': '9.00000' })];
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'required_field_forbidden' });
    expect(await eventsOf()).toEqual(['ev-1 v1 approved 150000 USD']);
  });
});

describe('fields that a network refuses', () => {
  test('an optional one is left out from then on, and what was stored of it stays', async () => {
    network.rows = [reportRow(1, { 'Stat.status_code': '21' })];
    await addRun(db, integration);
    await pull(db, integration.networkId, network);
    const before = await placesOf(db, integration);
    network.refusedFields = ['Stat.status_code'];
    for (let times = 0; times < 2; times++) {
      await addRun(db, integration);
      await pull(db, integration.networkId, network);
    }
    expect(network.queries.at(-2)?.fields.optional).toContain('Stat.status_code');
    expect(network.queries.at(-1)?.fields.optional).not.toContain('Stat.status_code');
    expect(await placesOf(db, integration)).toEqual(before);
  });

  test('a required one fails the run with its code and keeps what was stored', async () => {
    network.rows = rows(1, 2, 3);
    network.before = (query) => {
      if (query.page === 2) network.refusedFields = ['Stat.affiliate_info1'];
    };
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'required_field_forbidden', inserted: 2 });
    expect((await eventsOf()).length).toBe(2);
  });
});

describe('nonsense and failures', () => {
  test('nonsense fails the run after three tries, and the next run goes on', async () => {
    network.rows = rows(1);
    network.before = () => {
      throw tuneFailure('unexpected_answer');
    };
    const runId = await addRun(db, integration);
    for (let times = 0; times < 3; times++) {
      await pull(db, integration.networkId, network);
      await sql`UPDATE sync_slices SET not_before = NULL WHERE run_id = ${runId}`.execute(db);
    }
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'unexpected_answer' });
    network.before = () => undefined;
    const next = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, next)).toMatchObject({ status: 'running', pulled: true, inserted: 1 });
  });

  test('a failed pull that may pass is due again within five minutes, one that cannot pass at its next hour', async () => {
    const dueIn = async () => {
      const { rows: found } = await sql<{ minutes: number }>`
        SELECT (extract(epoch FROM next_at - clock_timestamp()) / 60)::float8 AS minutes FROM sync_schedules
        WHERE integration_id = ${integration.id}`.execute(db);
      return found[0]?.minutes ?? 0;
    };
    const failWith = async (code: string, advice: 'retry' | 'never') => {
      await sql`UPDATE sync_schedules SET next_at = clock_timestamp() + interval '50 minutes'
        WHERE integration_id = ${integration.id}`.execute(db);
      const runId = await addRun(db, integration);
      await sql`UPDATE sync_slices SET attempts = 2 WHERE run_id = ${runId}`.execute(db);
      network.before = () => {
        throw tuneFailure(code, advice);
      };
      await pull(db, integration.networkId, network);
      expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code });
    };
    await failWith('unreachable', 'retry');
    expect(await dueIn()).toBeLessThan(6);
    await failWith('token_rejected', 'never');
    expect(await dueIn()).toBeGreaterThan(45);
  });

  test('an error without a code is reported, and its text reaches no run and no log', async () => {
    const runId = await addRun(db, integration);
    await sql`UPDATE sync_slices SET attempts = 2 WHERE run_id = ${runId}`.execute(db);
    network.before = () => {
      throw new Error('secret inside');
    };
    const seen: unknown[] = [];
    await pull(db, integration.networkId, network, { onUnexpected: (error) => seen.push(error) });
    expect(seen).toHaveLength(1);
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'internal_error' });
    const { rows: told } = await sql`
      SELECT 1 FROM integration_log WHERE message LIKE '%secret inside%'
      UNION ALL SELECT 1 FROM sync_runs WHERE error_message LIKE '%secret inside%'`.execute(db);
    expect(told).toEqual([]);
  });

  test('a token that cannot be opened fails the run with the code of the reason, and TUNE is not asked', async () => {
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network, {
      openClient: () => {
        throw new KeyRingError('unknown_encryption_key', 'ENCRYPTION_KEYS lacks the key');
      },
    });
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'unknown_encryption_key' });
    expect(network.queries).toEqual([]);
  });

  test('a report too slow for TUNE is asked for in halves, and every half is stored', async () => {
    network.rows = rows(1, 2);
    network.before = (_query, call) => {
      if (call === 1) throw tuneFailure('gateway_timeout');
    };
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network);
    const windows = network.queries.slice(1).map(({ fromTime, toTime }) => [fromTime, toTime]);
    expect(windows).toEqual([
      ['2026-11-17 00:00:00', '2026-11-21 23:59:59'],
      ['2026-11-22 00:00:00', '2026-11-26 23:59:59'],
    ]);
    expect(await runOf(db, runId)).toMatchObject({ pulled: true });
    expect(await logOf(db, integration)).toContain('window_split');
  });

  test('no budget for a call is no failure: the run waits, however often', async () => {
    network.before = () => {
      throw tuneFailure('budget_unavailable', 'retry-later');
    };
    const runId = await addRun(db, integration);
    for (let times = 0; times < 5; times++) {
      await pull(db, integration.networkId, network);
      await sql`UPDATE sync_slices SET not_before = NULL WHERE run_id = ${runId}`.execute(db);
    }
    expect(await runOf(db, runId)).toMatchObject({ status: 'running', code: null });
    expect(await logOf(db, integration)).toEqual(['run_started']);
  });
});
