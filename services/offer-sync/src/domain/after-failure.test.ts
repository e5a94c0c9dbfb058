import { expect, test } from '@jest/globals';
import { afterFailure, type FetchFailure } from './after-failure.js';

const failed = (changes: Partial<FetchFailure>) =>
  afterFailure({ code: 'timeout', advice: 'retry', attempts: 0, reading: 1, ...changes });

test('nothing permanent is tried again', () => {
  expect(failed({ code: 'token_rejected', advice: 'never' })).toEqual({ kind: 'fail', retrySoon: false });
});

test('what may pass is tried three times, later where the network says so, and then left to the next run', () => {
  expect([0, 1, 2].map((attempts) => failed({ attempts }))).toEqual([
    { kind: 'postpone', delayMs: 3_000, counts: true },
    { kind: 'postpone', delayMs: 15_000, counts: true },
    { kind: 'fail', retrySoon: true },
  ]);
  expect(failed({ retryAfterMs: 60_000 })).toMatchObject({ delayMs: 60_000 });
});

test('waiting for the rate budget is no failure, and a network’s own limit is waited for long', () => {
  expect(failed({ code: 'budget_unavailable', attempts: 50 })).toMatchObject({ kind: 'postpone', counts: false });
  expect(failed({ code: 'rate_limited', attempts: 98 })).toMatchObject({ kind: 'postpone' });
  expect(failed({ code: 'rate_limited', attempts: 99 })).toEqual({ kind: 'fail', retrySoon: true });
});

test('a catalogue that is not whole, or empty, is read again; one that stays empty waits for a person', () => {
  expect(failed({ code: 'report_incomplete', reading: 1 })).toMatchObject({ kind: 'read_again' });
  expect(failed({ code: 'report_incomplete', reading: 3 })).toEqual({ kind: 'fail', retrySoon: true });
  expect(failed({ code: 'catalogue_empty', reading: 2 })).toMatchObject({ kind: 'read_again' });
  expect(failed({ code: 'catalogue_empty', reading: 3 })).toEqual({ kind: 'fail', retrySoon: false });
});
