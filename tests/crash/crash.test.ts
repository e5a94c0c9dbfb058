import { expect, test } from '@jest/globals';
import { runCrash } from './run-crash.js';

test('killed services, broken stores and a TUNE full of faults leave books that equal the networks to the last digit', async () => {
  const lines: string[] = [];
  const report = await runCrash({
    seed: 1,
    kills: 4,
    disruptions: ['end-connections', 'empty-redis', 'kill-postgres'],
    awayMs: 2_000,
    messages: 30,
    pauseMs: { from: 500, to: 2_000 },
    say: (line) => void lines.push(line),
  });
  console.log([...lines, JSON.stringify(report)].join('\n'));
  expect(report.wrong).toEqual([]);
  expect(report.entries).toBeGreaterThan(50);
  expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBe(4);
}, 420_000);
