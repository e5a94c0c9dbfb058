import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planRetry as planAfter, READINGS_MAX, type NextStep, type SliceFailure } from './plan-retry.js';

/** With the default of RETRY_AFTER_MS. */
const planRetry = (failure: SliceFailure): NextStep => planAfter(failure, 3_000);

const passing: SliceFailure = {
  code: 'unreachable',
  advice: 'retry',
  retryAfterMs: undefined,
  attempts: 0,
  reading: 1,
  notWhole: false,
  needsPerson: false,
  brokenRow: false,
  splittable: false,
  patient: false,
};
const broken: SliceFailure = { ...passing, code: 'tune_error', advice: 'retry-later', brokenRow: true };

/** Every step until the slice fails, with a failure of the same kind each time. */
function outlive(failure: SliceFailure): { steps: NextStep[]; waitedMs: number } {
  const steps: NextStep[] = [];
  let waitedMs = 0;
  for (let { attempts, reading } = failure; steps.length < 1_000;) {
    const step = planRetry({ ...failure, attempts, reading });
    steps.push(step);
    if (step.kind === 'fail' || step.kind === 'split') break;
    waitedMs += step.delayMs;
    if (step.kind === 'read_again') reading += 1;
    else attempts += step.counts ? 1 : 0;
  }
  return { steps, waitedMs };
}

describe('a failure that may pass', () => {
  test('is tried three times within half a minute and then left to the next run', () => {
    expect(outlive(passing)).toEqual({
      steps: [
        { kind: 'postpone', delayMs: 3_000, counts: true },
        { kind: 'postpone', delayMs: 15_000, counts: true },
        { kind: 'fail', retrySoon: true },
      ],
      waitedMs: 18_000,
    });
  });

  test('is tried again sooner where that is set', () => {
    const delays = [0, 1, 2].map((attempts) => planAfter({ ...passing, attempts }, 200));
    expect(delays).toMatchObject([{ delayMs: 200 }, { delayMs: 1_000 }, { kind: 'fail' }]);
    expect(planAfter({ ...passing, notWhole: true }, 200)).toEqual({ kind: 'read_again', delayMs: 200 });
  });

  test('waits as long as the network says', () => {
    expect(planRetry({ ...passing, retryAfterMs: 60_000 })).toMatchObject({ delayMs: 60_000 });
    expect(planRetry({ ...passing, retryAfterMs: 1 })).toMatchObject({ delayMs: 3_000 });
  });

  test('is outlasted for half a day by work without a next run', () => {
    const { steps, waitedMs } = outlive({ ...passing, patient: true });
    expect(steps.at(-1)).toEqual({ kind: 'fail', retrySoon: false });
    expect(waitedMs).toBeGreaterThan(12 * 3_600_000);
    expect(waitedMs).toBeLessThan(15 * 3_600_000);
  });
});

test.each(['gateway_timeout', 'timeout'])(
  'a report too slow for TUNE (%s) is asked for in halves (quirk 27)',
  (code) => {
    expect(planRetry({ ...passing, code, splittable: true })).toEqual({ kind: 'split' });
    expect(planRetry({ ...passing, code })).toMatchObject({ kind: 'postpone' });
  },
);

describe('a window with a row that TUNE cannot load', () => {
  test('is cut until the row spoils an hour at most', () => {
    expect(planRetry({ ...broken, splittable: true })).toEqual({ kind: 'split' });
  });

  test.each([true, false])('fails its run within minutes when it cannot be cut, patient: %s', (patient) => {
    const { steps, waitedMs } = outlive({ ...broken, patient });
    for (const step of steps.slice(0, -1)) expect(step).toMatchObject({ kind: 'postpone', counts: true });
    expect(steps.at(-1)).toEqual({ kind: 'fail', retrySoon: false });
    expect(waitedMs).toBeGreaterThan(60_000);
    expect(waitedMs).toBeLessThan(10 * 60_000);
  });
});

describe('a list that is not whole', () => {
  const notWhole: SliceFailure = { ...passing, code: 'report_incomplete', notWhole: true };
  const readings = [
    { kind: 'read_again', delayMs: 3_000 },
    { kind: 'read_again', delayMs: 15_000 },
  ];

  test('is read three times, then its run fails and the next comes soon', () => {
    expect(outlive(notWhole).steps).toEqual([...readings, { kind: 'fail', retrySoon: true }]);
    expect(outlive(notWhole).steps).toHaveLength(READINGS_MAX);
  });

  test('and that a person has to judge waits for the next planned run', () => {
    const steps = outlive({ ...notWhole, needsPerson: true }).steps;
    expect(steps).toEqual([...readings, { kind: 'fail', retrySoon: false }]);
  });
});

test('waiting for the rate budget is no failure, however long', () => {
  const waiting = { ...passing, code: 'budget_unavailable', attempts: 1_000 };
  expect(planRetry(waiting)).toEqual({ kind: 'postpone', delayMs: 3_000, counts: false });
});

test('a network that limits us is asked again when it says, else after ten seconds, a hundred times', () => {
  const limited: SliceFailure = { ...passing, code: 'rate_limited', advice: 'retry-later' };
  expect(planRetry(limited)).toEqual({ kind: 'postpone', delayMs: 10_000, counts: true });
  expect(planRetry({ ...limited, retryAfterMs: 2_000 })).toMatchObject({ delayMs: 2_000 });
  expect(outlive(limited).steps).toHaveLength(100);
});

const FAILURES: fc.Arbitrary<SliceFailure> = fc.record({
  code: fc.constantFrom('unreachable', 'timeout', 'rate_limited', 'tune_error', 'report_incomplete', 'token_rejected'),
  advice: fc.constantFrom('retry', 'retry-later', 'never'),
  retryAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
  attempts: fc.nat(200),
  reading: fc.integer({ min: 1, max: 5 }),
  notWhole: fc.boolean(),
  needsPerson: fc.boolean(),
  brokenRow: fc.boolean(),
  splittable: fc.boolean(),
  patient: fc.boolean(),
});

test('whatever fails, it ends: every failure that lasts fails its slice or cuts it', () => {
  fc.assert(
    fc.property(FAILURES, (failure) => {
      expect(['fail', 'split']).toContain(outlive({ ...failure, attempts: 0, reading: 1 }).steps.at(-1)?.kind);
    }),
  );
});

test('nothing permanent is retried, and nothing is cut that cannot be', () => {
  fc.assert(
    fc.property(FAILURES, (failure) => {
      const step = planRetry(failure);
      if (failure.advice === 'never' && !failure.notWhole) expect(step).toEqual({ kind: 'fail', retrySoon: false });
      if (step.kind === 'split') expect(failure.splittable).toBe(true);
    }),
  );
});
