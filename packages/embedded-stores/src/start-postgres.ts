import os from 'node:os';
import path from 'node:path';
import { codeOf } from '@trackly-tune/domain';
import pg from 'pg';
import { openDataFolder, placeStore } from './data-folder.js';
import { EmbeddedStoreError } from './embedded-store-error.js';
import { onFreePort } from './free-port.js';
import { initialisePostgres, majorOfData } from './initialise-postgres.js';
import { keptSecret } from './kept-secret.js';
import { findPostgres } from './postgres-programs.js';
import { runOnClaim } from './run-on-claim.js';
import { startStoreProcess, type EmbeddedStore } from './store-process.js';
import { findStoreUser } from './store-user.js';

const DATABASE = 'trackly_tune';
const WRONG_PASSWORD = '28P01';
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** True once it answers and the database is there. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rows.length === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return true;
  } catch (error) {
    if (codeOf(error) === WRONG_PASSWORD) {
      throw new EmbeddedStoreError(
        'The password in DATA_DIR/secrets is not that of the data: bring the file postgres-password back, or choose another DATA_DIR',
      );
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const BUFFERS_MIB = { min: 128, max: 1_024 };
const BUFFERS_SHARE = 16;

/** A part of the machine's memory, which others use as well: enough for the indexes that facts are spread over. */
const sharedBuffersMib = (totalBytes: number): number =>
  Math.min(BUFFERS_MIB.max, Math.max(BUFFERS_MIB.min, Math.floor(totalBytes / BUFFERS_SHARE / 2 ** 20)));

function settingsOf(durable: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: `${durable ? sharedBuffersMib(os.totalmem()) : BUFFERS_MIB.min}MB`,
    // After each checkpoint the first change of a page logs all of it: ids of facts are spread over all pages of an index.
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    timezone: 'UTC',
    log_min_messages: 'warning',
    ...(durable ? { fsync: 'on' } : NOT_DURABLE),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * PostgreSQL on a free loopback port, its data in `dataDir`/postgres (elsewhere when its user cannot enter that), its
 * password kept in `dataDir`/secrets. The same `dataDir` gives the same data, also after everything was killed.
 * Throws EmbeddedStoreError.
 *
 * @param options.durable false switches fsync off: for tests only
 * @param options.port wanted again after its process died
 * @param options.onNote told what a person should know: where data are when elsewhere, what was left over
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  durable?: boolean;
  port?: number;
  onNote?: (line: string) => void;
}): Promise<EmbeddedStore> {
  const { durable = true, onNote = () => undefined } = options;
  const data = openDataFolder(options.dataDir);
  return runOnClaim({
    data,
    name: 'postgres',
    stopSignal: 'SIGINT',
    onNote,
    async start(processFile) {
      const user = findStoreUser('postgres', path.join(data.path, 'postgres'));
      const folder = placeStore(data, 'postgres', user, onNote);
      const major = majorOfData(folder);
      const { bin, kind } = findPostgres(user, major);
      const password = keptSecret(path.join(data.secrets, 'postgres-password'));
      const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
      if (major === null) initialisePostgres({ bin, folder, password, user, env, durable });
      return onFreePort(options.port, async (port) => {
        const url = `postgres://postgres:${password}@127.0.0.1:${port}/`;
        const running = await startStoreProcess({
          program: path.join(bin, 'postgres'),
          args: ['-D', path.join(folder, 'data'), '-p', String(port), ...settingsOf(durable)],
          cwd: folder,
          env,
          user,
          stopSignal: 'SIGINT',
          processFile,
          answers: () => answers(`${url}postgres`),
        });
        return { ...running, kind, port, url: `${url}${DATABASE}` };
      });
    },
  });
}
