import { describe, expect, test } from '@jest/globals';
import { UnrecoverableError } from 'bullmq';
import { backOffMs, toQueueError } from './advice.js';
import { readFailure } from './read-failure.js';

const failing = (fields: object): Error => Object.assign(new Error('token NETabc is wrong'), fields);

describe('what an advice becomes', () => {
  test('never: no further attempt', () => {
    expect(toQueueError(failing({ advice: 'never', code: 'token_rejected' }))).toBeInstanceOf(UnrecoverableError);
  });

  test.each([[{ advice: 'retry' }], [{}], [{ advice: 'unheard-of' }]])(
    'retry, and what has no advice: the back-off of the job, doubled each time (%j)',
    (fields) => {
      const error = toQueueError(failing(fields));
      expect(error).not.toBeInstanceOf(UnrecoverableError);
      expect([1, 2, 3, 40].map((failures) => backOffMs(failures, 'pull-network', error))).toEqual([
        1_000, 2_000, 4_000, 600_000,
      ]);
    },
  );

  test('retry-later: after the time that the error names, else half a minute, at most ten minutes', () => {
    const later = toQueueError(failing({ advice: 'retry-later' }));
    expect([1, 2, 40].map((failures) => backOffMs(failures, 'pull-network', later))).toEqual([30_000, 60_000, 600_000]);
    const named = toQueueError(failing({ advice: 'retry-later', retryAfterMs: 12_000 }));
    expect([1, 2].map((failures) => backOffMs(failures, 'pull-network', named))).toEqual([12_000, 12_000]);
    const long = toQueueError(failing({ advice: 'retry-later', retryAfterMs: 9e9 }));
    expect(backOffMs(1, 'pull-network', long)).toBe(600_000);
  });

  test('only the code of an error reaches the queue', () => {
    expect(toQueueError(failing({ code: 'rate_limited' })).message).toBe('rate_limited');
    for (const thrown of [failing({}), failing({ code: 'NET abc' }), failing({ code: 7 }), 'text', null, undefined]) {
      expect(toQueueError(thrown).message).toBe('internal_error');
      expect(readFailure(thrown).code).toBe('internal_error');
    }
  });
});
