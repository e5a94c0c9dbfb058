import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchIntegration } from './integrations.js';
import { WINDOW } from './integrations.js';
import type { World } from './open-world.js';
import { messageIdOf } from './platform-facts.js';
import { completeRun } from './runs.js';

const TIMEOUT_MS = 60_000;
const POLL_MS = 10;

async function isDecided(world: World, account: string, clickId: string): Promise<boolean> {
  const { rows } = await world.db.query(
    `SELECT FROM transaction_lookups l
     JOIN conversions c ON c.transaction_id = l.transaction_id
     JOIN decisions d ON d.conversion_id = c.id AND d.click_id = $1
     WHERE l.key = hash_in_account($2, 'click:' || $1)`,
    [clickId, account],
  );
  return rows.length > 0;
}

/**
 * Pulls conversions whose clicks are not there, then sends the clicks one after the other. Returns the milliseconds from
 * before each request to the decision that names its click.
 *
 * @param options.name begins the ids of these clicks, once in a database
 */
export async function lateClicks(
  world: World,
  options: { account: string; integration: BenchIntegration; name: string; count: number; signal: AbortSignal },
): Promise<number[]> {
  const { account, integration, name, count, signal } = options;
  const ids = Array.from({ length: count }, (_, index) => `late-${name}-${index}`);
  await world.simulator.network(integration.networkId).plantConversions({
    count,
    ...WINDOW,
    clicks: ids.map((clickId) => ({ clickId, messageId: null })),
  });
  await completeRun(world, `/v1/integrations/${integration.id}/conversion-syncs`, WINDOW, signal);
  const times: number[] = [];
  for (const [index, clickId] of ids.entries()) {
    const click = { account_id: account, click_id: clickId, message_id: messageIdOf(index) };
    const startedMs = performance.now();
    await world.api.post('/v1/clicks', { records: [{ ...click, clicked_at: `${WINDOW.from}T00:00:00Z` }] });
    while (!(await isDecided(world, account, clickId))) {
      if (performance.now() - startedMs > TIMEOUT_MS) throw new Error(`${clickId} found no conversion`);
      await sleep(POLL_MS, undefined, { signal });
    }
    times.push(performance.now() - startedMs);
  }
  return times;
}
