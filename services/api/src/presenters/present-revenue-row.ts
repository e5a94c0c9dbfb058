import type { RevenueGrouping, RevenueRow } from '@trackly-tune/database';
import { formatAmountE5, toPublicId } from '@trackly-tune/domain';
import { z } from 'zod';
import { money } from '../schemas.js';

export const revenueRowAnswer = z.object({
  key: z.string().nullable(),
  external_offer_id: z.string().optional(),
  integration_id: z.string().optional(),
  currency: z.string(),
  conversions: z.number().int(),
  revenue: money,
  unconfirmed_revenue: money,
  pending_revenue: money,
});

function presentKey(groupBy: RevenueGrouping, key: string | null): string | null {
  if (key === null) return null;
  if (groupBy === 'offer' || groupBy === 'integration') return toPublicId(groupBy, BigInt(key));
  return key;
}

/** A sum of the books. Rows of offers also say by what the network knows them, and whose network it is. */
export function presentRevenueRow(groupBy: RevenueGrouping, row: RevenueRow): z.infer<typeof revenueRowAnswer> {
  return {
    key: presentKey(groupBy, row.key),
    ...(row.externalOfferId === null ? {} : { external_offer_id: row.externalOfferId }),
    ...(row.integrationId === null ? {} : { integration_id: toPublicId('integration', row.integrationId) }),
    currency: row.currency,
    conversions: Number(row.conversions),
    revenue: formatAmountE5(row.revenue),
    unconfirmed_revenue: formatAmountE5(row.unconfirmed),
    pending_revenue: formatAmountE5(row.pending),
  };
}
