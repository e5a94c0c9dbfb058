import { describe, expect, test } from '@jest/globals';
import { createLoopWatch } from './loop-watch.js';
import { createReadiness } from './readiness.js';

describe('loops and readiness', () => {
  test('a loop that fails again and again is named; one that works again is not', async () => {
    const watch = createLoopWatch();
    const readiness = createReadiness({ loops: () => watch.check() });
    watch.failed('settle-pending');
    watch.failed('settle-pending');
    watch.worked('retry-parked');
    expect((await readiness.check()).ready).toBe(true);
    watch.failed('settle-pending');
    expect(await readiness.check()).toEqual({
      ready: false,
      status: 'not_ready',
      degraded: [],
      checks: [{ name: 'loops', ok: false, message: 'loop_failing: settle-pending' }],
    });
    watch.worked('settle-pending');
    expect((await readiness.check()).ready).toBe(true);
  });
});
