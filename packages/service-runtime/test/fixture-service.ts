/** A service that does nothing, for tests of the process around it. FIXTURE_MODE chooses what goes wrong. */
import { apiKeys, healthPort, logLevel, runService } from '@trackly-tune/service-runtime';
import { z } from 'zod';

const mode = process.env['FIXTURE_MODE'] ?? 'fine';

await runService({
  name: 'fixture',
  config: z.object({ LOG_LEVEL: logLevel, HEALTH_PORT: healthPort, API_KEYS: apiKeys }),
  stopBudgetMs: 4_000,
  async start({ logger, stack, signal }) {
    signal.addEventListener('abort', () => logger.info('readiness off'));
    const alive = setInterval(() => undefined, 1_000);
    stack.defer('database', () => {
      clearInterval(alive);
      logger.info('database closed');
    });
    stack.defer('worker', async () => {
      logger.info('worker closing');
      if (mode === 'hang') await new Promise(() => undefined);
    });
    if (mode === 'start-fails') throw Object.assign(new Error('no port'), { code: 'EADDRINUSE' });
    if (mode === 'crash') setTimeout(() => void Promise.reject(Object.assign(new Error('bug'), { code: 'a_bug' })), 10);
  },
});
