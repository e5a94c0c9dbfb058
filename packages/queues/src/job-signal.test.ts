import { expect, test } from '@jest/globals';
import { getMaxListeners } from 'node:events';
import { createJobSignal, createStopping } from './job-signal.js';

test('every job of a worker listens to its stop without a warning of Node.js, and each is told', () => {
  const stopping = createStopping(50);
  const jobs = Array.from({ length: 50 }, () =>
    createJobSignal({ stopping: stopping.signal, lockLost: undefined, runTimeMaxMs: 60_000 }),
  );
  expect(getMaxListeners(stopping.signal)).toBeGreaterThan(jobs.length);
  stopping.abort();
  expect(jobs.map(({ reason }) => reason())).toEqual(Array(50).fill('stopping'));
  for (const job of jobs) job.release();
});
