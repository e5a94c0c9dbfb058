import { sql } from 'kysely';
import { toPublicId } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { logIntegration } from '../integrations/log-integration.js';
import { joinDecision } from '../transactions/current-decision.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';

const OVER = sql`c.confirm_by <= statement_timestamp() AND ${notParked('unconfirmed_postback', 'c.id')}`;

/** The postbacks that `reportUnconfirmed` would look at next. */
export async function nextUnconfirmed(db: Database, postbacksMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT c.id, i.account_id AS "accountId", c.integration_id AS "integrationId"
    FROM conversions c LEFT JOIN integrations i ON i.id = c.integration_id
    WHERE ${OVER} ORDER BY c.confirm_by LIMIT ${postbacksMax}`.execute(db);
  return rows;
}

/**
 * Looks once at each postback whose time to be confirmed is over, and writes one log line per integration for those
 * that no pulled row has claimed: the pull may not see them, or the network may have taken them back. Returns how many
 * it looked at. Any number of copies may do it at once. `only` looks at those with these ids, parked or not.
 */
export async function reportUnconfirmed(
  tx: Tx,
  postbacksMax: number,
  only: readonly bigint[] | null = null,
): Promise<number> {
  const wanted = only === null ? OVER : sql`c.confirm_by <= statement_timestamp() AND c.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<{ looked_at: number; integration_id: bigint | null; count: number; ids: bigint[] | null }>`
    WITH due AS (
      SELECT c.id FROM conversions c WHERE ${wanted}
      ORDER BY c.confirm_by LIMIT ${postbacksMax} FOR NO KEY UPDATE OF c SKIP LOCKED
    ), looked_at AS (
      UPDATE conversions c SET confirm_by = NULL FROM due WHERE c.id = due.id RETURNING c.id, c.integration_id
    ), open AS (
      SELECT l.integration_id, count(*)::int AS count, (array_agg(l.id ORDER BY l.id))[1:20] AS ids
      FROM looked_at l ${joinDecision('l.id')}
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
