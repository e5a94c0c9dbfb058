// The API for one benchmark: postbacks are read, judged and answered as ever, and kept nowhere.
import { openDatabase } from '@trackly-tune/database';
import { createKeyRing, createReadiness, runService, systemClock } from '@trackly-tune/service-runtime';
import { config, publicUrlOf } from '../../services/api/src/config.js';
import { createApp } from '../../services/api/src/create-app.js';
import { createHttpMetrics } from '../../services/api/src/http/http-metrics.js';
import { createOfferDirectory } from '../../services/api/src/resources/postbacks/intake/offer-directory.js';
import { createRefusalCounts } from '../../services/api/src/resources/postbacks/intake/refusal-counts.js';
import { openPostbackDesk } from '../../services/api/src/resources/postbacks/intake/take-postback.js';

const nowMs = (): number => Date.now();
const notHere = (): never => {
  throw new Error('Only postbacks are sent here');
};

await runService({
  name: 'api-without-store',
  config,
  async start({ config: settings, logger, metrics, stack, signal }) {
    const { db, close } = openDatabase({ databaseUrl: settings.DATABASE_URL, name: 'api-without-store' });
    stack.defer('database', close);
    const directory = createOfferDirectory(db, nowMs);
    const counts = createRefusalCounts(db, nowMs, logger);
    stack.defer('refusal counts', () => counts.close());
    const desk = openPostbackDesk({
      store: async (deliveries) => deliveries.map(() => true),
      directory,
      counts,
      onStored: () => undefined,
    });
    const app = await createApp({
      parts: {
        db,
        queues: { wake: notHere, ping: notHere, boardQueues: notHere },
        tune: { open: notHere, close: () => Promise.resolve() },
        keyRing: createKeyRing(settings.ENCRYPTION_KEYS),
        clock: systemClock,
        publicUrl: publicUrlOf(settings),
        logger,
      },
      apiKeys: settings.API_KEYS,
      http: createHttpMetrics(metrics, settings.TRUST_PROXY),
      isStoreReady: () => true,
      intake: { desk, forgetOffer: directory.forget, close: () => Promise.resolve() },
      takesPostbacks: true,
      measurements: { readiness: createReadiness({}, { signal }), metrics },
    });
    stack.defer('HTTP server', () => app.close());
    await app.listen({ host: settings.HOST, port: settings.PORT });
  },
});
