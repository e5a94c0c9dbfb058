import { expect, test } from '@jest/globals';
import { runUnderLoad } from '../crash/run-under-load.js';
import { until } from '../system/until.js';

test('restarting every service in turn under postbacks and pulls loses nothing, doubles nothing and ends each with 0', async () => {
  const ends: string[] = [];
  const report = await runUnderLoad({
    seed: 4,
    messages: 40,
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
  // Rows are planted all the time, also into pages that were read already. A slow machine may be overtaken by that three
  // times in a row; such a run says so, and the next one reads all of it (the books above are whole).
  expect(report.failures.filter((failure) => !failure.includes(' report_incomplete: '))).toEqual([]);
}, 420_000);
