import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './open-world.js';

const POLL_MS = 200;
const TIMEOUT_MS = 600_000;

/** Waits until every accepted postback is settled and numbered in the books. Resolves with how long that took, in ms. */
export async function untilBooked(world: World, signal: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const { rows } = await world.db.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM postbacks WHERE conversion_id IS NULL AND refused_code IS NULL)
        OR EXISTS (SELECT FROM due_transactions)
        OR EXISTS (SELECT FROM ledger_unnumbered) AS waits`,
    );
    const tookMs = performance.now() - startedMs;
    if (rows[0]?.waits === false) return tookMs;
    if (tookMs > TIMEOUT_MS) throw new Error('The postbacks are not in the books yet');
    await sleep(POLL_MS, undefined, { signal });
  }
}
