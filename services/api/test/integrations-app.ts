import { openDatabase, type Database } from '@trackly-tune/database';
import { createKeyRing, createLogger, systemClock, type KeyRing } from '@trackly-tune/service-runtime';
import { createTestDatabase } from '@trackly-tune/testing';
import type { TuneClients } from '@trackly-tune/tune-client';
import type { InjectOptions } from 'fastify';
import { createApp } from '../src/create-app.js';
import { frameOf } from './api-world.js';

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface IntegrationsApp {
  readonly db: Database;
  readonly keyRing: KeyRing;
  /** Signals sent so far: the job and its payload. */
  readonly signals: string[];
  /** Everything that the service logged. */
  readonly logged: string[];
  /** `account`: the one that the API key is bound to; one of ACCOUNTS. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    options?: { account?: string; idempotencyKey?: string },
  ): Promise<Reply>;
  close(): Promise<void>;
}

const ACCOUNTS = ['acc', 'other', 'listed'];
const keyOf = (account: string | undefined): string => `key-of-${account ?? 'everybody'}-0123456789`;

/** The API on a database of its own; the queue only notes what it is told. */
export async function startIntegrationsApp(options: { tune: TuneClients }): Promise<IntegrationsApp> {
  const database = await createTestDatabase();
  const { db, close } = openDatabase({ databaseUrl: database.url, name: 'integrations-app-test' });
  const keyRing = createKeyRing([{ id: 'test', key: Buffer.alloc(32, 1) }]);
  const signals: string[] = [];
  const logged: string[] = [];
  const logger = createLogger({
    service: 'api',
    level: 'trace',
    destination: { write: (line) => void logged.push(line) },
  });
  const queues = {
    wake: async (job: string, payload: unknown) => void signals.push(`${job} ${JSON.stringify(payload)}`),
    ping: () => Promise.resolve(),
    boardQueues: () => [],
  };
  const app = await createApp({
    parts: {
      db,
      keyRing,
      clock: systemClock,
      tune: options.tune,
      publicUrl: 'http://localhost:3000',
      windowDaysMax: 370,
      logger,
      queues,
    },
    apiKeys: [
      { name: 'everybody', key: keyOf(undefined), accountId: null, role: 'full' },
      ...ACCOUNTS.map((account) => ({ name: account, key: keyOf(account), accountId: account, role: 'full' as const })),
    ],
    ...frameOf({ db, queues, logger }),
    isStoreReady: () => true,
  });
  return {
    db,
    keyRing,
    signals,
    logged,
    async call(method, url, payload, { account, idempotencyKey } = {}) {
      const request: InjectOptions = {
        method,
        url,
        headers: {
          'x-api-key': keyOf(account),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(payload === undefined ? {} : { payload }),
      };
      const response = await app.inject(request);
      const text = response.body;
      return { status: response.statusCode, text, body: text === '' ? {} : response.json<Record<string, unknown>>() };
    },
    async close() {
      await app.close();
      await close();
      await database.drop();
    },
  };
}
