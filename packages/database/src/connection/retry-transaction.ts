import { CodedError, codeOf } from '@trackly-tune/domain';
import type { Database, Tx } from './connection.js';

/** A page or batch met a concurrent change of the same rows; doing it again sees that change. */
export class ConcurrentChangeError extends CodedError<'concurrent_change'> {
  constructor(message: string) {
    super('concurrent_change', message, { advice: 'retry' });
  }
}

const RETRIED = new Set(['40001', '40P01', 'concurrent_change']);
const ATTEMPTS_MAX = 5;

/** Runs `work` in a transaction, again after a deadlock, a serialization failure or a concurrent change. */
export async function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!RETRIED.has(codeOf(error) ?? '') || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}
