import type { Database } from '@trackly-tune/database';
import {
  createKeyRing,
  createLogger,
  createMetrics,
  createReadiness,
  systemClock,
} from '@trackly-tune/service-runtime';
import { createApp } from './create-app.js';
import { createHttpMetrics } from './http/http-metrics.js';

const never = (): never => {
  throw new Error('Nothing is called while the documents are made');
};

/**
 * The OpenAPI document, made from the routes alone: no store is opened, nothing listens. The same at each call, for the
 * committed `docs/reference/openapi.json`.
 */
export async function buildOpenApi(): Promise<object> {
  const publicUrl = 'http://127.0.0.1:3000';
  const metrics = createMetrics('api');
  const app = await createApp({
    parts: {
      db: new Proxy<Partial<Database>>({}, { get: never }) as Database,
      queues: { wake: never, ping: never, boardQueues: never },
      tune: { open: never, close: never },
      keyRing: createKeyRing([{ id: 'none', key: Buffer.alloc(32) }]),
      clock: systemClock,
      windowDaysMax: 370,
      logger: createLogger({ service: 'api', level: 'silent' }),
      publicUrl,
    },
    apiKeys: [],
    http: createHttpMetrics(metrics, undefined),
    intake: { desk: { take: never, countUnread: never }, forgetOffer: never, close: never },
    takesPostbacks: true,
    measurements: { readiness: createReadiness({}), metrics },
    isStoreReady: () => false,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
