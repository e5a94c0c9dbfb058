import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedStore } from '@trackly-tune/embedded-stores';
import { restartDelayMs } from './restart-delay.js';

export interface KeptStore {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an embedded store and, should its process die, starts it again on the same data and port, so that its URL
 * holds as long as this process. Rejects when the first start fails.
 */
export async function keepStore(options: {
  name: string;
  say: (line: string) => void;
  start: (port?: number) => Promise<EmbeddedStore>;
}): Promise<KeptStore> {
  const { name, say, start } = options;
  const first = await start();
  const { url, port, kind } = first;
  let store: EmbeddedStore | null = first;
  const stopping = new AbortController();
  say(`store=${name} pid=${first.pid} port=${port} from=${kind}`);

  async function keep(): Promise<void> {
    for (let delayMs = 0, startedAt = performance.now(); ;) {
      const last = store === null ? '' : await store.ended;
      store = null;
      if (stopping.signal.aborted) return;
      delayMs = restartDelayMs(delayMs, performance.now() - startedAt);
      say(`store ${name} died; it is started again in ${delayMs / 1000} s. It said: ${last.slice(-300) || 'nothing'}`);
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      startedAt = performance.now();
      try {
        store = await start(port);
        say(`store=${name} pid=${store.pid} port=${port} from=${kind}`);
      } catch (error) {
        say(`store ${name} could not be started again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  const kept = keep();
  return {
    url,
    async stop() {
      stopping.abort();
      await store?.stop();
      await kept;
      // A start that was under way when the stop came.
      await store?.stop();
    },
  };
}
