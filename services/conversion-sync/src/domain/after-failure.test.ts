import { describe, expect, test } from '@jest/globals';
import { afterFailure, type PullFailure } from './after-failure.js';

const broken: PullFailure = {
  code: 'tune_error',
  advice: 'retry-later',
  attempts: 0,
  splittable: false,
  patient: false,
  brokenRow: true,
  reading: 1,
};

describe('a window with a row that TUNE cannot load', () => {
  test('is cut until the row spoils an hour at most', () => {
    expect(afterFailure({ ...broken, splittable: true })).toEqual({ kind: 'split' });
  });

  test.each([true, false])('fails its run within minutes when it cannot be cut, patient: %s', (patient) => {
    let waitedMs = 0;
    for (let attempts = 0; ; attempts += 1) {
      const next = afterFailure({ ...broken, patient, attempts });
      if (next.kind === 'fail') break;
      expect(next).toMatchObject({ kind: 'postpone', counts: true });
      if (next.kind === 'postpone') waitedMs += next.delayMs;
    }
    expect(waitedMs).toBeGreaterThan(60_000);
    expect(waitedMs).toBeLessThan(10 * 60_000);
  });
});
