import { sql } from 'kysely';
import type { PullWindow } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { createOnce, type CreatedRun } from './create-once.js';

/**
 * Creates a run that pulls the conversions of a window, as one slice. A run of the same window that still waits is
 * returned instead of a second one (`created` says which).
 */
export async function createConversionRun(
  tx: Tx,
  run: { integrationId: bigint; networkId: string; window: PullWindow; trigger: 'schedule' | 'manual' },
): Promise<CreatedRun> {
  const { integrationId, networkId, window, trigger } = run;
  const once = await createOnce({
    async add() {
      const { rows } = await sql<{ id: bigint }>`
        INSERT INTO sync_runs (integration_id, kind, trigger, window_from, window_to, covers_from, covers_to)
        VALUES (${integrationId}, 'conversions', ${trigger}, ${window.from}, ${window.to}, ${window.coversFrom},
          ${window.coversTo})
        ON CONFLICT (integration_id, kind, window_from, window_to) WHERE status = 'queued' AND kind <> 'offer_import'
        DO NOTHING
        RETURNING id`.execute(tx);
      return rows[0]?.id ?? null;
    },
    async find() {
      const waiting = await tx
        .selectFrom('sync_runs')
        .select('id')
        .where('integration_id', '=', integrationId)
        .where('kind', '=', 'conversions')
        .where('status', '=', 'queued')
        .where('window_from', '=', window.from)
        .where('window_to', '=', window.to)
        .executeTakeFirst();
      return waiting?.id ?? null;
    },
  });
  if (once.created) {
    await sql`
      INSERT INTO sync_slices (run_id, integration_id, lease_key, window_from, window_to)
      VALUES (${once.id}, ${integrationId}, ${`conversions:${networkId}`}, ${`${window.from} 00:00:00`},
        ${`${window.to} 23:59:59`})`.execute(tx);
  }
  return once;
}
