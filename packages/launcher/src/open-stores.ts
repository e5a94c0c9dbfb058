import { startEmbeddedPostgres, startEmbeddedRedis } from '@trackly-tune/embedded-stores';
import { keepStore } from './keep-store.js';

export interface OpenStores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

/** The stores that were given, embedded ones in `dataDir` for those that were not. Throws EmbeddedStoreError. */
export async function openStores(options: {
  dataDir: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  say: (line: string) => void;
}): Promise<OpenStores> {
  const { dataDir, say } = options;
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    let { databaseUrl, redisUrl } = options;
    if (databaseUrl === undefined) {
      const start = (port?: number) =>
        startEmbeddedPostgres({ dataDir, onNote: say, ...(port === undefined ? {} : { port }) });
      const postgres = await keepStore({ name: 'postgres', say, start });
      closers.push(() => postgres.stop());
      databaseUrl = postgres.url;
    }
    if (redisUrl === undefined) {
      const start = (port?: number) =>
        startEmbeddedRedis({ dataDir, onNote: say, ...(port === undefined ? {} : { port }) });
      const redis = await keepStore({ name: 'redis', say, start });
      closers.push(() => redis.stop());
      redisUrl = redis.url;
    }
    return { databaseUrl, redisUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
