import type { Database, Transaction } from './connection.js';

/** A page or batch met a concurrent change of the same rows; doing it again sees that change. */
export class ConcurrentChangeError extends Error {
  readonly code = 'concurrent_change';
  readonly advice = 'retry';
}

const RETRIED = new Set(['40001', '40P01', 'concurrent_change']);
const ATTEMPTS_MAX = 5;

/** Runs `work` in a transaction, again after a deadlock, a serialization failure or a concurrent change. */
export async function inTransaction<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (typeof code !== 'string' || !RETRIED.has(code) || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}
