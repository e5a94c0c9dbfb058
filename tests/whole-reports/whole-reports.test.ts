import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmptyDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';
import {
  startTuneSimulator,
  type FaultKind,
  type NewConversion,
  type TuneSimulator,
} from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { connectNetwork, type ConnectedNetwork } from '../system/connect-network.js';
import { dayAgo, type NetworkPlan } from '../system/networks.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { endOfRun, pull, type SyncRun } from '../system/sync-runs.js';

/** Networks whose lists are less than they say, over HTTP, against every service as a process of its own. */
const TOKEN = 'NETofHalfTruths';
const plan = (id: string): NetworkPlan => ({
  spec: { id, token: TOKEN, timeZone: 'America/New_York', rateLimit: null },
  affiliateId: '1002',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
});
const PLANS = ['short', 'again', 'null', 'catalogue', 'unreadable', 'cut', 'good'].map(plan);

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;
const connected = new Map<string, ConnectedNetwork>();
/** Runs that are under way beside each other, since each waits between its readings. */
let under: ReturnType<typeof startAll>;

beforeAll(async () => {
  database = await createEmptyDatabase();
  simulator = await startTuneSimulator({ networks: PLANS.map(({ spec }) => spec) });
  const store = testRedis();
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: store.url, queuePrefix: store.prefix },
    ...{
      tuneApiUrl: simulator.apiUrl,
      env: {
        PULL_PAGE_ROWS_MAX: '2',
        OFFER_PAGE_MAX: '2',
        RETRY_AFTER_MS: '200',
        DIRECT_AFTER_MS: '500',
        TUNE_RATE_LIMIT: '100/2',
      },
    },
  });
  await services.ready();
  for (const one of PLANS) {
    const network = await connectNetwork(services.api, one, 3);
    // What the integration pulls by itself when it is created is over before the first row is planted.
    await pull(services.api, network.id);
    connected.set(one.spec.id, network);
  }
  expect(await sync('catalogue', 'offer-syncs')).toMatchObject({ status: 'succeeded', counts: { fetched: 4 } });
  under = startAll();
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
}, 60_000);

function of(id: string): ConnectedNetwork {
  const found = connected.get(id);
  if (found === undefined) throw new Error(`No network ${id}`);
  return found;
}

function plant(id: string, count: number, conversion: Partial<NewConversion> = {}): void {
  for (let n = 0; n < count; n++) {
    const datetime = `${dayAgo(2)} 10:00:${String(n).padStart(2, '0')}`;
    simulator.network(id).addConversion({ datetime, offerId: '11', payout: '10.00000', ...conversion });
  }
}

async function sync(id: string, what: 'conversion-syncs' | 'offer-syncs'): Promise<SyncRun> {
  const run = await services.api.insist<SyncRun>('POST', `/v1/integrations/${of(id).id}/${what}`, {});
  return endOfRun(services.api, run);
}

const fault = (kind: FaultKind, network: string, method: string, options: { skip: number; times: number }): void =>
  simulator.faults.next(kind, { network, method, ...options });

interface Schedule {
  readonly covered_through: string | null;
  readonly last_succeeded_at: string | null;
}

async function scheduleOf(id: string): Promise<Schedule> {
  const shown = await services.api.get<{ schedules: { conversions: Schedule } }>(`/v1/integrations/${of(id).id}`);
  return shown.schedules.conversions;
}

type Started = Promise<{ readonly run: SyncRun; readonly before: Schedule }>;

async function start(id: string, what?: Parameters<typeof sync>[1]): Started {
  const before = await scheduleOf(id);
  return { before, run: await sync(id, what ?? 'conversion-syncs') };
}

function startAll() {
  plant('short', 6);
  plant('again', 6);
  plant('null', 4);
  plant('good', 5);
  for (let reading = 0; reading < 3; reading++) {
    // The second page of each of three readings: a call that meets a fault is none that another one lets pass.
    fault('short_page', 'short', 'Report::getConversions', { skip: reading + 1, times: 1 });
    fault('short_page', 'catalogue', 'Offer::findAll', { skip: reading + 1, times: 1 });
  }
  fault('data_null', 'null', 'Report::getConversions', { skip: 0, times: 1 });
  simulator.faults.next('data_null', { network: 'null', method: 'Report::getConversions', skip: 1, whole: true });
  simulator.faults.set({ network: 'again', rate: 1, kinds: ['repeated_page'], page: 1 });
  return {
    short: start('short'),
    again: start('again'),
    null: start('null'),
    good: start('good'),
    catalogue: start('catalogue', 'offer-syncs'),
  };
}

interface Line {
  readonly level: string;
  readonly code: string;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

async function logOf(id: string, run: SyncRun): Promise<Line[]> {
  const { data } = await services.api.get<{ data: Line[] }>(
    `/v1/integrations/${of(id).id}/logs?run_id=${run.id}&limit=1000`,
  );
  return data;
}

interface Rejected {
  readonly run_id: string;
  readonly external_id: string | null;
  readonly reason: string;
  readonly field: string;
  readonly value: string | null;
  readonly row: Readonly<Record<string, string | null>>;
}

async function rejectedOf(id: string, query: string): Promise<Rejected[]> {
  return (await services.api.get<{ data: Rejected[] }>(`/v1/integrations/${of(id).id}/rejected-rows?${query}`)).data;
}

const inBooks = async (id: string): Promise<string[]> =>
  differencesOf(services.api, of(id), simulator.network(id).books({ affiliateId: '1002' }));

describe('a report that is not whole', () => {
  test('fails its run, covers nothing, keeps what came, and is whole again as soon as the network is', async () => {
    const { run: failed, before } = await under.short;
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'report_incomplete' }, counts: { inserted: 2 } });
    expect(failed.error?.message).toContain('2 of 6 came');
    expect(await scheduleOf('short')).toMatchObject({ covered_through: before.covered_through });
    const lines = (await logOf('short', failed)).filter(({ code }) => code === 'report_incomplete');
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'error']);
    for (const { context } of lines) expect(context).toMatchObject({ promised: 6, came: 2, page: 2 });
    await pull(services.api, of('short').id);
    expect(await inBooks('short')).toEqual([]);
    expect((await scheduleOf('short')).covered_through).not.toBe(before.covered_through);
  }, 120_000);

  test('by the same page for ever fails its run as well, and is no matter for a network beside it', async () => {
    expect((await under.good).run).toMatchObject({ status: 'succeeded', counts: { fetched: 5 } });
    const { run } = await under.again;
    expect(run).toMatchObject({ status: 'failed', error: { code: 'report_incomplete' } });
    expect(run.counts['api_calls']).toBe(6);
  }, 120_000);

  test('by an answer that holds nothing is read again, and the run succeeds', async () => {
    const { run } = await under.null;
    expect(run).toMatchObject({ status: 'succeeded', counts: { fetched: 4, inserted: 4, unchanged: 0 } });
    expect(await inBooks('null')).toEqual([]);
  }, 120_000);

  test.each(['text', 'without_pages', 'number'] as const)(
    'is not thought of one whose server cuts the limit and writes its count in another way: %s',
    async (countStyle) => {
      simulator.network('cut').configure({ maxLimit: 1, countStyle, countless: countStyle === 'number' });
      plant('cut', 3);
      expect(await sync('cut', 'conversion-syncs')).toMatchObject({ status: 'succeeded' });
      expect(await inBooks('cut')).toEqual([]);
      expect(await sync('cut', 'offer-syncs')).toMatchObject({ status: 'succeeded', counts: { fetched: 4 } });
    },
    120_000,
  );
});

test('a catalogue that is not whole fails its run, and no offer is taken for missing', async () => {
  expect((await under.catalogue).run).toMatchObject({ status: 'failed', error: { code: 'report_incomplete' } });
  const { data } = await services.api.get<{ data: { external_id: string }[] }>(
    `/v1/integrations/${of('catalogue').id}/available-offers`,
  );
  expect(data).toHaveLength(4);
}, 120_000);

test('a run that could read none of its rows fails and covers its window; one that could read some says so', async () => {
  const token = `see NetworkToken=${TOKEN}`;
  plant('unreadable', 3, { raw: { 'Stat.payout': 'ten' }, unreadable: true, subIds: { source: token } });
  const before = await scheduleOf('unreadable');
  const first = await sync('unreadable', 'conversion-syncs');
  expect(first).toMatchObject({
    status: 'failed',
    error: { code: 'rows_unreadable' },
    counts: { fetched: 3, rejected: 3, inserted: 0 },
  });
  const after = await scheduleOf('unreadable');
  expect(after.covered_through).not.toBe(before.covered_through);
  expect(after.last_succeeded_at).toBe(before.last_succeeded_at);
  const rows = await rejectedOf('unreadable', `run_id=${first.id}`);
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    expect(row).toMatchObject({ run_id: first.id, reason: 'payout_unreadable', field: 'Stat.payout', value: 'ten' });
    expect(row.row).toMatchObject({ 'Stat.payout': 'ten', 'Stat.tune_event_id': row.external_id });
    expect(JSON.stringify(row)).not.toContain(TOKEN);
  }

  plant('unreadable', 2);
  const second = await sync('unreadable', 'conversion-syncs');
  expect(second).toMatchObject({ status: 'succeeded', counts: { fetched: 5, rejected: 3, inserted: 2 } });
  expect((await rejectedOf('unreadable', `run_id=${second.id}`)).map(({ run_id }) => run_id)).toEqual(
    rows.map(() => second.id),
  );
  expect(await rejectedOf('unreadable', 'reason=status_unknown')).toEqual([]);
  const lines = await logOf('unreadable', second);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      code: 'rows_rejected',
      context: { fetched: 5, rejected: 3, reasons: { payout_unreadable: 3 } },
    }),
  );
  const success = lines.find(({ code }) => code === 'run_succeeded')?.message ?? '';
  expect(success).toContain('2 of 5 rows read');
  expect(success).not.toContain('all attributed');
}, 120_000);
