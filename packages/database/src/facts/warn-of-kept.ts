import { sql } from 'kysely';
import { toPublicId, type UnreadableReason } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { logIntegration } from '../integrations/log-integration.js';

const NAMED_MAX = 20;

/**
 * Warns of conversions in the books whose row came back unreadable: nobody knows what they are worth now, so what stood
 * before stays, and a person has to look.
 */
export async function warnOfKept(
  tx: Tx,
  page: {
    readonly integrationId: bigint;
    readonly runId: bigint;
    readonly unreadable: readonly { readonly tuneEventId: string | null; readonly reason: UnreadableReason }[];
  },
): Promise<void> {
  const ids = page.unreadable.flatMap(({ tuneEventId }) => (tuneEventId === null ? [] : [tuneEventId]));
  if (ids.length === 0) return;
  const { rows } = await sql<{ id: bigint; tune_event_id: string }>`
    SELECT id, tune_event_id FROM conversions
    WHERE integration_id = ${page.integrationId} AND tune_event_id = ANY(${ids}::text[]) ORDER BY id`.execute(tx);
  if (rows.length === 0) return;
  const kept = new Set(rows.map((row) => row.tune_event_id));
  const reasons = page.unreadable.filter(({ tuneEventId }) => kept.has(tuneEventId ?? '')).map(({ reason }) => reason);
  await logIntegration(tx, {
    integrationId: page.integrationId,
    runId: page.runId,
    level: 'warn',
    code: 'conversions_kept_as_before',
    message: `${rows.length} conversions came back in a form that cannot be read; what stood before stays in the books`,
    context: {
      conversions: rows.slice(0, NAMED_MAX).map(({ id }) => toPublicId('conversion', id)),
      rows: rows.length,
      reasons: [...new Set(reasons)].sort(),
    },
  });
}
