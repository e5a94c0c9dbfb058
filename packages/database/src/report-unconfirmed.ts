import { sql } from 'kysely';
import { toPublicId } from '@trackly-tune/domain';
import type { Transaction } from './connection.js';
import { logIntegration } from './log-integration.js';

/**
 * Looks once at each postback whose time to be confirmed is over, and writes one log line per integration for those
 * that no pulled row has claimed: the pull may not see them, or the network may have taken them back. Returns how many
 * it looked at. Any number of copies may do it at once.
 */
export async function reportUnconfirmed(tx: Transaction, postbacksMax: number): Promise<number> {
  const { rows } = await sql<{ looked_at: number; integration_id: bigint | null; count: number; ids: bigint[] | null }>`
    WITH due AS (
      SELECT id FROM conversions WHERE confirm_by <= clock_timestamp()
      ORDER BY confirm_by LIMIT ${postbacksMax} FOR NO KEY UPDATE SKIP LOCKED
    ), looked_at AS (
      UPDATE conversions c SET confirm_by = NULL FROM due WHERE c.id = due.id RETURNING c.id, c.integration_id
    ), open AS (
      SELECT l.integration_id, count(*)::int AS count, (array_agg(l.id ORDER BY l.id))[1:20] AS ids
      FROM looked_at l JOIN attributions a ON a.conversion_id = l.id
      WHERE a.counting IN ('approved', 'pending', 'ambiguous', 'amount_missing')
      GROUP BY l.integration_id
    )
    SELECT n.looked_at, o.integration_id, coalesce(o.count, 0) AS count, o.ids
    FROM (SELECT count(*)::int AS looked_at FROM looked_at) n LEFT JOIN open o ON true
    ORDER BY o.integration_id`.execute(tx);
  const lines = rows.flatMap(({ integration_id: integrationId, count, ids }) =>
    integrationId === null
      ? []
      : [
          {
            integrationId,
            level: 'warn' as const,
            code: 'postback_unconfirmed',
            message: `${count} ${count === 1 ? 'postback was' : 'postbacks were'} not confirmed by a pull in time`,
            context: { count, conversion_ids: (ids ?? []).map((id) => toPublicId('conversion', id)) },
          },
        ],
  );
  await logIntegration(tx, ...lines);
  return rows[0]?.looked_at ?? 0;
}
