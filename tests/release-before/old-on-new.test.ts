import { expect, test } from '@jest/globals';
import { until } from '@trackly-tune/testing';
import { migrateToLatest } from '@trackly-tune/database';
import { oneAfterTheOther, type Tally } from '../crash/actors.js';
import { runUnderLoad } from '../crash/run-under-load.js';
import type { RunningServices } from '../system/start-services.js';
import { openReleaseBefore } from './open-release.js';

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

/** Waits until postbacks and pulls were taken and the books have moved on since now. */
async function goOn(tally: Readonly<Tally>, isBroken: () => boolean): Promise<void> {
  const sums = () => [tally.postbacks, tally.pullsAsked, tally.followed.length];
  const [before, more] = [sums(), [5, 2, 20]];
  await until('work goes on', 60_000, () => {
    if (isBroken()) return true;
    return sums().every((sum, index) => sum >= (before[index] ?? 0) + (more[index] ?? 0));
  });
}

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
      async disturb({ services, stores }, isBroken, tally) {
        running = services;
        await goOn(tally, isBroken);
        await migrateToLatest({ databaseUrl: stores.postgres.url });
        await goOn(tally, isBroken);
        for (const service of services.all) if (!isBroken()) await restart(services, service);
        await goOn(tally, isBroken);
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
