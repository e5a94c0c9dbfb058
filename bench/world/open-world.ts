import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@trackly-tune/embedded-stores';
import {
  launch,
  launchConfig,
  servicePrograms,
  simulatorProgram,
  waitReady,
  type Launched,
} from '@trackly-tune/launcher';
import { parseEnvironment } from '@trackly-tune/service-runtime';
import { controlTuneSimulator, type RemoteSimulator } from '@trackly-tune/tune-simulator';
import pg from 'pg';
import { createApiClient, type ApiClient } from '../../tools/demo/api-client.js';
import type { BenchStores } from './bench-stores.js';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that a benchmark runs on: every service and a simulated TUNE, each as a process of its own. */
export interface World {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly api: ApiClient;
  readonly simulator: RemoteSimulator;
  /** For loading data in sets and for reading times by PostgreSQL's clock. */
  readonly db: pg.Pool;
  readonly databaseUrl: string;
  readonly databaseName: string;
  readonly env: NodeJS.ProcessEnv;
  /** The process of a service. */
  pid(service: string): number;
  stop(): Promise<void>;
}

/** A rate budget that bounds nothing: what is measured is the product, not the network's patience. */
const NO_RATE_LIMIT = '10000/1';
const READY_TIMEOUT_MS = 120_000;

/** What the services say goes to a file beside the run's other files; the last of it is shown when a start fails. */
export async function openWorld(options: {
  stores: BenchStores;
  say: (line: string) => void;
  signal: AbortSignal;
  /** TUNE_RATE_LIMIT; default none that bounds anything. */
  rateLimit?: string;
  /** More settings of the services. */
  settings?: Readonly<Record<string, string>>;
}): Promise<World> {
  const { stores, say, signal, rateLimit = NO_RATE_LIMIT, settings } = options;
  const database = await stores.createDatabase();
  const dataDir = path.join(stores.folder, database.name);
  const port = await freePort();
  const given = {
    DATA_DIR: dataDir,
    PORT: '0',
    DATABASE_URL: database.url,
    REDIS_URL: stores.redisUrl,
    QUEUE_PREFIX: database.name,
    TUNE_API_URL: `http://127.0.0.1:${port}/{network_id}/Apiv3/json`,
    TUNE_RATE_LIMIT: rateLimit,
    ...settings,
  };
  mkdirSync(dataDir, { recursive: true });
  const logFile = path.join(dataDir, 'services.log');
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  let serviceEnv: NodeJS.ProcessEnv = {};
  const launched: Launched = await launch({
    root: ROOT,
    config: parseEnvironment(launchConfig, given),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...given },
    say: (line) => void log.write(`${line}\n`),
    onOutput: (line) => void log.write(`${line}\n`),
    programs(env) {
      serviceEnv = env;
      return [simulatorProgram(ROOT, port), ...servicePrograms({ root: ROOT, env, healthPort: null })];
    },
  });
  const db = new pg.Pool({ connectionString: database.url, max: 4, application_name: 'bench' });
  db.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    await db.end();
    await launched.stop();
    log.end();
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]);
  if (!(await waitReady(launched.apiUrl, limit))) {
    await stop();
    say(readFileSync(logFile, 'utf8').slice(-2_000));
    throw new Error('The services did not get ready');
  }
  const apiKey = readFileSync(launched.apiKeyFile ?? '', 'utf8').trim();
  return {
    apiUrl: launched.apiUrl,
    apiKey,
    api: createApiClient(launched.apiUrl, apiKey),
    simulator: controlTuneSimulator(`http://127.0.0.1:${port}`),
    db,
    databaseUrl: database.url,
    databaseName: database.name,
    env: serviceEnv,
    pid(service) {
      const pid = launched.services.find(({ name }) => name === service)?.pid() ?? null;
      if (pid === null) throw new Error(`${service} is down`);
      return pid;
    },
    stop,
  };
}
