import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreStartError } from './embedded-store-error.js';

const ATTEMPTS_MAX = 10;
const PAUSE_MS = 300;

/** A loopback port that is free now; somebody may take it before it is used. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Starts something on a free port, or on the given one, and tries again when what kept it from starting will pass. */
export async function onFreePort<Started>(
  given: number | undefined,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(given ?? (await freePort()));
    } catch (error) {
      if (!(error instanceof StoreStartError) || !error.passing || attempt >= ATTEMPTS_MAX) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
