import { expect, test } from '@jest/globals';
import { systemClock } from '@trackly-tune/service-runtime';
import { createAttempts } from './attempt-call.js';

const attempts = (timeMaxMs = 1_000, callTimeMaxMs = 20) =>
  createAttempts({ timeMaxMs, callTimeMaxMs, clock: systemClock });
const never = () => new Promise<never>(() => undefined);

test('a call that never ends is given up and told by its code', async () => {
  expect(await attempts().call(never)).toMatchObject({ ok: false, failure: { code: 'time_limit_exceeded' } });
});

test('a call is told by its signal to stop', async () => {
  const aborted = new Promise<boolean>((resolve) => {
    void attempts().call((signal) => {
      signal.addEventListener('abort', () => resolve(true));
      return never();
    });
  });
  expect(await aborted).toBe(true);
});

test('calls share what time there is', async () => {
  const shared = attempts(1, 60_000);
  await shared.call(never);
  expect(await shared.call(never)).toMatchObject({ ok: false });
});

test('a failure with a code is an answer, one without is a defect and is thrown', async () => {
  const refused = Object.assign(new Error('no'), { code: 'token_rejected' });
  expect(await attempts().call(() => Promise.reject(refused))).toEqual({
    ok: false,
    failure: { code: 'token_rejected', message: 'no', answeredBy: 'nobody' },
  });
  await expect(attempts().call(() => Promise.reject(new TypeError('defect')))).rejects.toThrow('defect');
});
