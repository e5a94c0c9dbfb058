import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { median, percentile, readable } from '../measure/statistics.js';
import { addIntegration, WINDOW, type BenchIntegration } from '../world/integrations.js';
import { lateClicks } from '../world/late-clicks.js';
import { messageIdOf } from '../world/platform-facts.js';
import type { World } from '../world/open-world.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { clicks: number; messages: number; used: number; turns: number; each: number }> = {
  smoke: { clicks: 2_000, messages: 500, used: 50, turns: 1, each: 2 },
  quick: { clicks: 500_000, messages: 50_000, used: 5_000, turns: 4, each: 15 },
  full: { clicks: 10_000_000, messages: 1_000_000, used: 20_000, turns: 8, each: 25 },
};
const BOUNDS = { goal: 1.5 };
const ACCOUNT = 'bench-m';
const POLL_MS = 500;
const TIMEOUT_MS = 3_600_000;

/** While it is held no process passes over a table: each passes by a row that another one has. */
async function holdPasses(
  db: pg.Pool,
  statement = 'SELECT FROM retention_passes FOR UPDATE',
): Promise<() => Promise<void>> {
  const client = await db.connect();
  await client.query('BEGIN');
  await client.query(statement);
  return async () => {
    await client.query('COMMIT');
    client.release();
  };
}

/** Clicks and messages that were received 500 days ago. The first clicks are used by conversions that are pulled. */
async function loadOld(world: World, { clicks, messages }: { clicks: number; messages: number }): Promise<void> {
  await world.db.query(
    `INSERT INTO messages (account_id, message_id, sent_at, received_at)
     SELECT $1, 'M' || lpad(n::text, 7, '0'), $3, now() - interval '500 days' FROM generate_series(0, $2::int - 1) n`,
    [ACCOUNT, messages, `${WINDOW.from} 00:00Z`],
  );
  await world.db.query(
    `INSERT INTO clicks (account_id, click_id, message_id, clicked_at, received_at)
     SELECT $1, 'old-' || n, 'M' || lpad((n % $3::int)::text, 7, '0'), $4, now() - interval '500 days'
     FROM generate_series(0, $2::int - 1) n`,
    [ACCOUNT, clicks, messages, `${WINDOW.from} 00:00Z`],
  );
  await world.db.query('VACUUM ANALYZE clicks, messages');
}

async function pullUsers(
  world: World,
  integration: BenchIntegration,
  { used, messages }: { used: number; messages: number },
  signal: AbortSignal,
): Promise<void> {
  await world.simulator.network(integration.networkId).plantConversions({
    count: used,
    ...WINDOW,
    clicks: Array.from({ length: used }, (_, n) => ({ clickId: `old-${n}`, messageId: messageIdOf(n % messages) })),
    shares: { withoutIds: 0, pending: 0, rejected: 0 },
  });
  await completeRun(world, `/v1/integrations/${integration.id}/conversion-syncs`, WINDOW, signal);
}

async function count(world: World, table: 'clicks' | 'messages'): Promise<number> {
  const { rows } = await world.db.query<{ n: string }>(
    `SELECT count(*) AS n FROM ${table} WHERE account_id = $1 AND received_at < now() - interval '1 day'`,
    [ACCOUNT],
  );
  return Number(rows[0]?.n);
}

async function untilPassed(world: World, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const { rows } = await world.db.query('SELECT FROM retention_passes WHERE finished_at IS NULL');
    if (rows.length === 0) return;
    if (Date.now() > deadline) throw new Error('The passes did not come to their end');
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Ten million clicks that nothing uses go, those that conversions use stay, and nobody waits for it. */
export const retention: Benchmark = {
  letter: 'm',
  title: 'Dropping old clicks and messages',
  async run(context) {
    const { size, say, signal } = context;
    const sizes = SIZE[size];
    const world = await context.openWorld();
    try {
      const held = await holdPasses(world.db, 'UPDATE retention_passes SET finished_at = NULL, next_block = 0');
      await loadOld(world, sizes);
      const integration = await addIntegration(world, ACCOUNT);
      await pullUsers(world, integration, sizes, signal);
      await held();
      const startedMs = performance.now();
      const seen = { beside: [] as number[], without: [] as number[] };
      for (let turn = 0; turn < sizes.turns; turn++) {
        const options = { account: ACCOUNT, integration, count: sizes.each, signal };
        const release = await holdPasses(world.db);
        const without = await lateClicks(world, { ...options, name: `without-${turn}` });
        await release();
        const beside = await lateClicks(world, { ...options, name: `beside-${turn}` });
        say(
          `  m: a late click takes ${readable(median(beside))} ms beside a pass, ${readable(median(without))} without`,
        );
        seen.beside.push(...beside);
        seen.without.push(...without);
      }
      await untilPassed(world, signal);
      // A message is free once its last click is gone: the next pass over them finds it.
      await world.db.query(`UPDATE retention_passes SET finished_at = NULL WHERE table_name = 'messages'`);
      await untilPassed(world, signal);
      const seconds = (performance.now() - startedMs) / 1000;
      const [clicks, messages] = [await count(world, 'clicks'), await count(world, 'messages')];
      if (clicks !== sizes.used) throw new Error(`${clicks} old clicks are left, ${sizes.used} are used`);
      const messagesUsed = Math.min(sizes.used, sizes.messages);
      if (messages !== messagesUsed) throw new Error(`${messages} old messages are left, ${messagesUsed} are used`);
      const ratio = median(seen.beside) / median(seen.without);
      const p95 = percentile(seen.beside, 0.95) / percentile(seen.without, 0.95);
      return [
        {
          what: `Late click beside a pass over ${readable(sizes.clicks)} clicks / without one`,
          goal: `≤ ${BOUNDS.goal}`,
          floor: '',
          measured: ratio.toFixed(2),
          met: judge(ratio, BOUNDS),
          note: `medians of ${seen.beside.length} each, in turns: ${readable(median(seen.beside))} against ${readable(median(seen.without))} ms until it is decided; p95 ${p95.toFixed(2)} times`,
        },
        {
          what: `Passes over ${readable(sizes.clicks)} clicks and ${readable(sizes.messages)} messages`,
          goal: '',
          floor: '',
          measured: `${readable(seconds)} s`,
          met: null,
          note: `at rest for four fifths of it, late clicks meanwhile; ${readable(clicks)} clicks and ${readable(messages)} messages that conversions use are left, all others are gone`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
