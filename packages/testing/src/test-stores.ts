import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrateToLatest } from '@trackly-tune/database';
import { startEmbeddedPostgres, startEmbeddedRedis } from '@trackly-tune/embedded-stores';
import { createDatabase } from './test-databases.js';

export interface TestStores {
  /** For the test runner: where the stores are, and the template that test databases are copied from. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: string;
  stop(): Promise<void>;
}

/** The stores of one test run: those that TEST_DATABASE_URL and TEST_REDIS_URL name, else embedded ones. */
export async function startTestStores(env: NodeJS.ProcessEnv): Promise<TestStores> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-test-'));
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    let databaseUrl = env.TEST_DATABASE_URL;
    let redisUrl = env.TEST_REDIS_URL;
    const used = [
      databaseUrl ? 'PostgreSQL given' : 'PostgreSQL embedded',
      redisUrl ? 'Redis given' : 'Redis embedded',
    ];
    if (!databaseUrl) {
      const postgres = await startEmbeddedPostgres({ dataDir: folder, durable: false });
      closers.push(() => postgres.stop());
      databaseUrl = postgres.url;
    }
    if (!redisUrl) {
      const redis = await startEmbeddedRedis({ dataDir: folder });
      closers.push(() => redis.stop());
      redisUrl = redis.url;
    }
    const template = await createDatabase(databaseUrl);
    closers.push(() => template.drop());
    await migrateToLatest({ databaseUrl: template.url });
    return {
      env: { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl, TEST_TEMPLATE_DATABASE: template.name },
      description: used.join(', '),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
