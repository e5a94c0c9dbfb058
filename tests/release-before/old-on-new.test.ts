import { expect, test } from '@jest/globals';
import { until } from '@trackly-tune/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrateToLatest } from '@trackly-tune/database';
import { oneAfterTheOther } from '../crash/actors.js';
import { runUnderLoad } from '../crash/run-under-load.js';
import type { RunningServices } from '../system/start-services.js';
import { openReleaseBefore } from './open-release.js';

const MORE_WORK_MS = 5_000;

const FINE = new Set(['trace', 'debug', 'info', 'warn']);

/** Lines of errors, and whatever is no line of a log. */
const complaints = (services: RunningServices): string[] =>
  services.lines().filter((line) => {
    try {
      return !FINE.has((JSON.parse(line) as { level: string }).level);
    } catch {
      return true;
    }
  });

/** Starts a service of the release before once more. */
async function restart(services: RunningServices, service: RunningServices['all'][number]): Promise<void> {
  const pid = service.process.pid();
  if (pid === null) throw new Error(`${service.name} is not running`);
  process.kill(pid, 'SIGTERM');
  await until(`${service.name} ${pid} has ended`, 30_000, () =>
    services.supervision.some((line) => line.includes(`(pid ${pid}) died`)),
  );
  await until(`${service.name} is ready again`, 90_000, () => service.isReady());
}

test('the release before works on the schema of today, from the moment that it is migrated under load and when it starts on it', async () => {
  const release = openReleaseBefore();
  let running: RunningServices | null = null;
  try {
    const report = await runUnderLoad({
      world: { programOf: release.programOf },
      seed: 21,
      messages: 40,
      // No run has a reason of its own to fail.
      periodOf: oneAfterTheOther,
      say: () => undefined,
      async disturb({ services, stores }, isBroken) {
        running = services;
        await sleep(MORE_WORK_MS);
        await migrateToLatest({ databaseUrl: stores.postgres.url });
        await sleep(MORE_WORK_MS);
        for (const service of services.all) if (!isBroken()) await restart(services, service);
        await sleep(MORE_WORK_MS);
      },
    });
    expect(report.wrong).toEqual([]);
    expect(report.failures).toEqual([]);
    expect(report.tally.postbacks).toBeGreaterThan(0);
    expect(report.tally.facts).toBeGreaterThan(0);
    expect(report.tally.pullsAsked).toBeGreaterThan(0);
    expect(running === null ? null : complaints(running)).toEqual([]);
  } finally {
    release.remove();
  }
}, 420_000);
