import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrateToLatest } from '@trackly-tune/database';
import { startEmbeddedPostgres, startEmbeddedRedis } from '@trackly-tune/embedded-stores';
import { findContainerStores, type ContainerStores } from './container-stores.js';
import { createDatabase } from './test-databases.js';

export interface TestStores {
  /** For the test runner: where the stores are, and the template that test databases are copied from. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: string;
  stop(): Promise<void>;
}

interface StartedStore {
  readonly url: string;
  stop(): Promise<void>;
}
type StartStore = () => Promise<StartedStore>;

/**
 * The stores of one test run: those that TEST_DATABASE_URL and TEST_REDIS_URL name, else containers where an engine
 * answers and has the images, else embedded ones. Never DATABASE_URL: what stands there may be somebody's books.
 */
export async function startTestStores(env: NodeJS.ProcessEnv): Promise<TestStores> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-test-'));
  const closers: (() => Promise<void>)[] = [];
  const used: string[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  };
  async function open(name: string, ways: readonly (readonly [where: string, start: StartStore])[]): Promise<string> {
    let reason = '';
    for (const [where, start] of ways) {
      try {
        const store = await start();
        closers.push(() => store.stop());
        used.push(`${name} ${where}${reason}`);
        return store.url;
      } catch (error) {
        if (start === ways.at(-1)?.[1]) throw error;
        reason = ` (${where} it did not start: ${error instanceof Error ? error.message : String(error)})`;
      }
    }
    throw new Error(`There is no way to start ${name}`);
  }
  try {
    const { TEST_DATABASE_URL: givenDatabase, TEST_REDIS_URL: givenRedis } = env;
    if (givenDatabase) used.push('PostgreSQL given');
    if (givenRedis) used.push('Redis given');
    const containers = givenDatabase && givenRedis ? 'not needed' : await findContainerStores();
    const embedded = `embedded${typeof containers === 'string' ? ` (${containers})` : ''}`;
    const inContainer = (start: keyof ContainerStores): [string, StartStore][] =>
      typeof containers === 'string' ? [] : [['in a container', containers[start]]];
    const databaseUrl =
      givenDatabase ||
      (await open('PostgreSQL', [
        ...inContainer('startPostgres'),
        [embedded, () => startEmbeddedPostgres({ dataDir: folder, durable: false })],
      ]));
    const redisUrl =
      givenRedis ||
      (await open('Redis', [...inContainer('startRedis'), [embedded, () => startEmbeddedRedis({ dataDir: folder })]]));
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
