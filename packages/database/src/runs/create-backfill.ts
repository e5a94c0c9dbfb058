import { sql } from 'kysely';
import type { PullWindow } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { createOnce, type CreatedRun } from './create-once.js';
import { planDays } from './plan-days.js';

/**
 * Creates a run that fills a window day by day, newest first. One of the same window that is still open is returned
 * instead of a second one (`created` says which). Wake `pull-network` after the commit.
 */
export async function createBackfillRun(
  tx: Tx,
  run: { integrationId: bigint; window: PullWindow },
): Promise<CreatedRun> {
  const { integrationId, window } = run;
  const once = await createOnce({
    async add() {
      const { rows } = await sql<{ id: bigint }>`
        INSERT INTO sync_runs (integration_id, kind, trigger, window_from, window_to, covers_from, covers_to, plan_next,
          progress_unit, progress_total)
        VALUES (${integrationId}, 'backfill', 'manual', ${window.from}, ${window.to}, ${window.coversFrom},
          ${window.coversTo}, ${window.to}, 'days', ${window.to}::date - ${window.from}::date + 1)
        ON CONFLICT DO NOTHING RETURNING id`.execute(tx);
      return rows[0]?.id ?? null;
    },
    async find() {
      const open = await tx
        .selectFrom('sync_runs')
        .select('id')
        .where('integration_id', '=', integrationId)
        .where('kind', '=', 'backfill')
        .where('status', 'in', ['queued', 'running'])
        .where('window_from', '=', window.from)
        .where('window_to', '=', window.to)
        .executeTakeFirst();
      return open?.id ?? null;
    },
  });
  if (once.created) await planDays(tx, once.id);
  return once;
}
