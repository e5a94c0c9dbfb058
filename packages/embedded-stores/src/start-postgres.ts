import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.js';
import { findPostgres } from './postgres-programs.js';
import { startStoreProcess, type EmbeddedStore } from './store-process.js';
import { EmbeddedStoreError, findStoreUser, type StoreUser } from './store-user.js';

const DATABASE = 'trackly_tune';

/** A secret of the data folder, made once; readable by its owner alone. */
export function keptSecret(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const secret = randomBytes(24).toString('base64url');
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

/** A folder of the store's own user, closed to everybody else. */
export function storeFolder(folder: string, user: StoreUser): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
}

function initialise(bin: string, folder: string, password: string, user: StoreUser, env: NodeJS.ProcessEnv): void {
  const passwordFile = path.join(folder, 'pw');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const args = ['-D', path.join(folder, 'data'), '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const result = spawnSync(path.join(bin, 'initdb'), [...args, '-E', 'UTF8', '--locale=C', '--no-instructions'], {
    ...user,
    env,
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) throw new EmbeddedStoreError(`initdb failed: ${result.error?.message ?? result.stderr}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rows.length === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * PostgreSQL on a free loopback port, its data in `dataDir`/postgres, its password kept in `dataDir`. `durable: false`
 * switches fsync off: for tests only.
 */
export async function startEmbeddedPostgres(options: { dataDir: string; durable?: boolean }): Promise<EmbeddedStore> {
  const { dataDir, durable = true } = options;
  const user = findStoreUser();
  const { bin, kind } = findPostgres(user);
  mkdirSync(dataDir, { recursive: true, mode: user.uid === undefined ? 0o700 : 0o711 });
  if (user.uid !== undefined) chmodSync(dataDir, 0o711);
  const folder = path.join(dataDir, 'postgres');
  storeFolder(folder, user);
  const password = keptSecret(path.join(dataDir, 'postgres-password'));
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  const data = path.join(folder, 'data');
  if (!existsSync(path.join(data, 'PG_VERSION'))) initialise(bin, folder, password, user, env);
  const port = await freePort();
  const settings = [
    ['listen_addresses', '127.0.0.1'],
    ['unix_socket_directories', ''],
    ['max_connections', '300'],
    ['shared_buffers', '128MB'],
    ['timezone', 'UTC'],
    ['log_min_messages', 'warning'],
    ...(durable
      ? []
      : [
          ['fsync', 'off'],
          ['synchronous_commit', 'off'],
          ['full_page_writes', 'off'],
        ]),
  ];
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/`;
  return startStoreProcess({
    program: path.join(bin, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: folder,
    env,
    user,
    kind,
    url: `${url}${DATABASE}`,
    stopSignal: 'SIGINT',
    answers: () => answers(`${url}postgres`),
  });
}
