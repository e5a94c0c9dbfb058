import { describe, expect, test } from '@jest/globals';
import { CodedError, type Advice } from '@trackly-tune/domain';
import { UnrecoverableError } from 'bullmq';
import { backOffMs, toQueueError } from './advice.js';

const failing = (advice: Advice, retryAfterMs?: number): Error =>
  new CodedError('rate_limited', 'token NETabc is wrong', { advice, retryAfterMs });

/** What nobody foresaw, with whatever fields a library gives its errors. */
const foreign = (fields: object): Error => Object.assign(new Error('token NETabc is wrong'), fields);

describe('what an advice becomes', () => {
  test('never: no further attempt', () => {
    expect(toQueueError(failing('never'))).toBeInstanceOf(UnrecoverableError);
  });

  test.each([failing('retry'), foreign({}), foreign({ advice: 'never' })])(
    'retry, and what has no advice: the back-off of the job, doubled each time (%j)',
    (thrown) => {
      const error = toQueueError(thrown);
      expect(error).not.toBeInstanceOf(UnrecoverableError);
      expect([1, 2, 3, 40].map((failures) => backOffMs(failures, 'pull-network', error))).toEqual([
        1_000, 2_000, 4_000, 600_000,
      ]);
    },
  );

  test('retry-later: after the time that the error names, else half a minute, at most ten minutes', () => {
    const later = toQueueError(failing('retry-later'));
    expect([1, 2, 40].map((failures) => backOffMs(failures, 'pull-network', later))).toEqual([30_000, 60_000, 600_000]);
    const named = toQueueError(failing('retry-later', 12_000));
    expect([1, 2].map((failures) => backOffMs(failures, 'pull-network', named))).toEqual([12_000, 12_000]);
    const long = toQueueError(failing('retry-later', 9e9));
    expect(backOffMs(1, 'pull-network', long)).toBe(600_000);
  });

  test('only the code of an error reaches the queue', () => {
    expect(toQueueError(failing('retry')).message).toBe('rate_limited');
    for (const thrown of [foreign({}), foreign({ code: 'NET abc' }), foreign({ code: 7 }), 'text', null, undefined]) {
      expect(toQueueError(thrown).message).toBe('internal_error');
    }
  });
});
