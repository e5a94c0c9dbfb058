import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrateToLatest } from '@trackly-tune/database';
import { startEmbeddedPostgres } from '@trackly-tune/embedded-stores';

/** Runs `work` on a freshly migrated embedded PostgreSQL of its own, which is gone afterwards. */
export async function withMigratedDatabase<Result>(work: (databaseUrl: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-generate-'));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder, durable: false });
    try {
      await migrateToLatest({ databaseUrl: postgres.url });
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
