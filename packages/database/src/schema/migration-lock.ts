import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';

const LOCK_KEY = 7_041_002;
const POLL_MS = 200;
const WAIT_MAX_MS = 600_000;

/**
 * Runs `work` while no other process migrates the same database. The lock belongs to the session that `work` gets, so
 * a process that is killed frees it once the server has ended its last statement. Throws when others take too long.
 */
export async function withMigrationLock<T>(db: Database, work: (session: Database) => Promise<T>): Promise<T> {
  return db.connection().execute(async (session) => {
    // Asked for again and again: a statement that waited for it would hold a snapshot, for whose end an index that is
    // built concurrently by the holder waits in its turn.
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      const { rows } = await sql<{ held: boolean }>`SELECT pg_try_advisory_lock(${LOCK_KEY}) AS held`.execute(session);
      if (rows[0]?.held === true) break;
      if (waitedMs >= WAIT_MAX_MS) throw new Error(`Another process still migrates the database after ${waitedMs} ms`);
      await sleep(POLL_MS);
    }
    try {
      return await work(session);
    } finally {
      // A session that is broken has freed it already.
      await sql`SELECT pg_advisory_unlock(${LOCK_KEY})`.execute(session).catch(() => undefined);
    }
  });
}
