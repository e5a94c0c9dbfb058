import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, startEmbeddedRedis, type EmbeddedStore } from '@trackly-tune/embedded-stores';
import { emptyRedis, endConnections, until } from '@trackly-tune/testing';

const START_LIMIT_MS = 90_000;

/** A store that a test may break as it likes; its URL stays the same. */
export interface OwnStore {
  readonly url: string;
  stop(): Promise<void>;
  /** Without a word of warning: SIGKILL. */
  kill(): Promise<void>;
  /** Again on the same data and port. */
  start(): Promise<void>;
}

export interface OwnStores {
  readonly postgres: OwnStore & { endConnections(): Promise<number> };
  readonly redis: OwnStore & { empty(): Promise<void> };
  close(): Promise<void>;
}

function ownStore(first: EmbeddedStore, startAgain: (port: number) => Promise<EmbeddedStore>): OwnStore {
  let store: EmbeddedStore | null = first;
  return {
    url: first.url,
    async stop() {
      await store?.stop();
      store = null;
    },
    async kill() {
      if (store === null) return;
      process.kill(store.pid, 'SIGKILL');
      await store.ended;
      store = null;
    },
    async start() {
      // What a killed server left behind may hold its memory for a moment.
      store ??= await until('the store has started again', START_LIMIT_MS, () => startAgain(first.port));
    },
  };
}

/** Durable PostgreSQL and Redis of its own, on data of its own; either may begin stopped. */
export async function openOwnStores(): Promise<OwnStores> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-crash-'));
  const [firstPostgres, firstRedis] = [await startEmbeddedPostgres({ dataDir }), await startEmbeddedRedis({ dataDir })];
  const postgres = ownStore(firstPostgres, (port) => startEmbeddedPostgres({ dataDir, port }));
  const redis = ownStore(firstRedis, (port) => startEmbeddedRedis({ dataDir, port }));
  return {
    postgres: { ...postgres, endConnections: () => endConnections(postgres.url) },
    redis: { ...redis, empty: () => emptyRedis(redis.url) },
    async close() {
      await redis.stop();
      await postgres.stop();
      // Lets the last of its processes go before its folder does.
      await sleep(0);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
