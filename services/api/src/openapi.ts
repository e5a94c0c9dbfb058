import type { Database } from '@trackly-tune/database';
import {
  createKeyRing,
  createLogger,
  createMetrics,
  createReadiness,
  systemClock,
} from '@trackly-tune/service-runtime';
import { createApp } from './create-app.js';

const never = (): never => {
  throw new Error('Nothing is called while the documents are made');
};

/**
 * The OpenAPI document, made from the routes alone: no store is opened, nothing listens. The same at each call, for the
 * committed `docs/reference/openapi.json`.
 */
export async function buildOpenApi(): Promise<object> {
  const publicUrl = 'http://127.0.0.1:3000';
  const app = await createApp({
    parts: {
      db: new Proxy<Partial<Database>>({}, { get: never }) as Database,
      queues: { signal: never, ping: never, boardQueues: never },
      tune: { open: never, close: never },
      keyRing: createKeyRing([{ id: 'none', key: Buffer.alloc(32) }]),
      clock: systemClock,
      logger: createLogger({ service: 'api', level: 'silent' }),
      publicUrl,
    },
    apiKeys: [],
    readiness: createReadiness({}),
    metrics: createMetrics('api'),
    isStoreReady: () => false,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
