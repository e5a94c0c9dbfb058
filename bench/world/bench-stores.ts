import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrateToLatest } from '@trackly-tune/database';
import { startEmbeddedPostgres, startEmbeddedRedis } from '@trackly-tune/embedded-stores';
import pg from 'pg';

export interface BenchStores {
  readonly redisUrl: string;
  /** A folder of this run, gone afterwards. */
  readonly folder: string;
  readonly description: string;
  /** A migrated database of its own, dropped at the end. */
  createDatabase(): Promise<{ name: string; url: string }>;
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The stores of one run: those that BENCH_DATABASE_URL and BENCH_REDIS_URL name, else embedded ones with fsync on. */
export async function openBenchStores(env: NodeJS.ProcessEnv): Promise<BenchStores> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-bench-'));
  const closers: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    let [serverUrl, redisUrl] = [env.BENCH_DATABASE_URL, env.BENCH_REDIS_URL];
    const used = [serverUrl ? 'given PostgreSQL' : 'embedded PostgreSQL', redisUrl ? 'given Redis' : 'embedded Redis'];
    if (!serverUrl) {
      const postgres = await startEmbeddedPostgres({ dataDir: folder });
      closers.push(() => postgres.stop());
      serverUrl = postgres.url;
    }
    if (!redisUrl) {
      const redis = await startEmbeddedRedis({ dataDir: folder });
      closers.push(() => redis.stop());
      redisUrl = redis.url;
    }
    const server = serverUrl;
    const dropDatabase = (name: string): Promise<void> =>
      onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    const made: string[] = [];
    closers.push(async () => void (await Promise.all(made.map(dropDatabase))));
    return {
      redisUrl,
      folder,
      description: used.join(', '),
      async createDatabase() {
        const name = `trackly_bench_${randomBytes(6).toString('hex')}`;
        await onServer(server, `CREATE DATABASE ${name}`);
        made.push(name);
        const url = new URL(server);
        url.pathname = `/${name}`;
        await migrateToLatest({ databaseUrl: url.href });
        return { name, url: url.href };
      },
      dropDatabase,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
