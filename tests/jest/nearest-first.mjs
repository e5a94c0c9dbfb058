// Which tests `npm test -- --changed` runs when a change concerns more than a minute of them: the nearest to it, and of
// those the shortest. Plain JavaScript, since Jest loads its sequencers untransformed.
import path from 'node:path';

/** Seconds that three workers have; starting and compiling take the rest of the minute. */
export const BUDGET_SECONDS = 90;
const UNKNOWN_SECONDS = { long: 30, other: 4 };

/** `packages/domain/src/money.ts` → `packages/domain`. */
const partOf = (file) => file.split('/').slice(0, 2).join('/');

/** 0 beside what was changed, 1 in the same package or service, 2 elsewhere. */
export function distanceOf(test, changed) {
  if (changed.some((file) => file === test || path.posix.dirname(file) === path.posix.dirname(test))) return 0;
  return changed.some((file) => partOf(file) === partOf(test)) ? 1 : 2;
}

/**
 * The tests that fit, nearest first; those beside what was changed always, whatever they take.
 *
 * @param tests `{ file, seconds, isLong }`: from the root; what it took last time, null where nobody knows
 * @param changed files that were changed, from the root
 */
export function nearestTests(tests, changed, budgetSeconds = BUDGET_SECONDS) {
  const guessed = tests.map((test) => ({
    ...test,
    distance: distanceOf(test.file, changed),
    seconds: test.seconds ?? (test.isLong ? UNKNOWN_SECONDS.long : UNKNOWN_SECONDS.other),
  }));
  guessed.sort((a, b) => a.distance - b.distance || a.seconds - b.seconds || (a.file < b.file ? -1 : 1));
  let left = budgetSeconds;
  return guessed.filter((test) => {
    left -= test.seconds;
    return left >= 0 || test.distance === 0;
  });
}
