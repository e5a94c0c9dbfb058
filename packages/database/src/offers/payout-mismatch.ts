import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import type { OfferRow } from './offers-read.js';

export interface PayoutMismatch {
  readonly conversions: number;
  readonly amounts: readonly { readonly payoutE5: bigint; readonly currency: string; readonly conversions: number }[];
  readonly since: Date;
}

/** Older conversions say little of what is paid now. */
const DAYS_MAX = 90;
const AMOUNTS_MAX = 10;

/**
 * Approved conversions that paid another amount than a flat offer says: a payout of the affiliate's own, a tier or
 * another currency (tune-api.md, section 4.5). Conversions of other goals than the default one have payouts of their
 * own, and one whose amount nobody has told yet pays no other. Looks at those since the payout is what it is, at most
 * 90 days. Null when all agree.
 */
export async function findPayoutMismatch(db: Database, offer: OfferRow): Promise<PayoutMismatch | null> {
  if (offer.payout_e5 === null || offer.external_id === null || offer.payout_type === 'cpa_percentage') return null;
  const { rows } = await sql<{ payout_e5: bigint; currency: string; conversions: number; since: Date }>`
    SELECT payout_e5, currency, count(*)::int AS conversions, min(converted_at) AS since
    FROM conversions
    WHERE integration_id = ${offer.integration_id} AND external_offer_id = ${offer.external_id}
      -- The index is by the day of the network, whose zone may be mistaken.
      AND day >= (greatest(${offer.payout_since}::timestamptz, now() - ${DAYS_MAX} * interval '1 day'))::date - 2
      AND converted_at >= greatest(${offer.payout_since}::timestamptz, now() - ${DAYS_MAX} * interval '1 day')
      AND status = 'approved' AND NOT is_test AND NOT is_adjustment AND coalesce(goal_id, '') IN ('', '0')
      AND payout_e5 IS NOT NULL AND (payout_e5 <> ${offer.payout_e5} OR currency <> ${offer.currency ?? ''})
    GROUP BY payout_e5, currency ORDER BY count(*) DESC, payout_e5, currency`.execute(db);
  if (rows.length === 0) return null;
  return {
    conversions: rows.reduce((sum, row) => sum + row.conversions, 0),
    amounts: rows
      .slice(0, AMOUNTS_MAX)
      .map((row) => ({ payoutE5: row.payout_e5, currency: row.currency, conversions: row.conversions })),
    since: new Date(Math.min(...rows.map((row) => row.since.getTime()))),
  };
}
