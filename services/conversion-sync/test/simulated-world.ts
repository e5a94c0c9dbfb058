import { openDatabase, type Database, type DueSlice } from '@trackly-tune/database';
import { addDays, dayOf } from '@trackly-tune/domain';
import { testRedis } from '@trackly-tune/testing';
import { createRateBudget, createTuneClients, type BudgetLane, type TuneClient } from '@trackly-tune/tune-client';
import { startTuneSimulator, type SimulatedNetwork, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { NetworkOutcome } from '@trackly-tune/sync-engine';
import { pullOnce, type PullOptions } from './pull-once.js';
import { addDueIntegration, createPullWorld, type Integration } from './pull-world.js';

export const ZONE = 'America/New_York';
export const TODAY = dayOf(new Date(), ZONE);
/** The day of the network that is `age` days old. */
export const ago = (age: number): string => addDays(TODAY, -age);

/** One question that was put to a network, in the order of asking. */
export interface Asked {
  readonly networkId: string;
  readonly kind: string;
  readonly lane: BudgetLane;
  readonly what: string;
}

export interface SimulatedWorld {
  readonly db: Database;
  readonly simulator: TuneSimulator;
  readonly asked: Asked[];
  /** Called before each question; may wait, throw or abort. */
  before: (asked: Asked) => Promise<void> | void;
  /** A network of its own with one integration of affiliate 3. */
  add(): Promise<{ network: SimulatedNetwork; integration: Integration }>;
  pull(networkId: string, changes?: Partial<PullOptions>): Promise<NetworkOutcome>;
  close(): Promise<void>;
}

const TOKEN = 'NETTokenOfTheSimulatedNetwork';
let networks = 0;

/** Simulated networks over HTTP, real stores, and the client as the service opens it. */
export async function startSimulatedWorld(): Promise<SimulatedWorld> {
  const world = await createPullWorld();
  const { db, close: closeDb } = openDatabase({ databaseUrl: world.databaseUrl, name: 'simulated-world' });
  const simulator = await startTuneSimulator({ networks: [] });
  const store = testRedis();
  const redis = new Redis(store.url);
  const budget = createRateBudget({
    redis,
    keyPrefix: store.prefix,
    limit: { calls: 5_000, windowMs: 1_000 },
    memory: { wasUsedBefore: async () => false, remember: async () => undefined },
  });
  const clients = createTuneClients({ apiUrl: simulator.apiUrl, budget });
  const asked: Asked[] = [];

  const self: SimulatedWorld = {
    db,
    simulator,
    asked,
    before: () => undefined,
    async add() {
      const id = `simulated-${++networks}`;
      const spec = { id, token: TOKEN, timeZone: ZONE, affiliates: [{ id: '3' }, { id: '4' }], rateLimit: null };
      const network = simulator.addNetwork(spec);
      const integration = await addDueIntegration(db, { networkId: id });
      // Only what a test makes due is due.
      await sql`UPDATE sync_schedules SET enabled = false WHERE integration_id = ${integration.id}`.execute(db);
      return { network, integration };
    },
    pull: (networkId, changes = {}) => pullOnce(db, networkId, { openClient, pageRowsMax: 5, ...changes }),
    async close() {
      await clients.close();
      redis.disconnect();
      await simulator.close();
      await closeDb();
      await world.close();
    },
  };

  function openClient(slice: DueSlice): TuneClient {
    const lane: BudgetLane = slice.priority > 0 ? 'background' : 'live';
    const client = clients.open({ networkId: slice.networkId, networkToken: TOKEN, lane });
    const note = async (what: string): Promise<void> => {
      const one = { networkId: slice.networkId, kind: slice.kind, lane, what };
      asked.push(one);
      await self.before(one);
    };
    return {
      ...client,
      async getConversions(query) {
        await note(`${query.fromTime.slice(0, 10)}/${query.page}`);
        return client.getConversions(query);
      },
      async findChangedConversions(query) {
        await note(`${query.kind} ${query.fromDay}..${query.toDay}`);
        return client.findChangedConversions(query);
      },
    };
  }
  return self;
}

/** Runs end up here: every page is stored. The rest is attribution's. */
export async function pulledOf(db: Database, runId: bigint) {
  const { rows } = await sql<{
    status: string;
    pulled: boolean;
    done: number;
    total: number | null;
    paused: boolean;
    window_from: string | null;
    window_to: string | null;
    hinted_through: string | null;
    ladder_through: string | null;
  }>`
    SELECT status, pulled_at IS NOT NULL AS pulled, progress_done AS done, progress_total AS total,
      paused_at IS NOT NULL AS paused, window_from, window_to, hinted_through, ladder_through
    FROM sync_runs WHERE id = ${runId}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('no such run');
  return row;
}

/** What is stored of an affiliate's conversions, as the network shows them. */
export async function storedOf(db: Database, { id }: Integration): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', tune_event_id, day, status, payout_e5, currency) AS line FROM conversions
    WHERE integration_id = ${id} ORDER BY tune_event_id COLLATE "C"`.execute(db);
  return rows.map((row) => row.line);
}

/** The same of the network's own books. */
export function shownBy(network: SimulatedNetwork, from = '0000-00-00', to = '9999-99-99'): string[] {
  return [...network.conversions({ affiliateId: '3' })]
    .filter(({ datetime }) => datetime.slice(0, 10) >= from && datetime.slice(0, 10) <= to)
    .map(({ tuneEventId, datetime, status, payout, currency }) =>
      [tuneEventId, datetime.slice(0, 10), status, BigInt(payout.replace('.', '')), currency].join(' '),
    )
    .sort();
}

/** Slices of a run as `day from-to done`, in the order of time. */
export async function slicesOf(db: Database, runId: bigint): Promise<{ from: string; to: string; done: boolean }[]> {
  const { rows } = await sql<{ from: string; to: string; done: boolean }>`
    SELECT window_from AS from, window_to AS to, done_at IS NOT NULL AS done FROM sync_slices
    WHERE run_id = ${runId} AND window_from IS NOT NULL ORDER BY window_from`.execute(db);
  return rows;
}
