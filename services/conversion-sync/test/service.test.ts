import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toPublicId } from '@trackly-tune/domain';
import { sql } from 'kysely';
import type { Database } from '@trackly-tune/database';
import { createQueues, type Queues } from '@trackly-tune/queues';
import {
  createKeyRing,
  createLogger,
  createMetrics,
  parseEnvironment,
  ResourceStack,
  tokenContext,
} from '@trackly-tune/service-runtime';
import { testRedis, until } from '@trackly-tune/testing';
import { Redis } from 'ioredis';
import { conversionSyncConfig } from '../src/config.js';
import { startConversionSync } from '../src/service.js';
import { addDueIntegration, addRun, createPullWorld, runOf, type Integration, type PullWorld } from './pull-world.js';
import { reportRow, ScriptedNetwork, tuneFailure } from './scripted-network.js';

const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const logger = createLogger({ service: 'test', level: 'silent' });

let world: PullWorld;
let db: Database;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await createPullWorld();
  db = world.db;
});
afterAll(() => world.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await sql`UPDATE sync_schedules SET enabled = false`.execute(db);
  await sql`UPDATE sync_runs SET status = 'cancelled', finished_at = clock_timestamp() WHERE status IN ('queued', 'running')`.execute(
    db,
  );
});

/** The service in this process, with one scripted network for every network id. */
async function start(network: (networkId: string) => ScriptedNetwork, env: Record<string, string> = {}) {
  const redis = testRedis();
  const config = parseEnvironment(conversionSyncConfig, {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    ENCRYPTION_KEYS,
    DIRECT_AFTER_MS: '500',
    ...env,
  });
  const stopping = new AbortController();
  const unclosed: string[] = [];
  const stack = new ResourceStack((name) => void unclosed.push(name));
  const tokens: string[] = [];
  const started = startConversionSync(
    { config, logger, metrics: createMetrics('conversion-sync'), stack, signal: stopping.signal },
    {
      pid: 1,
      openTune: () => ({
        open({ networkId, networkToken }) {
          tokens.push(networkToken);
          return network(networkId).open();
        },
        close: async () => undefined,
      }),
    },
  );
  const stop = async () => {
    stopping.abort();
    await stack.close(5_000);
  };
  closing.push(stop);
  await started;
  return { redis, tokens, unclosed, stop };
}

/** An integration whose token this service can open. */
async function addSealed(options: { networkId?: string } = {}): Promise<Integration> {
  const integration = await addDueIntegration(db, options);
  const keyRing = createKeyRing([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
  await sql`UPDATE integrations SET network_token_sealed = ${keyRing.seal('the-token', tokenContext(integration.id))}
    WHERE id = ${integration.id}`.execute(db);
  return integration;
}

async function switchOff({ id }: Integration): Promise<void> {
  await sql`UPDATE sync_schedules SET enabled = false WHERE integration_id = ${id}`.execute(db);
}

function openQueues(redis: { url: string; prefix: string }): Queues {
  const queues = createQueues({ redisUrl: redis.url, prefix: redis.prefix, logger });
  closing.push(() => queues.close());
  return queues;
}

async function isPulled({ id }: Integration): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM sync_runs WHERE integration_id = ${id} AND pulled_at IS NOT NULL`.execute(
    db,
  );
  return rows.length > 0;
}

describe('conversion-sync as a process', () => {
  test('a schedule that is due is found and pulled without any job, with the token unsealed for the call', async () => {
    const integration = await addSealed();
    const network = new ScriptedNetwork();
    network.rows = [reportRow(1)];
    const { tokens } = await start(() => network);
    await until(() => isPulled(integration));
    expect(tokens).toEqual(['the-token']);
  });

  test('twenty networks that hang do not delay the twenty-first', async () => {
    const hanging = new ScriptedNetwork();
    hanging.before = (query) =>
      new Promise((_resolve, reject) => {
        query.signal?.addEventListener('abort', () => reject(tuneFailure('aborted')), { once: true });
      });
    const fine = new ScriptedNetwork();
    fine.rows = [reportRow(1)];
    for (let n = 0; n < 20; n++) {
      const one = await addSealed({ networkId: `hanging-${n}` });
      await switchOff(one);
      await addRun(db, one);
    }
    const { stop, unclosed } = await start((networkId) => (networkId.startsWith('hanging') ? hanging : fine));
    await until(() => hanging.queries.length === 20);
    const last = await addSealed();
    await until(() => isPulled(last));
    // And the twenty end with the service, within its budget.
    await stop();
    expect(unclosed).toEqual([]);
    const { rows } = await sql`SELECT 1 FROM network_leases WHERE expires_at > clock_timestamp()`.execute(db);
    expect(rows).toEqual([]);
  });

  test('work whose jobs never come is done all the same', async () => {
    const integration = await addSealed();
    await switchOff(integration);
    const runId = await addRun(db, integration);
    const network = new ScriptedNetwork();
    network.rows = [reportRow(1)];
    await start(() => network, { REDIS_URL: 'redis://127.0.0.1:1' });
    await until(() => isPulled(integration));
    expect(await runOf(db, runId)).toMatchObject({ pulled: true, inserted: 1 });
  });

  test('a token that another key sealed fails the run with its code and asks TUNE nothing', async () => {
    const integration = await addDueIntegration(db, { sealed: 'v1.k9.AAAA.BBBB' });
    const network = new ScriptedNetwork();
    await start(() => network);
    const failed = async () => {
      const { rows } = await sql<{ code: string }>`
        SELECT error_code AS code FROM sync_runs WHERE integration_id = ${integration.id} AND status = 'failed'`.execute(
        db,
      );
      return rows[0]?.code;
    };
    await until(async () => (await failed()) !== undefined);
    expect(await failed()).toBe('unknown_encryption_key');
    expect(network.queries).toEqual([]);
  });

  test('every enabled schedule has its tick in the queue at its own offset; those of the gone are removed', async () => {
    const [kept, deleted] = [await addSealed(), await addSealed()];
    const network = new ScriptedNetwork();
    const first = await start(() => network);
    const queues = openQueues(first.redis);
    const ids = async () => (await queues.listSchedules('conversion-sync').catch(() => [])).map(({ id }) => id).sort();
    await until(async () => (await ids()).length === 2);
    await first.stop();
    await sql`UPDATE integrations SET deleted_at = clock_timestamp() WHERE id = ${deleted.id}`.execute(db);
    await start(() => network, { QUEUE_PREFIX: first.redis.prefix });
    await until(async () => (await ids()).length === 1);
    expect(await ids()).toEqual([`scheduled-pull-${toPublicId('integration', kept.id)}`]);
  });

  test('a tick of the queue starts the run of its integration, once', async () => {
    const integration = await addSealed();
    const network = new ScriptedNetwork();
    network.rows = [reportRow(1)];
    const { redis } = await start(() => network);
    const queues = openQueues(redis);
    await until(() =>
      queues.send('scheduled-pull', { integrationId: toPublicId('integration', integration.id) }).then(
        () => true,
        () => false,
      ),
    );
    await queues.send('scheduled-pull', { integrationId: toPublicId('integration', integration.id) });
    await until(() => isPulled(integration));
    const { rows } = await sql`SELECT 1 FROM sync_runs WHERE integration_id = ${integration.id}`.execute(db);
    expect(rows).toHaveLength(1);
  });

  test('a Redis that was emptied loses no work', async () => {
    const network = new ScriptedNetwork();
    network.rows = [reportRow(1)];
    const { redis } = await start(() => network);
    const client = new Redis(redis.url);
    const keys = await client.keys(`${redis.prefix}:*`);
    if (keys.length > 0) await client.del(keys);
    client.disconnect();
    const integration = await addSealed();
    await until(() => isPulled(integration));
  });
});
