import { sql } from 'kysely';
import type { PullWindow } from '@trackly-tune/domain';
import type { Transaction } from './connection.js';
import { planDays } from './plan-days.js';
import { ConcurrentChangeError } from './retry-transaction.js';

/**
 * Creates a run that fills a window day by day, newest first. One of the same window that is still open is returned
 * instead of a second one (`created` says which). Signal `pull-network` after the commit.
 */
export async function createBackfillRun(
  tx: Transaction,
  run: { integrationId: bigint; window: PullWindow },
): Promise<{ id: bigint; created: boolean }> {
  const { integrationId, window } = run;
  const added = await sql<{ id: bigint }>`
    INSERT INTO sync_runs (integration_id, kind, trigger, window_from, window_to, covers_from, covers_to, plan_next,
      progress_unit, progress_total)
    VALUES (${integrationId}, 'backfill', 'manual', ${window.from}, ${window.to}, ${window.coversFrom},
      ${window.coversTo}, ${window.to}, 'days', ${window.to}::date - ${window.from}::date + 1)
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx);
  const id = added.rows[0]?.id;
  if (id !== undefined) {
    await planDays(tx, id);
    return { id, created: true };
  }
  const open = await tx
    .selectFrom('sync_runs')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('kind', '=', 'backfill')
    .where('status', 'in', ['queued', 'running'])
    .where('window_from', '=', window.from)
    .where('window_to', '=', window.to)
    .executeTakeFirst();
  // It ended in the meantime: a new one is wanted, which the next attempt creates.
  if (open === undefined) throw new ConcurrentChangeError('The open backfill of this window has just ended');
  return { id: open.id, created: false };
}
