import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedStoreError } from './embedded-store-error.js';
import type { StoreUser } from './store-user.js';

/** The major version that made the data in a store's folder; null when there are none. */
export function majorOfData(folder: string): number | null {
  const file = path.join(folder, 'data/PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : null;
}

/**
 * Makes the cluster `folder`/data, whole or not at all: what a killed start left half done is made anew. Text sorts by
 * bytes everywhere. Throws EmbeddedStoreError with what initdb said.
 */
export function initialisePostgres(options: {
  bin: string;
  folder: string;
  password: string;
  user: StoreUser;
  env: NodeJS.ProcessEnv;
  durable: boolean;
}): void {
  const { bin, folder, password, user, env, durable } = options;
  const making = path.join(folder, 'data.new');
  const passwordFile = path.join(folder, 'initial-password');
  rmSync(making, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const args = [
    ...['-D', making, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync'])],
  ];
  const run = spawnSync(path.join(bin, 'initdb'), args, { ...user, env, cwd: folder, encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) throw new EmbeddedStoreError(`initdb failed: ${run.error?.message ?? run.stderr}`);
  renameSync(making, path.join(folder, 'data'));
}
