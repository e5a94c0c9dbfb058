import { expect, test } from '@jest/globals';
import { until } from '@trackly-tune/testing';
import { oneAfterTheOther } from '../crash/actors.js';
import { runUnderLoad } from '../crash/run-under-load.js';

test('restarting every service in turn under postbacks and pulls loses nothing, doubles nothing and ends each with 0', async () => {
  const ends: string[] = [];
  const report = await runUnderLoad({
    seed: 4,
    messages: 40,
    // No run has a reason of its own to fail.
    periodOf: oneAfterTheOther,
    say: () => undefined,
    async disturb({ services }, isBroken) {
      for (const service of services.all) {
        if (isBroken()) return;
        const pid = service.process.pid();
        if (pid === null) throw new Error(`${service.name} is not running`);
        process.kill(pid, 'SIGTERM');
        const end = await until(`${service.name} ${pid} has ended`, 30_000, () =>
          services.supervision.find((line) => line.includes(`(pid ${pid}) died`)),
        );
        ends.push(end.replace(/^.*died: (.*); .*$/, '$1'));
        await until(`${service.name} is ready again`, 90_000, () => service.isReady());
      }
    },
  });
  expect(report.wrong).toEqual([]);
  expect(ends).toEqual(ends.map(() => 'exit code 0'));
  expect(report.tally.postbacks).toBeGreaterThan(0);
  expect(report.failures).toEqual([]);
}, 420_000);
