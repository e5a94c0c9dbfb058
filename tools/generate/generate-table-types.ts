import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const TIMEOUT_MS = 60_000;

/** The tables as Kysely's types, by kysely-codegen as packages/database/.kysely-codegenrc.json sets it up. */
export function generateTableTypes(root: string, databaseUrl: string): string {
  const home = path.join(root, 'packages/database');
  const program = path.join(
    path.dirname(createRequire(path.join(home, 'package.json')).resolve('kysely-codegen')),
    'cli/bin.js',
  );
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-tables-'));
  const file = path.join(folder, 'tables.ts');
  try {
    const args = [program, '--url', 'env(DATABASE_URL)', '--out-file', file, '--log-level', 'error'];
    const run = spawnSync(process.execPath, args, {
      cwd: home,
      // The URL holds a password: not among the arguments, which every process list shows.
      env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    if (run.status !== 0) throw new Error(`kysely-codegen failed: ${run.error?.message ?? run.stderr + run.stdout}`);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
