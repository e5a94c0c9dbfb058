import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, createMetrics, parseEnvironment, ResourceStack } from '@trackly-tune/service-runtime';
import { refuseRows, testRedis, until } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { attributionConfig } from '../src/config.js';
import { startAttribution } from '../src/service.js';
import { createSettleWorld, type SettleWorld } from './settle-world.js';

const LIMIT_MS = 30_000;

let world: SettleWorld;
let port: number | null;
const lines: Record<string, unknown>[] = [];
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await createSettleWorld('service.test');
  closing.push(() => world.close());
  const redis = testRedis();
  const config = parseEnvironment(attributionConfig, {
    ...{ DATABASE_URL: world.url, REDIS_URL: redis.url, QUEUE_PREFIX: redis.prefix },
    PARKED_WAIT_MS: '0',
  });
  const logger = createLogger({
    service: 'attribution',
    level: 'info',
    destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const stopping = new AbortController();
  const stack = new ResourceStack(() => undefined);
  closing.push(async () => {
    stopping.abort();
    await stack.close(5_000);
  });
  // Any free port; off is null.
  ({ healthPort: port } = await startAttribution({
    ...{ config: { ...config, HEALTH_PORT: 0 }, logger, metrics: createMetrics('attribution'), stack },
    signal: stopping.signal,
  }));
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const metric = async (sample: string): Promise<string | undefined> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.split('\n').find((line) => line.startsWith(sample));
};

interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly message: string }[];
}
const readiness = async () => (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Readiness;

describe('the service beside poison', () => {
  test('parks it, counts it, says it, stays ready for everybody else, and lets it go when it can', async () => {
    const [bad, good] = [await world.addAccount(), await world.addAccount()];
    const remove = await refuseRows(world.url, {
      ...{ table: 'revenue_totals', on: 'INSERT OR UPDATE', when: `NEW.integration_id = ${bad.id}` },
    });
    await world.pull(bad, [1]);
    const goodRun = await world.pull(good, [1]);
    await until('the good run succeeds', LIMIT_MS, async () => (await world.statusOf(goodRun)) === 'succeeded');
    await until('the bad one is parked', LIMIT_MS, async () => (await world.parked()).length === 1);
    expect(await metric('trackly_parked_items{kind="ledger"')).toMatch(/ 1$/);
    expect(await metric('trackly_parked_failures_total{kind="ledger"')).toMatch(/ 1$/);
    expect(await metric('trackly_batches_failed_total{kind="ledger"')).toMatch(/ [12]$/);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'an item was parked', kind: 'ledger', account_id: bad.accountId }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ msg: expect.stringContaining('a batch failed') }));
    expect((await readiness()).ready).toBe(true);
    await remove();
    await world.endPauses();
    await until('it went through', LIMIT_MS, async () => (await world.parked()).length === 0);
    expect(await world.booksOf(bad)).toEqual(['none 150000 t']);
  });

  test('is not ready while a loop can work for nobody, and a reading that fails hides no other', async () => {
    const good = await world.addAccount();
    await sql`ALTER TABLE reopen_marks RENAME TO reopen_marks_gone`.execute(world.db);
    const run = await world.pull(good, [1]);
    await until('the run succeeds all the same', LIMIT_MS, async () => (await world.statusOf(run)) === 'succeeded');
    const report = await until('readiness is gone', LIMIT_MS, async () => {
      const now = await readiness();
      return now.ready ? null : now;
    });
    expect(report.checks).toContainEqual({ name: 'loops', ok: false, message: 'loop_failing: settle-pending' });
    expect(await metric('trackly_loops_failing{loop="settle-pending"')).toMatch(/ 1$/);
    expect(await metric('trackly_transactions_due')).toMatch(/ 0$/);
    expect(await metric('trackly_metric_readings_failed_total{reading="marks"')).not.toMatch(/ 0$/);
    expect(await metric('trackly_metric_readings_failed_total{reading="due"')).toMatch(/ 0$/);
    await sql`ALTER TABLE reopen_marks_gone RENAME TO reopen_marks`.execute(world.db);
    await until('it is ready again', LIMIT_MS, async () => (await readiness()).ready);
    expect(await metric('trackly_loops_failing{')).toBeUndefined();
  });

  test('shows for how long a late message has waited', async () => {
    const sample = 'trackly_late_facts_oldest_waiting_seconds';
    const seconds = async () => Number((await metric(sample))?.split(' ')[1]);
    const late = await world.addAccount();
    await sql`ALTER TABLE transaction_lookups RENAME TO transaction_lookups_gone`.execute(world.db);
    await world.sendMessage(late, 1);
    await until('it waits', LIMIT_MS, async () => (await seconds()) > 0);
    await sql`ALTER TABLE transaction_lookups_gone RENAME TO transaction_lookups`.execute(world.db);
    await until('it was looked at', LIMIT_MS, async () => (await seconds()) === 0);
  });
});
