import { joinDecision } from '../transactions/current-decision.js';
import { sql, type RawBuilder } from 'kysely';
import type { Counting } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';

export const POSTBACK_STATUSES = [
  'accepted',
  'refused',
  'waiting',
  'counted',
  'claimed',
  'ambiguous',
  'amount_missing',
  'superseded',
  'rejected',
  'unconfirmed',
] as const;
export type PostbackStatusFilter = (typeof POSTBACK_STATUSES)[number];

/** A delivery of the inbound log, with what became of its record. */
export interface PostbackRow {
  readonly id: bigint;
  readonly offer_id: bigint;
  readonly received_at: Date;
  readonly refused_code: string | null;
  readonly refused_reason: string | null;
  readonly said: unknown;
  readonly currency: string;
  readonly conversion_id: bigint | null;
  readonly claimed_by_id: bigint | null;
  readonly counting: Counting | null;
  /** True when no pulled row claimed it within the integration's `postback_confirm_days`. */
  readonly unconfirmed: boolean;
}

/** The first moment at which a record that no pulled row has claimed should have been, has passed. */
const UNCONFIRMED = sql`(a.counting IN ('approved', 'pending', 'ambiguous', 'amount_missing') AND NOT c.is_adjustment
  AND c.first_seen_at < statement_timestamp() - i.postback_confirm_days * interval '24 hours')`;

const CONDITIONS: Readonly<Record<PostbackStatusFilter, RawBuilder<unknown>>> = {
  accepted: sql`p.refused_code IS NULL`,
  refused: sql`p.refused_code IS NOT NULL`,
  waiting: sql`p.refused_code IS NULL AND a.counting IS NULL`,
  counted: sql`a.counting IN ('approved', 'pending')`,
  claimed: sql`a.counting = 'claimed'`,
  ambiguous: sql`a.counting = 'ambiguous'`,
  amount_missing: sql`a.counting = 'amount_missing'`,
  superseded: sql`a.counting = 'superseded'`,
  rejected: sql`a.counting = 'rejected'`,
  unconfirmed: UNCONFIRMED,
};

/** The inbound log of an integration in the order of receipt, behind `after` (exclusive). One statement. */
export async function listPostbacks(
  db: Database,
  integrationId: bigint,
  filter: { status?: PostbackStatusFilter | undefined },
  page: { after: bigint; limit: number },
): Promise<PostbackRow[]> {
  const condition = filter.status === undefined ? sql`` : sql` AND ${CONDITIONS[filter.status]}`;
  const { rows } = await sql<PostbackRow>`
    SELECT p.id, p.offer_id, p.received_at, p.refused_code, p.refused_reason, p.said, p.currency, p.conversion_id,
      a.claimed_by_id, a.counting, coalesce(${UNCONFIRMED}, false) AS unconfirmed
    FROM postbacks p
    JOIN integrations i ON i.id = p.integration_id
    LEFT JOIN conversions c ON c.id = p.conversion_id
    ${joinDecision('p.conversion_id')}
    WHERE p.integration_id = ${integrationId} AND p.id > ${page.after}${condition}
    ORDER BY p.id LIMIT ${page.limit}`.execute(db);
  return rows;
}
