import { openDatabase, type Database } from '@trackly-tune/database';
import { createQueues, type Queues } from '@trackly-tune/queues';
import {
  createKeyRing,
  createLogger,
  createMetrics,
  createReadiness,
  systemClock,
  type Logger,
} from '@trackly-tune/service-runtime';
import { createTestDatabase, testRedis } from '@trackly-tune/testing';
import type { FastifyInstance } from 'fastify';
import { reachable } from '../../../packages/queues/test/queue-world.js';
import { createApp, type AppOptions } from '../src/create-app.js';
import { wakeThrough } from '../src/create-ports.js';
import { createHttpMetrics } from '../src/http/http-metrics.js';
import { openPostbackIntake, type PostbackIntake } from '../src/resources/postbacks/intake/open-postback-intake.js';

export const KEYS = {
  all: 'key-of-everything-1',
  acme: 'key-of-acme-00000001',
  other: 'key-of-other-0000001',
  /** Reads every account. */
  auditor: 'key-of-auditor-00001',
  acmeReader: 'key-of-acme-reader-1',
} as const;

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface CallOptions {
  readonly key?: keyof typeof KEYS | null;
  readonly payload?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiWorld {
  readonly app: FastifyInstance;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly queues: Queues;
  readonly intake: PostbackIntake;
  /** Whole lines of the log, as they were written. */
  readonly lines: string[];
  setStoreReady(ready: boolean): void;
  call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT', url: string, options?: CallOptions): Promise<Reply>;
  close(): Promise<void>;
}

/** What stands around the routes of an API on these stores, all on one server. */
export function frameOf(stores: {
  db: Database;
  queues: Pick<Queues, 'wake' | 'ping'>;
  logger: Logger;
}): Pick<AppOptions, 'http' | 'intake' | 'takesPostbacks' | 'measurements'> {
  const { db, queues, logger } = stores;
  const metrics = createMetrics('api');
  return {
    http: createHttpMetrics(metrics, undefined),
    intake: openPostbackIntake({
      db,
      wake: wakeThrough(queues, logger),
      nowMs: () => Date.now(),
      logger,
    }),
    takesPostbacks: true,
    measurements: { readiness: createReadiness({}, { helpful: { redis: () => queues.ping() } }), metrics },
  };
}

/**
 * The whole API on a database and a Redis prefix of its own; TUNE is out of reach. Another `databaseUrl` stands for a
 * PostgreSQL that is away.
 */
export async function startApiWorld(options: { databaseUrl?: string } = {}): Promise<ApiWorld> {
  const database = await createTestDatabase();
  const redis = testRedis();
  const lines: string[] = [];
  const logger = createLogger({
    service: 'api',
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const { db, close } = openDatabase({ databaseUrl: options.databaseUrl ?? database.url, name: 'api-test' });
  const queues = createQueues({ redisUrl: redis.url, prefix: redis.prefix, logger });
  await reachable(queues);
  const frame = frameOf({ db, queues, logger });
  let ready = true;
  const app = await createApp({
    parts: {
      db,
      queues,
      logger,
      keyRing: createKeyRing([{ id: 'test', key: Buffer.alloc(32, 1) }]),
      clock: systemClock,
      tune: {
        open() {
          throw new Error('This test calls no network');
        },
        close: () => Promise.resolve(),
      },
      publicUrl: 'http://127.0.0.1:3000',
      windowDaysMax: 370,
    },
    apiKeys: [
      { name: 'all', key: KEYS.all, accountId: null, role: 'full' },
      { name: 'acme', key: KEYS.acme, accountId: 'acme', role: 'full' },
      { name: 'other', key: KEYS.other, accountId: 'other', role: 'full' },
      { name: 'auditor', key: KEYS.auditor, accountId: null, role: 'read' },
      { name: 'acme-reader', key: KEYS.acmeReader, accountId: 'acme', role: 'read' },
    ],
    ...frame,
    isStoreReady: () => ready,
  });
  return {
    app,
    db,
    databaseUrl: database.url,
    queues,
    lines,
    intake: frame.intake,
    setStoreReady(value) {
      ready = value;
    },
    async call(method, url, { key = 'all', payload, headers = {} } = {}) {
      const response = await app.inject({
        method,
        url,
        headers: { ...(key === null ? {} : { 'x-api-key': KEYS[key] }), ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      const text = response.body;
      const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text };
      return { status: response.statusCode, body, headers: response.headers };
    },
    async close() {
      await app.close();
      await frame.intake.close();
      await queues.close();
      await close();
      await database.drop();
    },
  };
}
