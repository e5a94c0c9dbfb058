import { expiredAnswers, forgetAnswers, forgetKeptAnswers, type Database, type KeptName } from '@trackly-tune/database';
import { isEverybodys, isolate } from '@trackly-tune/service-stores';

const ROWS_MAX = 1_000;

/**
 * Forgets kept answers that have expired. Where a set cannot be forgotten, what fails alone is given to `onFailed`,
 * left where it is until the next sweep, and keeps nobody else's from being forgotten.
 */
export async function sweepAnswers(
  db: Database,
  signal: AbortSignal,
  onFailed: (name: KeptName, error: unknown) => void,
): Promise<void> {
  try {
    while (!signal.aborted && (await forgetKeptAnswers(db, ROWS_MAX)) === ROWS_MAX);
    return;
  } catch (error) {
    if (isEverybodys(error)) throw error;
  }
  let failed = 0;
  for (let rows = ROWS_MAX; rows === ROWS_MAX && !signal.aborted;) {
    const names = await expiredAnswers(db, ROWS_MAX, failed);
    rows = names.length;
    await isolate(names, {
      isEverybodys,
      work: async (some) => void (await forgetAnswers(db, some)),
      onFailed(name, error) {
        failed += 1;
        onFailed(name, error);
      },
    });
  }
}
